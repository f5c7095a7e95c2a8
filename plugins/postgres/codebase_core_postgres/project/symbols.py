"""Rows of symbols as the values of the contract."""

from __future__ import annotations

import json

from codebase_core_hookspecs import Symbol

_END_LINES = 2
"""The format since which a project's tables say where a definition ends."""


def listed(format_version: int) -> str:
    """Return what a statement aggregates from ``symbols AS y`` for ``symbols``, in tables of this format."""
    return f"json_agg({one(format_version)} ORDER BY y.ordinal)::text"


def one(format_version: int) -> str:
    """Return what a statement selects from ``symbols AS y`` for one of ``symbols``."""
    end_line = "y.end_line" if format_version >= _END_LINES else "NULL"
    return f"json_build_array(y.name, y.kind, y.qualified_name, y.line, {end_line}, y.local, y.weak)"


def symbols(stored: str | None) -> tuple[Symbol, ...]:
    """Read what ``listed`` gave as text."""
    if stored is None:  # most candidates: an empty list would be parsed 170 times a search
        return ()
    return tuple(
        Symbol(name=name, kind=kind, qualified_name=qualified, line=line, end_line=end_line, local=local, weak=weak)
        for name, kind, qualified, line, end_line, local, weak in json.loads(stored)
    )
