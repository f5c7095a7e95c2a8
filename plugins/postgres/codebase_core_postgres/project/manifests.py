"""A manifest's row as a value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from codebase_core_hookspecs import EmbedderIdentity, GenerationChanged, Manifest

if TYPE_CHECKING:
    import asyncpg


def check_generation(rows: Sequence[asyncpg.Record], generation: int) -> None:
    """Raise GenerationChanged unless the first row says this ``generation``."""
    if not rows or rows[0]["generation"] != generation:
        raise superseded()


def superseded() -> GenerationChanged:
    """Return the error of a generation that is not there any more."""
    return GenerationChanged(
        "the index was replaced, or its next generation given up, by another process meanwhile", hint="run it again"
    )


def manifest_of(row: asyncpg.Record) -> Manifest:
    """Return what an index was made with."""
    identity = json.loads(row["embedder"]) if row["embedder"] else None
    return Manifest(
        project=row["project_id"],
        generation=row["generation"],
        format=row["format"],
        tokenizer=row["tokenizer"],
        field_lengths=json.loads(row["field_lengths"]),
        embedder=EmbedderIdentity(**identity) if identity else None,
        embedder_options=json.loads(row["embedder_options"]),
    )
