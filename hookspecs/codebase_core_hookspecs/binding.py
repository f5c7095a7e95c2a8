"""Where the index of a project is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where a project's data lives. ``location`` is opaque to core, e.g. ``{"database": …, "schema": …}``."""

    store: str
    server: str
    location: Mapping[str, str]
