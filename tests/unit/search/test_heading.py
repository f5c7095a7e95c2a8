"""What is said above a hit: never nothing where a definition is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from codebase_core_hookspecs import Hit, Symbol

from codebase_core.search.window import numbered_lines


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
    assert hit.as_dict()["heading"] == list(heading)
    assert hit.as_dict()["scope"] == scope


def hit(text: str, *symbols: Symbol, scope: str = "", asked: str = "", start: int = 1) -> Hit:
    return Hit(
        repository="main",
        path="pool.py",
        start_line=start,
        end_line=start + text.count("\n"),
        language="python",
        symbols=symbols,
        score=1.0,
        state="current",
        text=text,
        scope=scope,
        asked=asked,
    )


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("def acquire(self):\n    pass", "def acquire(self)"),
        (
            "def acquire(\n    self,\n    limit: int = 3,\n) -> None:\n    pass",
            "def acquire( self, limit: int = 3, ) -> None",
        ),
        ("class Pool(Base[\n  T\n]):\n    x = 1", "class Pool(Base[ T ])"),
        ("func (p *Pool) Acquire() error {\n}", "func (p *Pool) Acquire() error"),
        ("x = (" + "\n1," * 50, "x = ( 1, 1, 1, 1, 1, 1, 1,"),
        ("", None),
    ],
)
def test_the_signature_is_read_until_its_parentheses_are_closed(text, signature) -> None:
    found = hit(text, symbol("acquire"))

    assert (found.kind, found.signature) == ("function", signature)


def test_a_part_of_a_definition_has_its_name_and_neither_kind_nor_signature() -> None:
    part = hit("    return 1\n", scope="Pool.acquire", start=30)

    assert (part.heading, part.kind, part.signature, part.title) == (("Pool.acquire",), None, None, "Pool.acquire")


def test_a_part_whose_definition_is_known_shows_how_that_begins() -> None:
    known = symbol("Pool.acquire", "method")
    text = "".join(f"    step_{n}()\n" for n in range(20))
    part = replace(hit(text, scope="Pool.acquire", start=30), within=known, opening="def acquire(self)")

    assert (part.title, part.signature) == ("method Pool.acquire", "def acquire(self)")
    lines = numbered_lines(part, "step_15", 8)
    assert lines[:2] == [(1, "def acquire(self)"), None]
    assert (45, "    step_15()") in lines
    assert len(lines) == 8
    whole = numbered_lines(part, "step_15", None)
    assert len(whole) == 22


def test_the_definition_that_is_asked_for_is_named_first() -> None:
    get, put = symbol("Pool.get", "method"), Symbol(name="put", kind="method", qualified_name="Pool.put", line=2)
    found = hit("def get(): ...\ndef put(x): ...", get, put, asked="Pool.put")

    assert (found.title, found.signature) == ("method Pool.put, Pool.get", "def put(x): ...")
    assert hit(found.text, get, put).title == "method Pool.get, Pool.put"
