class Circle extends Shape {
  final int radius = 1;
  static const sides = 0;
  Circle(this.size);
  Circle.unit();
  factory Circle.of() => Circle();
  int get area => 1;
  set area(int v) {}
  Future<void> loadAll() async {}
  operator +(o) => this;
}
mixin Drawn { void draw() {} }
enum Mode { fast, slow }
extension Shout on String { void shout() {} }
typedef Callback = void Function();
abstract class Shape { void paint(); }
const top = 1;
int addUp(int a, int b) => a + b;
