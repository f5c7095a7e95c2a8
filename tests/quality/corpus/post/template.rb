# Fills the gaps of a text: {{name}} becomes the value of name.
class Template
  GAP = /\{\{\s*(\w+)\s*\}\}/

  class MissingValue < StandardError; end

  def initialize(text)
    @text = text
  end

  def variables
    @text.scan(GAP).flatten.uniq
  end

  def render(values)
    @text.gsub(GAP) do
      values.fetch($1.to_sym) { raise MissingValue, "no value for #{$1}" }
    end
  end
end
