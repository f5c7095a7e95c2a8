"""How much of each hit is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .context import expand
from .packing import fit_to_budget, named_alone, within_bounds

if TYPE_CHECKING:
    from codebase_core_hookspecs import Excerpt, Hit, ProjectStore


async def excerpted(
    hits: Sequence[Hit], query: str, *, store: ProjectStore, excerpt: Excerpt
) -> tuple[Sequence[Hit], str | None]:
    """Return the hits as wide as asked for, as many as fit, and a note of those that do not.

    Lines that nobody reads, and hits of hundreds of lines, are cut around what matches unless they are asked for in full. The
    best hit is named whatever the budget.
    """
    shown = list(hits)
    if shown and (excerpt.lines or excerpt.full):
        files = await store.files(list(dict.fromkeys((hit.repository, hit.path) for hit in shown)))
        shown = expand(shown, files, lines=excerpt.lines, full=excerpt.full)
    if not excerpt.full:
        shown = [within_bounds(hit, query) for hit in shown]
    if excerpt.max_tokens is None:
        return shown, None
    fitting = fit_to_budget(shown, query, max_tokens=excerpt.max_tokens)
    if shown and not fitting:
        fitting = [named_alone(shown[0], query, max_tokens=excerpt.max_tokens)]
    left_out = len(shown) - len(fitting)
    more = "more " if fitting else ""
    hits_are = "hit does" if left_out == 1 else "hits do"
    return fitting, f"{left_out} {more}{hits_are} not fit in {excerpt.max_tokens} tokens" if left_out else None
