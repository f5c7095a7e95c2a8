module Store
  LIMIT = 10
  class Pool < Base
    def initialize(size); end
    def self.open(url) = new(1)
    def empty?; true; end
  end
end
def top_level; end
class Store::Late; end
class Base
  attr_accessor :full_name, :age
  attr_reader :token
  alias_method :old_save, :save!
  define_method(:dyn_method) { |x| x }
  alias old_name full_name
  def ==(other); end
  def self.[](key); end
  @@count = 0
end
Coord = Struct.new(:lat, :lon)
$verbose = true
