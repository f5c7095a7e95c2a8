const std = @import("std");
pub const limit = 10;
pub const Pool = struct {
    size: usize,
    pub fn close(self: *Pool) void {
        _ = self;
    }
};
const Level = enum { low, high };
pub fn open() Pool {
    return .{ .size = 1 };
}
test "opens" {}
const Failed = error{ Full, Closed };
