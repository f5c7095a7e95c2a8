"""Filters as the arguments of a statement: each a text[] in text form, or None."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from codebase_core_hookspecs import glob_expression

from .encoding import array_text

if TYPE_CHECKING:
    from codebase_core_hookspecs import Filters


def arguments(filters: Filters) -> tuple[str | None, str | None, str | None, str | None, str | None]:
    """Return repositories, languages, path expressions, unwanted roles, wanted roles."""
    return (
        _listed(sorted(filters.repositories)),
        _listed(sorted(filters.languages)),
        _listed(glob_expression(glob) for glob in filters.path_globs),
        _listed(sorted(filters.without_roles)),
        _listed(sorted(filters.roles)),
    )


def _listed(values: Iterable[str]) -> str | None:
    return array_text(found) if (found := list(values)) else None
