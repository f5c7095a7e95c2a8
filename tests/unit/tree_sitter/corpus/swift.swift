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
typealias Names = [String]
protocol Shape { associatedtype Item; var area: Double { get } }
struct Vec { static func + (a: Vec, b: Vec) -> Vec { a }; subscript(i: Int) -> Int { i }; deinit {} }
infix operator <+>: AdditionPrecedence
precedencegroup Mine { higherThan: AdditionPrecedence }
