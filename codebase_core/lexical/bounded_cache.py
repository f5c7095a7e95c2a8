"""A cache for what is looked up millions of times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(dict[K, V], Generic[K, V]):
    """What a function gives for each argument, emptied when it holds ``limit``.

    A hit is a look-up in a dictionary, half the time of ``functools.lru_cache``, which keeps an order.
    """

    def __init__(self, function: Callable[[K], V], *, limit: int = 1 << 16) -> None:
        super().__init__()
        self._function = function
        self._limit = limit

    def __missing__(self, key: K) -> V:
        if len(self) >= self._limit:
            self.clear()
        value = self[key] = self._function(key)
        return value
