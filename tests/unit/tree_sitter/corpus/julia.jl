module Shapes
struct Point{T} <: Shape
  x::Int
end
abstract type Shape end
function area(x::Int)::Int
  1
end
function Base.show(io, p) end
half(x) = x / 2
macro twice(x) end
const K = 1
end
