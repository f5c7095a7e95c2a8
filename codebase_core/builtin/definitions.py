"""Find definitions by keyword where no syntax tree is at hand: weak, but worth having (docs/ranking.md)."""

from __future__ import annotations

import re

from codebase_core_hookspecs import Symbol

MAX_NAME = 200
"""Longer names are data; characters."""

_KINDS = {
    "class": "type", "struct": "type", "enum": "type", "trait": "type", "interface": "type", "type": "type", "union": "type",
    "protocol": "type", "record": "type", "object": "type", "newtype": "type", "data": "type", "typedef": "type",
    "def": "function", "fn": "function", "func": "function", "fun": "function", "function": "function", "sub": "function",
    "defp": "function", "defmacro": "function", "defmacrop": "function", "defn": "function", "macro_rules!": "function",
    "module": "namespace", "defmodule": "namespace", "namespace": "namespace", "package": "namespace", "mod": "namespace",
    "extension": "impl", "impl": "impl", "defimpl": "impl", "defprotocol": "type", "#define": "const", "const": "const",
}  # fmt: skip

_MODIFIERS = (
    r"(?:(?:export|default|declare|pub(?:\([\w: ]+\))?|public|private|protected|internal|static|abstract|final|sealed|open|async|"
    r"unsafe|inline|extern|override|partial|data|case|local|virtual|readonly|companion|suspend|implicit|lazy|comptime)\s+)*"
)
_DEFINITION = re.compile(
    rf"^[ \t]*{_MODIFIERS}(?P<keyword>{'|'.join(map(re.escape, _KINDS))})\s+"
    r"(?:enum\s+|class\s+|struct\s+|(?:\([^()\n]*\)|<[^<>\n]*>)\s*)*"
    r"(?P<name>[^\W\d]\w*(?:(?:::|\.)\w+)*[?!]?)",
    re.MULTILINE,
)
_SHELL = re.compile(r"^[ \t]*(?P<name>[A-Za-z_][\w-]*)\s*\(\)\s*\{?", re.MULTILINE)
_C_FUNCTION = re.compile(
    r"^(?!return|else|if|for|while|switch|typedef|#)[A-Za-z_][\w \t*&:<>,~]*?[\s*&](?P<name>[A-Za-z_~]\w*(?:::~?\w+)*)"
    r"\([^;{}]*\)[^;{}()]*\{",
    re.MULTILINE,
)
_BRACED_CALL_LIKE = frozenset({"c", "cpp", "java", "csharp", "objective-c", "d"})
_SEPARATORS = re.compile(r"::|\.")
_PROSE = frozenset({"markdown", "rst", "text", "html", "json", "yaml", "toml", "ini", "xml", "css", "tex"})


def definitions(text: bytes, start_line: int, language: str | None) -> tuple[Symbol, ...]:
    """Return what a piece of source seems to define, in order. Lines are 1-based; ``start_line`` is the piece's first."""
    if language in _PROSE:
        return ()
    decoded = text.decode()
    found = [(m.start("name"), m["name"], _KINDS[m["keyword"]]) for m in _DEFINITION.finditer(decoded)]
    if language == "bash":
        found += [(m.start("name"), m["name"], "function") for m in _SHELL.finditer(decoded)]
    if language in _BRACED_CALL_LIKE:
        found += [(m.start("name"), m["name"], "function") for m in _C_FUNCTION.finditer(decoded)]
    return tuple(
        Symbol(
            name=_SEPARATORS.split(name)[-1] or name,
            kind=kind,
            qualified_name=name,
            line=start_line + decoded.count("\n", 0, at),
            weak=True,
        )
        for at, name, kind in sorted(set(found))
        if len(name) <= MAX_NAME
    )
