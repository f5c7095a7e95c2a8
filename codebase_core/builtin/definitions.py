"""Find definitions by keyword where no syntax tree is at hand: weak, but worth having (docs/ranking.md)."""

# ruff: noqa: E501 - a rule is read as one line

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

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
_BY_LANGUAGE: Mapping[str, Sequence[tuple[str, re.Pattern[str]]]] = {
    "protobuf": (
        ("type", re.compile(r"(?:^|[{};])\s*(?:message|service|enum|extend)\s+(?P<name>[\w.]+)(?=\s*\{)")),
        ("function", re.compile(r"\brpc\s+(?P<name>\w+)(?=\s*\()")),
        ("namespace", re.compile(r"(?:^|;)\s*package\s+(?P<name>[\w.]+)\s*;", re.MULTILINE)),
        (
            "field",
            re.compile(r"(?:^|[{};])\s*(?:(?:repeated|optional|required)\s+)?[\w.<>, ]*?(?P<name>\w+)[ \t]*=[ \t]*\d+[ \t]*[;\[]",
                       re.MULTILINE),
        ),
    ),
    "thrift": (
        ("type", re.compile(r"^\s*(?:struct|service|exception|enum|union)\s+(?P<name>\w+)", re.MULTILINE)),
        ("function", re.compile(r"^\s+(?:oneway\s+)?[\w.<>, ]+[ \t](?P<name>\w+)[ \t]*\(", re.MULTILINE)),
    ),
    "erlang": (
        ("namespace", re.compile(r"^-module\(\s*(?P<name>[\w@]+)", re.MULTILINE)),
        ("type", re.compile(r"^-(?:record|type|opaque)\(?\s*(?P<name>\w+)", re.MULTILINE)),
        ("const", re.compile(r"^-define\(\s*(?P<name>\w+)", re.MULTILINE)),
        ("decl", re.compile(r"^-callback\s+(?P<name>\w+)", re.MULTILINE)),
        ("function", re.compile(r"^(?P<name>[a-z][\w@]*)\((?=[^\n]*(?:->|\bwhen\b|$))(?!.*\)\.$)", re.MULTILINE)),
    ),
    "clojure": (
        ("namespace", re.compile(r"^\s*\((?:in-)?ns\s+'?(?P<name>[^\s()\[\]{}\"]+)", re.MULTILINE)),
        ("function", re.compile(r"\((?:\w+/)?(?:defn-?|defmacro|defmulti|defmethod|deftest|defgeneric|>defn)\s+(?:\^\S+\s+)*"
                                r"(?P<name>[^\s()\[\]{}\"]+)")),
        ("type", re.compile(r"\((?:defprotocol|defrecord|deftype|definterface|defstruct)\s+(?P<name>[^\s()\[\]{}\"]+)")),
        ("const", re.compile(r"\((?:\w+/)?(?:def|defonce)\s+(?:\^\S+\s+)*(?P<name>[^\s()\[\]{}\"]+)")),
    ),
    "lisp": (
        ("function", re.compile(r"\((?:cl-)?(?:defun|defmacro|defgeneric|defmethod|defsubst|define-macro|define-syntax)\*?\s+"
                                r"(?P<name>[^\s()]+)")),
        ("function", re.compile(r"\(define\s+\((?P<name>[^\s()]+)")),
        ("type", re.compile(r"\((?:defclass|defstruct|deftype|define-record-type|struct)\s+\(?(?P<name>[^\s()]+)")),
        ("const", re.compile(r"\((?:defvar|defparameter|defconstant|defconst|defcustom|define)\s+(?P<name>[^\s()]+)")),
    ),
    "r": (
        ("function", re.compile(r"^[ \t]*`?(?P<name>[\w.%+<-]+?)`?\s*(?:<-|<<-|=)\s*(?:function\b|\\\()", re.MULTILINE)),
        ("type", re.compile(r"\b(?:setClass|setRefClass|R6Class)\(\s*[\"'](?P<name>[\w.]+)")),
        ("function", re.compile(r"\b(?:setGeneric|setMethod)\(\s*[\"'](?P<name>[\w.\[+<-]+)")),
        ("const", re.compile(r"^(?P<name>[A-Za-z.][\w.]*)\s*<-(?!\s*function)", re.MULTILINE)),
    ),
    "assembly": (("function", re.compile(r"^(?P<name>[A-Za-z_][\w$.]*):", re.MULTILINE)),),
    "fish": (("function", re.compile(r"^[ \t]*function[ \t]+(?P<name>[\w:.-]+)", re.MULTILINE)),),
    "vim": (("function", re.compile(r"^[ \t]*(?:fu|func|function|def)!?[ \t]+(?P<name>[\w:#.]+)", re.MULTILINE)),),
    "tcl": (("function", re.compile(r"^[ \t]*proc[ \t]+(?P<name>[\w:]+)", re.MULTILINE)),),
    "pascal": (
        ("function", re.compile(r"^[ \t]*(?:procedure|function|constructor|destructor)[ \t]+(?P<name>[\w.]+)", re.IGNORECASE | re.MULTILINE)),
        ("type", re.compile(r"^[ \t]*(?P<name>\w+)[ \t]*=[ \t]*(?:packed[ \t]+)?(?:class|record|interface|object)\b", re.IGNORECASE | re.MULTILINE)),
    ),
    "nim": (("function", re.compile(r"^[ \t]*(?:proc|func|method|iterator|template|macro|converter)[ \t]+`?(?P<name>[^\s`(*\[:=]+)",
                                    re.MULTILINE)),),
    "matlab": (
        ("function", re.compile(r"^[ \t]*function[ \t]+(?:[^=\n(]*=[ \t]*)?(?P<name>[\w.]+)", re.MULTILINE)),
        ("type", re.compile(r"^[ \t]*classdef[ \t]+(?:\([^)\n]*\)[ \t]*)?(?P<name>\w+)", re.MULTILINE)),
    ),
    "verilog": (("type", re.compile(r"^[ \t]*(?:module|interface|package|class|program)[ \t]+(?P<name>\w+)", re.MULTILINE)),),
    "vhdl": (("type", re.compile(r"^[ \t]*(?:entity|architecture|package|component)[ \t]+(?:body[ \t]+)?(?P<name>\w+)", re.IGNORECASE | re.MULTILINE)),),
    "ada": (("function", re.compile(r"^[ \t]*(?:procedure|function|package|task)[ \t]+(?:body[ \t]+)?(?P<name>[\w.]+)", re.IGNORECASE | re.MULTILINE)),),
}  # fmt: skip
"""Languages that the words above do not fit: their own rules alone."""

