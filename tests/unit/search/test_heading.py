"""What is said above a hit: never nothing where a definition is known."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import Hit, Symbol


def symbol(name: str, kind: str = "function", *, local: bool = False) -> Symbol:
    return Symbol(name=name.rpartition(".")[2], kind=kind, qualified_name=name, line=1, local=local)


@pytest.mark.parametrize(
    ("scope", "symbols", "heading"),
    [
        ("Pool.acquire", (), ("Pool.acquire",)),
        ("Pool.acquire", (symbol("Pool.acquire.limit", "const", local=True),), ("Pool.acquire",)),
        ("Pool", (symbol("Pool.size", "field"), symbol("Pool.acquire")), ("Pool.acquire",)),
        ("Pool", (symbol("Pool.size", "field"),), ("Pool",)),
        ("", (symbol("size", "field"),), ("size",)),
        ("", (symbol("acquire"), symbol("release"), symbol("acquire")), ("acquire", "release")),
        ("", (), ()),
    ],
)
def test_a_passage_is_headed_by_what_begins_in_it_or_what_it_is_a_part_of(scope, symbols, heading) -> None:
    hit = Hit(
        repository="main",
        path="pool.py",
        start_line=1,
        end_line=9,
        language="python",
        symbols=symbols,
        score=1.0,
        state="current",
        text="",
        scope=scope,
    )

    assert hit.heading == heading
    assert hit.as_dict()["scope"] == scope
