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
