#define CHECK(x) (x)
namespace store {
template <typename T>
class Pool {
 public:
  Pool();
  ~Pool() {}
  T acquire() const { return T(); }
  bool operator==(const Pool& other) const { return true; }
};
struct Node { int value; };
using Ids = int;
void Pool_free();
}
template <typename T> store::Pool<T>::Pool() {}
int Node::depth() { return 0; }
std::string& label(int id) { return cache[id]; }
Foo* Widget::clone() const { return nullptr; }
const Foo& a::Widget::ref() const { return f; }
Widget& Widget::operator=(const Widget& o) { return *this; }
Widget::operator bool() const { return true; }
template <class T> void Box<T>::put(T x) {}
class Engine {
 public:
  static Engine* instance();
  const std::string& label() const;
  bool operator==(const Engine& o) const;
 private:
  int count_ = 0;
  std::vector<int> items_;
  static int total_;
};
int Engine::total_ = 0;
template <class T> constexpr bool is_engine = false;
TEST_F(EngineTest, Starts) { }
UCLASS()
class GAME_API AHero : public ACharacter {
  GENERATED_BODY()
  UPROPERTY(EditAnywhere)
  float Speed;
};
