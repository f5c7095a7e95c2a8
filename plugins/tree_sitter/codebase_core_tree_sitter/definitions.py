"""Definitions in a syntax tree: names, kinds and what encloses them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import QueryCursor

from .declarators import declared, made_by_macro

if TYPE_CHECKING:
    from tree_sitter import Node, Query

MAX_NAME = 200
"""Longer names are generated; bytes."""

MATCH_LIMIT = 1 << 14

_CALLABLE = frozenset({"function", "method"})
HOLDERS = frozenset({"type", "impl", "namespace"}) | _CALLABLE
"""Kinds that enclose other definitions."""

_LISTS = frozenset({"declaration", "field_declaration"})
"""Statements that declare several names, each of which ends before the statement does: ``int head, tail;``."""

_OF_TYPES = frozenset({"type", "impl"})
_ORDER = ("type", "impl", "namespace", "method", "function", "decl", "const", "field", "reexport")
_PROMOTED = frozenset({"property_promotion_parameter", "required_parameter", "optional_parameter"})
"""Parameters of a constructor that are fields of its class."""

_FOR_THE_REST = frozenset({"file_scoped_namespace_declaration", "namespace_definition"})
_QUOTED_PART = re.compile(r"(?<![^.])([\"'`])([^\"'`]*)\1(?![^.])")
"""Of a dotted name, as in TOML's ``tool."x.y".key``, or all of it."""

_DOTTED = re.compile(r"\w+(?:(?:\.|::|\\)\w+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One definition; bytes ``start`` to ``end`` are its whole node, ``at`` is its name. Lines are 1-based."""

    name: str
    kind: str
    start: int
    end: int
    at: int
    line: int
    end_line: int
    qualified_name: str
    local: bool
    weak: bool


def definitions(root: Node, query: Query) -> Sequence[Definition]:
    """Return the definitions of a tree in order of their names.

    A query names them ``@name`` within ``@KIND``. A function directly in a type is a method; constants and fields within a
    function are local. A ``@reexport`` is a weak declaration, unless the file defines that name itself.
    """
    found: dict[int, _Match] = {}
    for _, captures in QueryCursor(query, match_limit=MATCH_LIMIT).matches(root):
        match = _match(captures)
        if match is None:
            continue
        known = found.get(match.name.start_byte)
        if known is None or _rank(match) < _rank(known):
            found[match.name.start_byte] = match
    ordered = sorted(found.values(), key=lambda each: (each.node.start_byte, -each.node.end_byte))
    placed = _placed(ordered)
    own = {each.name for each in placed if not each.weak}
    return sorted((each for each in placed if not each.weak or each.name not in own), key=lambda each: each.at)


class _Match(NamedTuple):
    """A match of the query; ``scope`` is a type that the definition itself names, as in ``void Pool::close()``."""

    kind: str
    name: Node
    text: str
    node: Node
    scope: str


def _match(captures: Mapping[str, Sequence[Node]]) -> _Match | None:
    kind = next((kind for kind in captures if kind in _ORDER), None)
    if kind is None:
        return None
    node = captures[kind][0]
    if "declarator" in captures:
        return _declared(kind, node, captures["declarator"][0])
    if "operator" in captures:  # C# names it by its sign alone; called as in C++, it does not hide among them
        operator = captures["operator"][0]
        return _Match(kind, operator, f"operator {_text(operator)}", node, "")
    if "name" not in captures:
        return None
    name = captures["name"][0]
    return _Match(kind, name, _text(name), node, _text(captures["scope"][0]) if "scope" in captures else "")


def _declared(kind: str, node: Node, declarator: Node) -> _Match | None:
    """Return what a declarator of C or C++ names; a declared function is a ``decl``, one in a class a method."""
    head = declared(declarator)
    if head is None:
        return None
    if kind == "function":
        head = made_by_macro(node, head)
        kind = "method" if head.scope else kind
    elif kind == "type" and not _is_anonymous(node):
        node = head.node  # what a named type holds is not the alias's
    elif kind in ("const", "field") and head.function:
        kind = "decl"
    return _Match(kind, head.node, head.name, node, head.scope)


def _is_anonymous(definition: Node) -> bool:
    """Tell whether a ``typedef`` gives the only name that its structure has."""
    defined = definition.child_by_field_name("type")
    return (
        defined is not None
        and defined.child_by_field_name("body") is not None
        and defined.child_by_field_name("name") is None
    )


def _rank(match: _Match) -> tuple[int, bool]:
    return _ORDER.index(match.kind), not match.scope


def _text(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")


def _bare(text: str) -> str:
    """Return a name without the quotes, parentheses and colons that are no part of it; ``foldl'`` keeps its prime."""
    text = _QUOTED_PART.sub(r"\2", text.strip(": \t"))
    text = text.strip('"`').lstrip("'") if not text.startswith("'") else text.strip("'")
    return text[1:-1].strip() if text.startswith("(") and text.endswith(")") else text


def _end_line(node: Node) -> int:
    """Return the last line; a node that ends with a line break ends on the line before."""
    row, column = node.end_point
    return max(row + (column > 0), node.start_point[0] + 1)


def _end(node: Node) -> int:
    """Return where a definition ends; a namespace without braces holds what follows, up to the next one."""
    if node.type not in _FOR_THE_REST or node.child_by_field_name("body") is not None:
        return node.end_byte
    end, following = node.end_byte, node.next_sibling
    while following is not None and following.type != node.type:
        end, following = following.end_byte, following.next_sibling
    return end


def _placed(ordered: Sequence[_Match]) -> list[Definition]:
    """Add what encloses each definition. Of several names in one list each ends on its own line."""
    listed = Counter(each.node.id for each in ordered if each.kind == "reexport" or each.node.type in _LISTS)
    enclosing: list[Definition] = []
    placed: list[Definition] = []
    for found_kind, name, written, node, scope in ordered:
        text = written if "operator" in written else _bare(written)
        text = text.rstrip("=") if found_kind == "const" else text
        if not text or len(text) > MAX_NAME or "\n" in text:
            continue
        while enclosing and enclosing[-1].end <= node.start_byte:
            enclosing.pop()
        holders = [each for each in enclosing if each.end >= node.end_byte and not _same(each, node)]
        if node.type in _PROMOTED:
            holders = [each for each in holders if each.kind not in _CALLABLE]
        in_type = bool(holders) and holders[-1].kind in _OF_TYPES
        kind = "method" if found_kind == "function" and in_type else found_kind
        whole = text
        if kind == "namespace" and _DOTTED.fullmatch(text):  # asked for by its last name: Query, not Ecto.Query
            parts = re.split(r"\W+", text)
            text, whole = parts[-1], ".".join(parts)
        definition = Definition(
            name=text,
            kind="decl" if kind == "reexport" else kind,
            start=node.start_byte,
            end=_end(node),
            at=name.start_byte,
            line=name.start_point[0] + 1,
            end_line=name.start_point[0] + 1 if listed[node.id] > 1 else _end_line(node),
            qualified_name=".".join(filter(None, [holders[-1].qualified_name if holders else "", scope, whole])),
            local=kind in ("const", "field") and any(each.kind in _CALLABLE for each in holders),
            weak=kind == "reexport",
        )
        placed.append(definition)
        if kind in HOLDERS and not (enclosing and _same(enclosing[-1], node)):
            enclosing.append(definition)
    return placed


def _same(known: Definition, node: Node) -> bool:
    """Tell whether one statement defines both, as in ``typedef struct {} Pool, *PoolRef``: neither holds the other."""
    return (known.start, known.end) == (node.start_byte, node.end_byte)
