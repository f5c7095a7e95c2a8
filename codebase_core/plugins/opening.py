"""Open a plugin, and name it when it fails."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol, TypeVar

from codebase_core.errors import CodebaseCoreError, PluginFailed

if TYPE_CHECKING:
    from codebase_core_hookspecs import Descriptor


class Closable(Protocol):
    """What a plugin opens: a store, a registry, a resolver or an embedder."""

    async def aclose(self) -> None:
        """Release what it holds."""
        ...


C = TypeVar("C", bound=Closable)


async def open_plugin(plugin: Descriptor, opening: Awaitable[C]) -> C:
    """Await a plugin that opens; raise PluginFailed with its name if it fails for a reason of its own."""
    try:
        return await opening
    except CodebaseCoreError:
        raise
    except ImportError as exc:
        hint = f"pip install {plugin.requires!r}" if plugin.requires else f"reinstall what brings {plugin.name!r}"
        raise PluginFailed(f"plugin {plugin.name!r} lacks a library: {exc}", hint=hint) from exc
    except (Exception, SystemExit) as exc:
        raise PluginFailed(
            f"plugin {plugin.name!r} failed to open: {type(exc).__name__}: {exc}",
            hint="codebase-core plugins list names its package; codebase-core --no-plugins does without third parties",
        ) from exc
