"""Names that declarators of C and C++ wrap: through pointers, references, arrays, functions and qualifiers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_DEPTH = 40
"""Declarators nest as deep as their text is long; nobody writes more."""

_NAMES = frozenset({
    "identifier", "field_identifier", "type_identifier", "destructor_name", "operator_name", "operator_cast",
    "template_function", "template_method",
})  # fmt: skip
_MACRO = re.compile(r"[A-Z][A-Z0-9_]*")
_PAIR = 2


class Declared(NamedTuple):
    """What a declarator names; ``scope`` is dotted and empty if it is not qualified.

    ``function`` says that calling the name is what its type allows, which a pointer to a function is not taken for.
    """

    node: Node
    name: str
    scope: str
    function: bool


def declared(declarator: Node) -> Declared | None:
    """Return what a declarator names; None if it names nothing."""
    scopes: list[str] = []
    function = False
    node: Node | None = declarator
    for _ in range(_MAX_DEPTH):
        if node is None:
            return None
        if node.type in _NAMES:
            return Declared(node, _name(node), ".".join(scopes), function or node.type == "operator_cast")
        if node.type == "qualified_identifier":
            scopes += _scope(node.child_by_field_name("scope"))
            node = node.child_by_field_name("name")
            continue
        function = node.type == "function_declarator" or (function and node.type == "attributed_declarator")
        node = node.child_by_field_name("declarator") or _only(node)
    return None


def made_by_macro(definition: Node, head: Declared) -> Declared:
    """Return what the arguments of a macro name, if it stands where type and name of a function would.

    ``TEST(Suite, Case) {`` defines ``Suite.Case``, ``SYSCALL_DEFINE1(close, unsigned int, fd) {`` defines ``close``.
    """
    if definition.child_by_field_name("type") is not None or head.scope or not _MACRO.fullmatch(head.name):
        return head
    parent = head.node.parent
    parameters = parent.child_by_field_name("parameters") if parent is not None else None
    arguments = [argument for argument in parameters.named_children if argument.type != "comment"] if parameters else []
    if not arguments:
        return head
    first, *rest = arguments
    if len(arguments) == _PAIR:
        return Declared(rest[0], _text(rest[0]), _text(first), function=True)
    return Declared(first, _text(first), "", function=True)


def _only(node: Node) -> Node | None:
    """Return the declarator within one that names no field for it: parentheses and references."""
    inner = [child for child in node.named_children if child.type.endswith("declarator") or child.type in _NAMES]
    return inner[0] if inner else next((c for c in node.named_children if c.type == "qualified_identifier"), None)


def _scope(node: Node | None) -> list[str]:
    if node is None:
        return []
    if node.type == "template_type":
        node = node.child_by_field_name("name")
    return [_text(node)] if node is not None else []


def _name(node: Node) -> str:
    if node.type in ("template_function", "template_method"):
        named = node.child_by_field_name("name")
        return _text(named) if named is not None else ""
    if node.type == "operator_cast":  # operator bool() const: up to its parameters
        return _text(node).partition("(")[0].strip()
    return _text(node)


def _text(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")
