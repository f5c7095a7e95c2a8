"""Rewrite what grammars are known to lack, byte for byte, so that the offsets of all else stay."""

# ruff: noqa: E501 - a rule is read as one line

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

_Rule = tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], bytes]]


def _blank(match: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", match[0])


def _blank_inner(match: re.Match[bytes]) -> bytes:
    """Blank group 1 alone."""
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    return match[0][:start] + b" " * (end - start) + match[0][end:]


_MARKERS = re.compile(rb"^(?:<<<<<<<|>>>>>>>|=======|\|\|\|\|\|\|\|)(?:[ \t][^\n]*)?\r?$", re.MULTILINE)
"""What a merge leaves in a file that it could not merge; both sides are read."""

_C_MACROS: Sequence[_Rule] = (
    # class GAME_API Hero final : public Base {
    (re.compile(rb"\b(?:class|struct|union|enum)[ \t]+([A-Z][A-Z0-9_]+(?:\([^()\n]*\))?)(?=[ \t]+[A-Za-z_]\w*(?:::\w+)*\s*(?:final\b\s*)?[:{;<])"), _blank_inner),
    # UCLASS(Blueprintable), GENERATED_BODY(), Q_OBJECT on lines of their own
    (re.compile(rb"^[ \t]*([A-Z][A-Z0-9_]{2,}(?:\([^;{}\n]*\))?)[ \t]*\r?$(?!\s*\{)", re.MULTILINE), _blank_inner),
    # UPROPERTY(EditAnywhere) float Speed;
    (re.compile(rb"^[ \t]*(U(?:PROPERTY|FUNCTION|CLASS|STRUCT|ENUM|INTERFACE|META)\((?:[^()\n]|\([^()\n]*\))*\))", re.MULTILINE), _blank_inner),
    # MYLIB_EXPORT int open(void);
    (re.compile(rb"^[ \t]*((?:[A-Z][A-Z0-9]*_)+(?:API|EXPORT|EXPORTS|PUBLIC|DECL|EXTERN|INLINE|NODISCARD|DEPRECATED|BEGIN|END)\b(?:\([^()\n]*\))?)", re.MULTILINE), _blank_inner),
    # int open(void) MYLIB_NOEXCEPT;
    (re.compile(rb"\)[ \t]*([A-Z][A-Z0-9_]{2,}(?:\([^()\n]*\))?)(?=\s*[;{])"), _blank_inner),
)  # fmt: skip

_KOTLIN: Sequence[_Rule] = (
    # { fun test(): Boolean } has no end of statement before the brace
    (re.compile(rb"(?<=[^\s{};,(])[ \t]([ \t]*)\}"), lambda match: b";" + match[1] + b"}"),
    (re.compile(rb"\bfun[ \t]+(?=interface\b)"), _blank),
)

_RULES: Mapping[str, Sequence[_Rule]] = {"c": _C_MACROS, "cpp": _C_MACROS, "objective-c": _C_MACROS, "kotlin": _KOTLIN}


def repaired(text: bytes, language: str) -> bytes:
    """Return the text with its known obstacles rewritten; as long as it was, with the same lines."""
    if b"<<<<<<<" in text:
        text = _MARKERS.sub(_blank, text)
    for pattern, replace in _RULES.get(language, ()):
        text = pattern.sub(replace, text)
    return text
