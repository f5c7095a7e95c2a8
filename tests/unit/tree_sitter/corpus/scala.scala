package store
trait Closeable { def close(): Unit }
class Pool[T](size: Int) extends Closeable {
  val limit = 3
  def close(): Unit = ()
}
object Pool { def apply(): Pool[Int] = new Pool(1) }
case class Node(value: Int)
type Ids = List[Int]
