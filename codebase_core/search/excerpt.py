"""How much of each hit is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .context import widened
from .packing import packed

if TYPE_CHECKING:
    from codebase_core_hookspecs import ProjectStore

    from .answer import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """``lines`` more on both sides; ``full``: no function is cut; ``max_tokens`` for all hits together, None for no limit."""

    lines: int = 0
    full: bool = False
    max_tokens: int | None = None


async def excerpted(hits: Sequence[Hit], query: str, *, store: ProjectStore, excerpt: Excerpt) -> list[Hit]:
    """Return the hits as wide as asked for, then as many as fit."""
    shown = list(hits)
    if shown and (excerpt.lines or excerpt.full):
        files = await store.files(list(dict.fromkeys((hit.repository, hit.path) for hit in shown)))
        shown = widened(shown, files, lines=excerpt.lines, full=excerpt.full)
    if excerpt.max_tokens is not None:
        shown = packed(shown, query, max_tokens=excerpt.max_tokens)
    return shown
