"""Find definitions by keyword in what no grammar could parse."""

# ruff: noqa: E501 - a rule is read as one line

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .definitions import MAX_NAME, Definition

if TYPE_CHECKING:
    from tree_sitter import Node

_START = (
    rb"(?:^|[{};(])[ \t]*(?:@\w+(?:\([^()\n]*\))?[ \t]+)*(?:(?:export|default|declare|pub(?:\([\w: ]+\))?|public|private|"
    rb"protected|internal|static|abstract|final|sealed|open|async|unsafe|inline|extern|override|partial|data|case|virtual|"
    rb"readonly|companion|suspend|implicit|lazy|value|fileprivate|mutating|infix|operator|tailrec|inner|enum|annotation|local)"
    rb"[ \t]+)*"
)
_TYPES = (
    rb"class|struct|trait|interface|protocol|record|union|object|actor|enum|mixin|contract|newtype|typealias|annotation"
)
_FUNCTIONS = rb"fn|func|fun|function|def|defp|defmacro|defmacrop|sub|macro_rules!|macro|procedure|subroutine"
_KEYWORDS = re.compile(
    _START + rb"(?:(?P<type>" + _TYPES + rb")|(?P<function>" + _FUNCTIONS + rb")|"
    rb"(?P<namespace>namespace|module|defmodule|mod))[ \t]+"
    rb"(?:(?:enum|class|struct)[ \t]+|\([^()\n]*\)[ \t]*|<[^<>\n]*>[ \t]*)*(?:[A-Z]\w*(?:<[^<>\n]*>)?\.(?=[a-z]))?"
    rb"(?P<name>[^\W\d][\w$]*(?:(?:::|\.)[\w$]+)*[?!]?)",
    re.MULTILINE,
)
_BRACED = re.compile(
    rb"(?:^|[;}])[ \t]*(?:[A-Za-z_][\w:<>,.?&*\[\] \t]{0,200}?[ \t*&>\]])?(?P<function>(?!(?:if|for|while|switch|catch|return|else|do|"
    rb"sizeof|using|lock|foreach|synchronized|new|throw|function|super|this|try|with)\b|[A-Z][A-Z0-9_]*\()~?[A-Za-z_]\w{0,199}(?:::~?\w{1,199}){0,9})[ \t]{0,9}"
    rb"\((?:[^(){};]|\([^(){};]{0,200}\)){0,400}\)[^(){};=\n]{0,200}\s{0,20}\{",
    re.MULTILINE,
)
_MACRO_HEAD = re.compile(
    rb"^(?:static[ \t]+)?[A-Z][A-Z0-9_]*\([ \t]*(?:(?P<scope>\w+)[ \t]*,[ \t]*(?P<method>\w+)[ \t]*\)|(?P<function>\w+)[ \t]*[,)])"
    rb"[^;{}]{0,300}\{",
    re.MULTILINE,
)
_SQL = re.compile(
    rb"\bCREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNIQUE|MATERIALIZED|EXTERNAL|UNLOGGED|VIRTUAL|"
    rb"DEFINER\s*=\s*\S+|EDITIONABLE|CONSTRAINT|EVENT|CLUSTERED|NONCLUSTERED)\s+)*(?:(?P<type>TABLE|VIEW|TYPE|DOMAIN)|"
    rb"(?P<function>PROCEDURE|PROC|FUNCTION|TRIGGER|AGGREGATE|EVENT|RULE|POLICY|PACKAGE\s+BODY|PACKAGE)|"
    rb"(?P<namespace>SCHEMA|DATABASE)|(?P<const>INDEX|SEQUENCE|ROLE|USER|EXTENSION|SYNONYM))\s+(?:CONCURRENTLY\s+)?"
    rb"(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>[\[\"`]?\w+[\]\"`]?(?:\.[\[\"`]?\w+[\]\"`]?)*)",
    re.IGNORECASE,
)
_HASKELL: Sequence[re.Pattern[bytes]] = (
    re.compile(rb"^(?:data|newtype|type|class)[ \t]+(?:(?:family|instance)[ \t]+)?(?:[^=\n]*=>[ \t]*)?(?P<type>[A-Z][\w']*)", re.MULTILINE),
    re.compile(rb"^(?!(?:module|import|data|newtype|type|class|instance|where|infix[lr]?|deriving|foreign|default)\b)"
               rb"(?P<function>[a-z_][\w']*)(?=[^\n=]*[=|])", re.MULTILINE),
    re.compile(rb"^(?P<decl>[a-z_][\w']*)[ \t]*::", re.MULTILINE),
    re.compile(rb"^module[ \t]+(?P<namespace>[\w.]+)", re.MULTILINE),
)  # fmt: skip
_ASSIGNED = re.compile(
    rb"(?:^|[{};])[ \t]*(?:export[ \t]+)?(?:const|let|var|val|static)[ \t]+(?:mut[ \t]+)?(?P<const>[A-Za-z_$][\w$]*)[ \t]*[:=]",
    re.MULTILINE,
)
_SHELL = re.compile(rb"^[ \t]*(?P<function>[A-Za-z_][\w:.-]*)[ \t]*\(\)[ \t]*\{?", re.MULTILINE)
_KOTLIN_ENTRY = re.compile(rb"(?:^|[{},;])[ \t]*(?P<field>[A-Z][A-Z0-9_]*)(?:\([^()\n]*\))?[ \t]*\{", re.MULTILINE)
_ERLANG = (
    re.compile(rb"^(?P<function>[a-z]\w*)\([^\n]*\)[^\n]*->", re.MULTILINE),
    re.compile(rb"^-(?:record|type|opaque)\([ \t]*(?P<type>\w+)", re.MULTILINE),
)
_RULES: Mapping[str, Sequence[re.Pattern[bytes]]] = {
    "c": (_MACRO_HEAD, _BRACED, _KEYWORDS), "cpp": (_MACRO_HEAD, _BRACED, _KEYWORDS), "objective-c": (_BRACED,),
    "java": (_BRACED, _KEYWORDS), "csharp": (_BRACED, _KEYWORDS), "dart": (_BRACED, _KEYWORDS), "groovy": (_BRACED, _KEYWORDS),
    "javascript": (_BRACED, _KEYWORDS, _ASSIGNED), "typescript": (_BRACED, _KEYWORDS, _ASSIGNED),
    "tsx": (_BRACED, _KEYWORDS, _ASSIGNED), "sql": (_SQL,), "haskell": _HASKELL, "bash": (_SHELL, _KEYWORDS),
    "kotlin": (_KEYWORDS, _ASSIGNED, _KOTLIN_ENTRY), "swift": (_KEYWORDS, _ASSIGNED), "rust": (_KEYWORDS, _ASSIGNED),
    "go": (_KEYWORDS, re.compile(rb"^type[ \t]+(?P<type>\w+)", re.MULTILINE), _ASSIGNED),
    "scala": (_KEYWORDS, _ASSIGNED), "zig": (_KEYWORDS, _ASSIGNED), "erlang": _ERLANG,
    "json": (), "yaml": (), "toml": (), "markdown": (), "html": (), "css": (), "make": (), "dockerfile": (),
}  # fmt: skip
_KINDS = ("type", "function", "method", "namespace", "const", "decl", "field")
_OPAQUE = re.compile("comment|string|heredoc|regex|char_literal")
_PARTS = re.compile(rb"::|\.")


