"""The two sides of a project's tables: what main checkouts see, and versions aside that only other checkouts see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from codebase_core_postgres.sql.loader import query

CHECKOUTS = 4
"""The format since which a project's tables know other checkouts than the main one of a repository."""


@dataclass(frozen=True, slots=True)
class Side:
    """The names of the tables of one side; their columns are the same on both."""

    files: LiteralString
    chunks: LiteralString
    embeddings: LiteralString
    terms: LiteralString
    symbols: LiteralString


MAIN = Side("code_files", "code_chunks", "chunk_embeddings", "chunk_terms", "symbols")
ASIDE = Side("aside_files", "aside_chunks", "aside_embeddings", "aside_terms", "aside_symbols")


@dataclass(frozen=True, slots=True)
class Relations:
    """What a statement reads from: relations, a condition on ``f`` among the files, and one on ``n`` among the runs.

    ``defined_in`` joins a definition ``y`` with its chunk and file.
    """

    files: LiteralString
    chunks: LiteralString
    symbols: LiteralString
    sees: LiteralString
    defined_in: LiteralString
    runs: LiteralString

    @classmethod
    def of_main(cls, schema: str, *, format_version: int) -> Relations:
        """Return what main checkouts see, in tables of a format."""
        return cls(
            query("checkouts.main_files", schema=schema),
            query("checkouts.main_chunks", schema=schema),
            query("checkouts.main_symbols", schema=schema),
            "",
            query("checkouts.main_defined_in", schema=schema),
            runs_of_main(format_version),
        )

    @classmethod
    def of_checkout(cls, schema: str, checkout: int) -> Relations:
        """Return what another checkout sees."""
        files, chunks = query("checkouts.files", schema=schema), query("checkouts.chunks", schema=schema)
        sees = query("checkouts.sees", schema=schema, checkout=checkout)
        return cls(
            files,
            chunks,
            query("checkouts.symbols", schema=schema),
            " " + sees,
            query("checkouts.defined_in", files=files, chunks=chunks, sees=sees),
            " " + query("checkouts.runs_of", checkout=checkout),
        )


def runs_of_main(format_version: int) -> LiteralString:
    """Return the condition that leaves the runs of main checkouts, in tables of a format."""
    return " " + query("checkouts.runs_of_main") if format_version >= CHECKOUTS else ""


def listed_checkouts(schema: str, *, format_version: int) -> LiteralString:
    """Return the expression for the other checkouts of a repository, in tables of a format."""
    return query("checkouts.listed", schema=schema) if format_version >= CHECKOUTS else "'[]'"