_WHOLE = frozenset({"clojure", "lisp", "r"})
"""Languages whose names hold dots."""

_SEPARATORS = re.compile(r"::|\.")
_PROSE = frozenset({"markdown", "rst", "text", "html", "json", "yaml", "toml", "ini", "xml", "css", "tex"})


def definitions(text: bytes, start_line: int, language: str | None) -> tuple[Symbol, ...]:
    """Return what a piece of source seems to define, in order. Lines are 1-based; ``start_line`` is the piece's first."""
    if language in _PROSE:
        return ()
    decoded = text.decode()
    if language is not None and language in _BY_LANGUAGE:
        found = [(m.start("name"), m["name"], kind) for kind, p in _BY_LANGUAGE[language] for m in p.finditer(decoded)]
    else:
        found = [(m.start("name"), m["name"], _KINDS[m["keyword"]]) for m in _DEFINITION.finditer(decoded)]
    if language == "bash":
        found += [(m.start("name"), m["name"], "function") for m in _SHELL.finditer(decoded)]
    if language in _BRACED_CALL_LIKE:
        found += [(m.start("name"), m["name"], "function") for m in _C_FUNCTION.finditer(decoded)]
    return tuple(
        Symbol(
            name=name if language in _WHOLE else _SEPARATORS.split(name)[-1] or name,
            kind=kind,
            qualified_name=name,
            line=start_line + decoded.count("\n", 0, at),
            weak=True,
        )
        for at, name, kind in sorted(set(found))
        if len(name) <= MAX_NAME
    )
