let area x = 1
let rec walk = fun x -> x
let ( +: ) a b = a
module M = struct let inner = 1 end
type shape = Circle | Square of int
type point = { x : int }
exception Closed
class counter = object method next = 1 end
module type S = sig val size : int end
external now : unit -> int = "now"
