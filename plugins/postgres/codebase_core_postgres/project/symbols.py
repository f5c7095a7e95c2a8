"""Rows of symbols as the values of the contract."""

from __future__ import annotations

import json
from typing import LiteralString

from codebase_core_hookspecs import Symbol

_END_LINES = 2
"""The format since which a project's tables say where a definition ends."""


def end_line(format_version: int) -> LiteralString:
    """Return what a statement selects from ``symbols AS y`` for the last line, in tables of this format."""
    return "y.end_line" if format_version >= _END_LINES else "NULL"


def symbols(stored: str | None) -> tuple[Symbol, ...]:
    """Read a JSON list of name, kind, qualified name, line, end line, local, weak."""
    if stored is None:  # most candidates: an empty list would be parsed 170 times a search
        return ()
    return tuple(
        Symbol(name=name, kind=kind, qualified_name=qualified, line=line, end_line=end_line, local=local, weak=weak)
        for name, kind, qualified, line, end_line, local, weak in json.loads(stored)
    )
