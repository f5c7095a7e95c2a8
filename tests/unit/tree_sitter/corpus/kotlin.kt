package store

const val LIMIT = 10

interface Closeable {
    fun close()
}

class Pool<T>(private val size: Int) : Closeable {
    override fun close() {
        val local = 1
    }

    companion object {
        fun open() = Pool<Int>(1)
    }
}

object Registry {
    val all = mutableListOf<String>()
}

fun String.shout() = uppercase()

enum class Level { LOW, HIGH }

typealias Ids = List<Int>
data class Spot(val xPos: Int, var yPos: Int = 0, plain: Int)
class Keeper { companion object Factory { fun create() = Keeper() }; constructor(a: Int) : this() {} }
val (d1, d2) = pair()
typealias Names = List<String>
enum class Level {
  LOW { override fun f() = 1 },
  HIGH { override fun f() = 3 };
  abstract fun f(): Int
}
fun interface Pred { fun test(i: Int): Boolean }
operator fun Spot.plus(o: Spot) = this
