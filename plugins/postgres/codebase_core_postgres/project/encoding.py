"""Values in PostgreSQL's and pgvector's formats.

Vectors go through pgvector's codecs. Terms of a batch are encoded at once, in a fifth of the time that ``SparseVector`` takes for
one after the other (docs/performance.md); a test compares the bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from pgvector import HalfVector, SparseVector

if TYPE_CHECKING:
    from codebase_core_hookspecs import IndexedChunk
    from numpy import float32, int64
    from numpy.typing import NDArray

    from codebase_core_postgres.connection.pool import Connection

TERM_SPACE = 1_000_000_000
"""Terms are hashed into pgvector's largest sparse dimension; two of 100,000 share a number about five times."""

_SPARSE_HEADER = struct.Struct(">iii")


@lru_cache(maxsize=1 << 18)
def term_number(term: str) -> int:
    """Return the number of a term, 0 to 10⁹ - 1."""
    return crc32(term.encode()) % TERM_SPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTerms:
    """The terms of a batch: for each chunk its numbers in rising order and its sparse vector; counts over the batch."""

    numbers: Sequence[list[int]]
    vectors: Sequence[bytes]
    counted: NDArray[int64]
    counts: NDArray[int64]


def batch_terms(chunks: Sequence[IndexedChunk]) -> BatchTerms:
    """Encode the terms of chunks; impacts of terms that share a number are added."""
    lengths = [len(chunk.terms) for chunk in chunks]
    rows = np.repeat(np.arange(len(chunks), dtype=np.int64), lengths)
    terms = chain.from_iterable(chunk.terms for chunk in chunks)
    flat = np.fromiter(map(term_number, terms), dtype=np.int64, count=sum(lengths))
    weights = np.concatenate(
        [np.asarray(chunk.impacts, dtype=np.float32) for chunk in chunks] or [np.empty(0, np.float32)]
    )
    keys, inverse = np.unique(rows << 32 | flat, return_inverse=True)
    summed = np.zeros(len(keys), dtype=np.float32)
    np.add.at(summed, inverse, weights)
    numbers = keys & 0xFFFFFFFF
    bounds = np.searchsorted(keys >> 32, np.arange(len(chunks) + 1))
    counted, counts = np.unique(numbers, return_counts=True)
    return BatchTerms(
        numbers=[numbers[a:b].tolist() for a, b in _spans(bounds)],
        vectors=list(_sparse(numbers, summed, bounds)),
        counted=counted,
        counts=counts.astype(np.int64),
    )


def _spans(bounds: NDArray[int64]) -> Iterator[tuple[int, int]]:
    return pairwise(bounds.tolist())


def _sparse(numbers: NDArray[int64], values: NDArray[float32], bounds: NDArray[int64]) -> Iterator[bytes]:
    """Encode sparsevec: dimension, entries, 0; then the 0-based indices, then float32 values; big-endian."""
    indices = numbers.astype(">i4").tobytes()
    floats = values.astype(">f4").tobytes()
    for a, b in _spans(bounds):
        yield _SPARSE_HEADER.pack(TERM_SPACE, b - a, 0) + indices[4 * a : 4 * b] + floats[4 * a : 4 * b]


def array_text(values: Sequence[str]) -> str:
    """Return a text[] in PostgreSQL's text form."""
    return "{" + ",".join('"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"' for v in values) + "}"


async def register_codecs(connection: Connection, *, vector: str) -> None:
    """Let a connection take float vectors as halfvec, and as sparsevec the bytes of ``batch_terms``."""
    await connection.set_type_codec(
        "halfvec",
        schema=vector,
        encoder=lambda value: HalfVector(value).to_binary(),
        decoder=HalfVector.from_binary,
        format="binary",
    )
    await connection.set_type_codec(
        "sparsevec", schema=vector, encoder=bytes, decoder=SparseVector.from_binary, format="binary"
    )
