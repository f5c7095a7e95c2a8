namespace Data.Store {
  public class Pool<T> : IPool {
    private readonly int _size;
    public int Size { get; set; }
    public Pool(int size) { }
    public async Task<T> Acquire() { int Local() => 1; return default; }
  }
  public interface IPool { void Close(); }
  public enum Level { Low, High }
  public record Point(int X, int Y);
  public struct Pair { }
}
