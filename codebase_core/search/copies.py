"""One hit for files of the same bytes, instead of one for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import ChunkId, Passage, ProjectStore, Span

    from .ranking import Ranked

SPARE = 20
"""So many more candidates are ranked than are asked for, to stand in for copies."""


async def without_copies(
    ranked: Sequence[Ranked], *, store: ProjectStore, limit: int
) -> tuple[list[Ranked], Mapping[ChunkId, Passage], Mapping[ChunkId, tuple[str, ...]]]:
    """Return the best ranked that are not the same passage of an equal file, their texts, and the paths of the copies.

    Those that vanished meanwhile have no text, and are left out. A copy in another repository is named with that one's name.
    """
    kept: dict[tuple[bytes, Span, str], Ranked] = {}
    passages: dict[ChunkId, Passage] = {}
    copies: dict[ChunkId, tuple[str, ...]] = {}
    rest = list(ranked)
    while rest and len(kept) < limit:
        next_ones, rest = rest[: limit - len(kept)], rest[limit - len(kept) :]
        passages |= await store.passages([each.candidate.id for each in next_ones])
        for each in next_ones:
            candidate = each.candidate
            if (passage := passages.get(candidate.id)) is None:
                continue
            first = kept.setdefault((passage.file.content_hash, candidate.span, passage.text), each).candidate
            if first.id != candidate.id:
                elsewhere = candidate.repository != first.repository
                path = f"{candidate.repository}/{candidate.path}" if elsewhere else candidate.path
                copies[first.id] = (*copies.get(first.id, ()), path)
    return list(kept.values()), passages, copies
