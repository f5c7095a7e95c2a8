"""The language of a file whose name leaves it open: told by what it holds."""

from __future__ import annotations

import re

_COMMENTS = re.compile(rb"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
_CPP_ONLY = re.compile(
    rb"^[ \t]*#[ \t]*if(?:def[ \t]+|[ \t]+(?:defined\b[ \t(]*)?)__cplusplus\b.*?^[ \t]*#[ \t]*(?:else|endif)\b[^\n]*",
    re.DOTALL | re.MULTILINE,
)
"""What a header of C keeps for compilers of C++, ``extern "C"`` as a rule."""

_OBJECTIVE_C = re.compile(
    rb"^[ \t]*(?:@(?:interface|implementation|protocol|class|import|property|end|autoreleasepool)\b|#[ \t]*import[ \t]+[<\"])"
    rb"|\bNS_(?:ENUM|OPTIONS|ASSUME_NONNULL_BEGIN|SWIFT_NAME)\b",
    re.MULTILINE,
)
_CPP = re.compile(
    rb"^[ \t]*(?:(?:inline[ \t]+)?namespace\b|template[ \t]*<|using[ \t]+\w|class[ \t]+\w|enum[ \t]+(?:class|struct)\b"
    rb"|(?:public|private|protected)[ \t]*:(?!\s*\d)|constexpr\b|consteval\b|friend\b|explicit\b|virtual\b|concept[ \t]+\w"
    rb"|#[ \t]*include[ \t]*<[a-z_]+>|extern[ \t]+template\b|~\w+[ \t]*\()"
    rb"|\w::~?\w|\boperator[ \t]*[-+*/=<>!\[(&|]|\bdecltype[ \t]*\(|\bnullptr\b|\bnoexcept\b"
    rb"|\)[ \t]*(?:const[ \t]*)?(?:override\b|=[ \t]*(?:default|delete)[ \t]*;)|\)[ \t]*const[ \t]*[;{]"
    rb"|\w&{1,2}[ \t]+\w+[ \t]*[,)=]|\bconst[ \t]+\w[\w<>]*[ \t]*&",
    re.MULTILINE,
)
_STRUCT_WITH_BASE = re.compile(
    rb"\bstruct[ \t]+\w+[ \t]*(?:final[ \t]*)?:[ \t]*(?:public|private|protected|virtual|[\w:<>]+[ \t]*\{)"
)
_MATLAB = re.compile(rb"^[ \t]*(?:%|function\b[^;{]*$|classdef\b)", re.MULTILINE)


def dialect(language: str | None, name: str, text: bytes) -> str | None:
    """Return the language of a file by its content where the extension is shared, else ``language``."""
    folded = name.lower()
    if folded.endswith(".h") and language == "c":
        return _of_header(text)
    if folded.endswith(".m") and language == "objective-c" and not _OBJECTIVE_C.search(text) and _MATLAB.search(text):
        return "matlab"
    return language


def _of_header(text: bytes) -> str:
    code = _COMMENTS.sub(_blank, text)
    if _OBJECTIVE_C.search(code):
        return "objective-c"
    code = _CPP_ONLY.sub(b"", code)
    return "cpp" if _CPP.search(code) or _STRUCT_WITH_BASE.search(code) else "c"


def _blank(comment: re.Match[bytes]) -> bytes:
    return b'""' if comment[0].startswith(b'"') else b" "
