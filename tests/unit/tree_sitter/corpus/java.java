package a.b;
public class Pool<T> implements Closeable {
  private final int size = 1;
  public Pool(int size) {}
  public T acquire() throws Exception { return null; }
  static class Node { void link() {} }
}
interface Store { void put(String key); }
enum Level { LOW, HIGH }
record Point(int x, int y) {}
@interface Marker {}
record Range(int low, int high) { Range { check(low); } }
@interface Retry { int times() default 3; String[] names(); }
interface Limits { int MAX = 3; }
