class Foo {
  def barIt() {}
  static String bazIt(int a) { }
}
interface Shape { int area() }
enum Mode { FAST, SLOW }
def topFn(int x) { }
