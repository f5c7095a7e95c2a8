"""Pools."""

__all__ = ["ConnectionPool", "PoolError", "Timeout"]

TIMEOUT = 5


class ConnectionPool:
    size = 3

    def acquire(self):
        limit = 1

        def wait():
            return limit

        return wait

    @property
    async def idle(self):
        return []


@decorated
def open_pool(url: str) -> ConnectionPool:
    return ConnectionPool()
type Pair[T] = tuple[T, T]
FIRST, (SECOND) = 1, 2
if FIRST:
    CHECKED = True
try:
    import fast
except ImportError:
    fast = None
class Flags:
    low, high = 1, 2
