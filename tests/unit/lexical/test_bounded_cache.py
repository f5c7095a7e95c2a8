"""A cache that is emptied when it is full."""

from __future__ import annotations

from codebase_core.lexical.bounded_cache import BoundedCache


def test_each_argument_is_computed_once():
    asked: list[str] = []
    memo = BoundedCache(lambda word: asked.append(word) or word.upper())

    assert [memo[word] for word in ("a", "b", "a")] == ["A", "B", "A"]
    assert asked == ["a", "b"]


def test_it_never_holds_more_than_its_limit():
    memo = BoundedCache(str, limit=3)

    assert [memo[n] for n in range(10)] == list(map(str, range(10)))
    assert len(memo) <= 3
