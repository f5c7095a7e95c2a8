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
