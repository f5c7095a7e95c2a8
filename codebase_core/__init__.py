"""Index source code into PostgreSQL and answer questions about it.

What this package exports is its public interface in Python, with what stands in ``codebase_core.sync``; plugins build on
``codebase_core_hookspecs``. Each name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codebase_core_hookspecs import (
        Answer,
        CodebaseCoreError,
        Excerpt,
        Filters,
        Hit,
        Project,
        RelatedRequest,
        SearchRequest,
        Status,
        SymbolRequest,
    )

    from .app import App, Choices
    from .config.settings import Settings, load_settings
    from .indexing.service import IndexReport
    from .operations.federated_search import FederatedAnswer

__version__ = "0.1.0.dev0"

_HOMES = {
    "Answer": "codebase_core_hookspecs",
    "App": "codebase_core.app",
    "Choices": "codebase_core.app",
    "CodebaseCoreError": "codebase_core_hookspecs",
    "Excerpt": "codebase_core_hookspecs",
    "FederatedAnswer": "codebase_core.operations.federated_search",
    "Filters": "codebase_core_hookspecs",
    "Hit": "codebase_core_hookspecs",
    "IndexReport": "codebase_core.indexing.service",
    "Project": "codebase_core_hookspecs",
    "RelatedRequest": "codebase_core_hookspecs",
    "SearchRequest": "codebase_core_hookspecs",
    "Settings": "codebase_core.config.settings",
    "Status": "codebase_core_hookspecs",
    "SymbolRequest": "codebase_core_hookspecs",
    "load_settings": "codebase_core.config.settings",
}
"""Where each public name is imported from: ``import codebase_core`` itself takes no time."""

__all__ = [
    "Answer",
    "App",
    "Choices",
    "CodebaseCoreError",
    "Excerpt",
    "FederatedAnswer",
    "Filters",
    "Hit",
    "IndexReport",
    "Project",
    "RelatedRequest",
    "SearchRequest",
    "Settings",
    "Status",
    "SymbolRequest",
    "__version__",
    "load_settings",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
