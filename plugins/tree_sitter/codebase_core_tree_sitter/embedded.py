"""Scripts and styles within HTML and components: each block read by its own grammar, at its own place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from .definitions import Definition, definitions
from .grammars import Grammar, ParseTimeout, grammar
from .recovery import recovered

HOSTS = frozenset({"html", "vue", "svelte", "astro"})
"""Languages that hold blocks of others; their own grammar is that of HTML."""

_BLOCK = re.compile(
    rb"<(?P<tag>script|style)\b(?P<attributes>(?:[^<>\"'{}]|\"[^\"]*\"|'[^']*'|\{[^{}]*\})*)(?<!/)>(?P<body>.*?)</(?P=tag)\s*>",
    re.DOTALL | re.IGNORECASE,
)
_FRONT = re.compile(rb"\A\s*---[ \t]*\r?\n(?P<body>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_ATTRIBUTE = re.compile(rb"\b(?P<name>lang|type)\s*=\s*[\"']?(?P<value>[\w./+-]+)")
_SCRIPTS: Mapping[str, str] = {"ts": "typescript", "typescript": "typescript", "tsx": "tsx", "jsx": "javascript"}
_SCRIPT_TYPES = frozenset({"", "module", "text/javascript", "application/javascript", "text/babel", "text/ecmascript"})
_NOT_A_LINE_BREAK = re.compile(rb"[^\r\n]")


def embedded(text: bytes, language: str) -> Sequence[Definition]:
    """Return what the blocks of a file define, in order of the names. Places and lines are those of the file."""
    by_language: dict[str, list[tuple[int, int]]] = {}
    for inner, start, end in _blocks(text, language):
        by_language.setdefault(inner, []).append((start, end))
    found = [
        each
        for inner, places in by_language.items()
        if (loaded := grammar(inner)) is not None
        for each in _defined(loaded, _alone(text, places))
    ]
    return sorted(found, key=lambda each: each.at)


def _blocks(text: bytes, language: str) -> Iterator[tuple[str, int, int]]:
    front = _FRONT.match(text) if language == "astro" else None
    if front is not None:
        yield "typescript", front.start("body"), front.end("body")
    for block in _BLOCK.finditer(text, front.end() if front is not None else 0):
        said = {
            each["name"].decode(): each["value"].decode().lower() for each in _ATTRIBUTE.finditer(block["attributes"])
        }
        inner = _inner(block["tag"].lower(), said, "typescript" if language == "astro" else "javascript")
        if inner is not None:
            yield inner, block.start("body"), block.end("body")


def _inner(tag: bytes, said: Mapping[str, str], default: str) -> str | None:
    if tag == b"style":
        return "css"
    if said.get("lang") in _SCRIPTS:
        return _SCRIPTS[said["lang"]]
    kind = said.get("type", "")
    if kind in ("text/typescript", "application/typescript"):
        return "typescript"
    return default if kind in _SCRIPT_TYPES else None


def _alone(text: bytes, places: Sequence[tuple[int, int]]) -> bytes:
    """Return the text with blanks for all but the given places."""
    parts = []
    end = 0
    for start, stop in places:
        parts += [_NOT_A_LINE_BREAK.sub(b" ", text[end:start]), text[start:stop]]
        end = stop
    return b"".join([*parts, _NOT_A_LINE_BREAK.sub(b" ", text[end:])])


def _defined(loaded: Grammar, text: bytes) -> Sequence[Definition]:
    try:
        root = loaded.parse(text)
    except ParseTimeout:  # the file around it is cut by its own grammar
        return []
    found = definitions(root, loaded.definitions)
    return recovered(loaded, text, root, found) if root.has_error else found
