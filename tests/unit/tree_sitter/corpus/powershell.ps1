function Get-User { }
class Pool {
  [int]$Size
  [void] Close() { }
}
enum Mode { Fast
 Slow }
filter Select-Even { }
