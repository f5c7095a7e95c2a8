"""Decode what is on disk into UTF-8 that PostgreSQL and parsers accept, or say why not."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

BINARY, EMPTY = "binary", "empty"

_SNIFFED = 8_000
"""Bytes in which a NUL makes a file binary, as git has it."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

_LEAST_ASCII = 0.2
"""Spaces, line breaks and punctuation make up as much of any source; of other data read as UTF-16 next to nothing is ASCII."""

_MOST_UNREAD = 0.02

_CONTROLS = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01
"""A larger share of control characters is no text in any encoding of bytes; random bytes have 0.11."""

_DECLARED = re.compile(
    rb"(?:coding|fileencoding|charset|encoding)[ \t]*[:=][ \t]*[\"']?([A-Za-z][\w.:-]*)"
    rb"|@charset[ \t]+[\"']([\w.-]+)|\\usepackage\[(\w+)\]\{inputenc\}",
    re.IGNORECASE,
)
_DECLARING_LINES, _DECLARING_BYTES = 5, 1_000
_NO_DECLARATION = frozenset({"utf-8", "ascii", "utf-16", "utf-32", "utf-7"})
"""What the bytes show to be wrong."""

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_WESTERN = "windows-1252"
_ALONE, _MOSTLY = 2, 0.8
"""Letters of Western Europe stand alone among ASCII, as a rule."""

_SAMPLE = 16_384
"""Bytes of lines beyond ASCII that an encoding is detected by; 16 kB take 20 to 60 ms."""

REPLACED = "{} with replacements"


class Undecodable(Exception):
    """The file is not indexed; ``reason`` is recorded."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Decoded(NamedTuple):
    """UTF-8 without byte order mark and NUL, and what it was read as: None for UTF-8."""

    text: bytes
    encoding: str | None = None


def decode(data: bytes) -> Decoded:
    """Return the text of a file; raise Undecodable with the reason to skip it.

    The encoding is the one that a byte order mark or the first lines declare, else it is detected. Bytes without a meaning in it
    are replaced, so that one of them costs no more than itself.
    """
    found = _decoded(data)
    text = found.text.replace(b"\0", "�".encode()) if b"\0" in found.text else found.text
    if not text.strip():
        raise Undecodable(EMPTY)
    return found._replace(text=text)


def _decoded(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    if b"\0" in data[:_SNIFFED]:
        return _wide(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _by_bytes(data)
    return Decoded(data)


def _marked(data: bytes, encoding: str) -> Decoded:
    """Decode what a byte order mark declares; what is full of control characters only looks as if it had one."""
    text, name = _read_as(data, encoding)
    # Not the NUL of UTF-8 behind a mark, which is rare and would be binary without one.
    if _CONTROLS.search(text[:_SNIFFED]) and _share_of_controls(text) > _MOST_CONTROLS / 10:
        raise Undecodable(BINARY)
    return Decoded(text, None if name == "utf-8" else name)


def _wide(data: bytes) -> Decoded:
    """Decode UTF-16 or UTF-32 without a mark: without control characters, nearly all with a meaning, a good part of it ASCII."""
    for encoding in _WIDE:
        text, name = _read_as(data, encoding)
        sample = text.decode()[:_SNIFFED]
        plain, unread = sum(map(str.isascii, sample)), sample.count("\ufffd")
        # What is ASCII but for its NULs would be nothing but ASCII.
        least = _LEAST_ASCII if not data[:_SNIFFED].isascii() else 1 - _MOST_UNREAD
        likely = plain >= least * len(sample) and unread <= _MOST_UNREAD * len(sample)
        if likely and not _CONTROLS.search(text[:_SNIFFED]):
            return Decoded(text, name)
    raise Undecodable(BINARY)


def _by_bytes(data: bytes) -> Decoded:
    """Decode text in an encoding of bytes: the declared one, UTF-8 with a fault, or the one that is detected."""
    if _share_of_controls(data) > _MOST_CONTROLS:
        raise Undecodable(BINARY)
    declared = _declared(data)
    if declared is not None:
        return Decoded(*_read_as(data, declared))
    runs = _HIGH_RUN.findall(data)
    right = sum(len(_MULTIBYTE.findall(run)) for run in runs)
    if right and data.decode("utf-8", errors="replace").count("\ufffd") <= right:
        return Decoded(*_read_as(data, "utf-8"))
    return Decoded(*_read_as(data, _detected(data, runs)))


def _read_as(data: bytes, encoding: str) -> tuple[bytes, str]:
    try:
        return data.decode(encoding).encode(), encoding
    except UnicodeError:
        text = data.decode(encoding, errors="replace").encode("utf-8", errors="replace")
        return text, REPLACED.format(encoding)


def _share_of_controls(data: bytes) -> float:
    sample = data[:_SNIFFED]
    return len(_CONTROLS.findall(sample)) / max(1, len(sample))


def _declared(data: bytes) -> str | None:
    """Return the encoding that the first lines declare, as those of Python, Ruby, Emacs, Vim, XML, HTML, CSS and LaTeX do."""
    head = b"\n".join(data[:_DECLARING_BYTES].split(b"\n")[:_DECLARING_LINES])
    for names in _DECLARED.findall(head):
        name = next(filter(None, names)).decode("ascii").removesuffix("-unix").removesuffix("-dos")
        try:
            found = codecs.lookup(name)
            "".encode(found.name)  # some codecs are not of text
        except LookupError:
            continue
        if found.name not in _NO_DECLARATION and not found.name.startswith("utf"):
            return found.name
    return None


def _detected(data: bytes, runs: list[bytes]) -> str:
    """Guess an encoding by the lines beyond ASCII."""
    if sum(len(run) <= _ALONE for run in runs) >= len(runs) * _MOSTLY:
        return _WESTERN
    from charset_normalizer import from_bytes  # noqa: PLC0415 - seldom

    lines = (line for line in data.split(b"\n") if not line.isascii())
    sample = b""
    for line in lines:
        sample += line[:_SAMPLE] + b"\n"
        if len(sample) >= _SAMPLE:
            break
    best = from_bytes(sample, cp_exclusion=["utf_7"]).best()
    return _WESTERN if best is None else codecs.lookup(best.encoding).name
