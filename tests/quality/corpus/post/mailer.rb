require "net/smtp"

# Sends letters one by one and remembers which bounced.
class Mailer
  attr_reader :bounced

  def initialize(host:, port: 25, sender:)
    @host, @port, @sender = host, port, sender
    @bounced = []
  end

  def deliver(letter)
    Net::SMTP.start(@host, @port) do |smtp|
      smtp.send_message(letter.to_mime, @sender, letter.recipient)
    end
  rescue Net::SMTPFatalError => error
    @bounced << [letter.recipient, error.message]
  end

  def deliver_all(letters)
    letters.each { |letter| deliver(letter) }
  end
end
