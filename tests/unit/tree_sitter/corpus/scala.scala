package store
trait Closeable { def close(): Unit }
class Pool[T](size: Int) extends Closeable {
  val limit = 3
  def close(): Unit = ()
}
object Pool { def apply(): Pool[Int] = new Pool(1) }
case class Node(value: Int)
type Ids = List[Int]
enum Color(val rgb: Int) { case Red extends Color(1); case Green, Blue }
trait Figure { val id: Int; var mut: Int = 3; def +(o: Figure): Figure }
class Base(val label: String)
val (left, right) = pair()
package object util { type Name = String }