def found_by_keyword(text: bytes, language: str, root: Node) -> Iterator[Definition]:
    """Yield what looks like a definition, by place, each marked weak and ending on its own line.

    ``root`` is the tree of the text, to tell what is a comment or a string.
    """
    at_line, line = 0, 1
    for kind, start, end in sorted(set(_matches(text, language)), key=lambda each: each[1:]):
        parts = _PARTS.split(text[start:end])
        at = end - len(parts[-1])
        *_, name = names = [part.decode(errors="replace").strip('[]"`') for part in parts]
        if not name or len(name) > MAX_NAME or _is_opaque(root, at):
            continue
        line += text.count(b"\n", at_line, at)
        at_line = at
        yield Definition(
            name=name,
            kind=kind,
            start=at,
            end=end,
            at=at,
            line=line,
            end_line=line,
            qualified_name=".".join(names),
            local=False,
            weak=True,
        )


def _matches(text: bytes, language: str) -> Iterator[tuple[str, int, int]]:
    for pattern in _RULES.get(language, (_KEYWORDS,)):
        at = 0
        while (match := pattern.search(text, at)) is not None:
            groups = match.groupdict()
            kind = next(kind for kind in _KINDS if groups.get(kind))
            group = "name" if "name" in groups else kind
            yield kind, match.start(group), match.end(group)
            at = max(match.end(group), at + 1)


def _is_opaque(root: Node, at: int) -> bool:
    node = root.descendant_for_byte_range(at, at + 1)
    return node is not None and _OPAQUE.search(node.type) is not None
