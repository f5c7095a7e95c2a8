"""Decode what is on disk into UTF-8 that PostgreSQL and parsers accept, or say why not."""

from __future__ import annotations

import codecs

BINARY, NOT_UTF8, EMPTY = "binary", "not UTF-8", "empty"
_SNIFFED = 8_192
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Undecodable(Exception):
    """The file is not indexed; ``reason`` is recorded."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(data: bytes) -> bytes:
    """Return the text as UTF-8 without byte order mark and NUL; raise Undecodable with the reason to skip the file."""
    wide = _WIDE.get(data[:2])
    if wide and not data.startswith(codecs.BOM_UTF32_LE):
        try:
            text = data.decode(wide).encode("utf-8")
        except UnicodeError:
            raise Undecodable(NOT_UTF8) from None
    else:
        text = data.removeprefix(codecs.BOM_UTF8)
        if b"\0" in text[:_SNIFFED]:
            raise Undecodable(BINARY)
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            raise Undecodable(NOT_UTF8) from None
    if b"\0" in text:
        raise Undecodable(BINARY)
    if not text.strip():
        raise Undecodable(EMPTY)
    return text
