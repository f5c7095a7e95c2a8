"""Applications that a server mounts: what they are, and how they get at the engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

from .search_service import SearchService

ASGIApplication: TypeAlias = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]
"""An application of ASGI 3: a coroutine function of ``scope``, ``receive`` and ``send``."""

ServiceOf: TypeAlias = Callable[[Mapping[str, Any]], SearchService]
"""Returns, for the scope of a request, the engine as whoever asks may use it.

It is served to people elsewhere: a request names a project, and a folder is nobody's.
"""
