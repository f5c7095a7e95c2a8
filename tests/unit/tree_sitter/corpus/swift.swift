protocol Closeable { func close() }
class Pool: Closeable {
    let size = 3
    init(size: Int) {}
    func close() {}
}
struct Node { var value: Int }
enum Level { case low, high }
extension Pool { func drain() {} }
func openPool() -> Pool { Pool(size: 1) }
typealias Ids = [Int]
