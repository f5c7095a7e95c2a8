"""What this package declares. Importing it imports neither sqlite3 nor numpy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Option, StorePlugin, hookimpl

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext, Store

FOLDER = Option(name="folder", summary="Where the files are; by default sqlite in the home folder.", type=Path)


async def open_store(context: PluginContext) -> Store:
    """Open the store; nothing is touched yet."""
    from .store import SqliteStore

    return SqliteStore(context.options["folder"] or context.state_dir / "sqlite")


@hookimpl
def codebase_core_stores() -> list[StorePlugin]:
    """Declare one store, ``sqlite``."""
    return [
        StorePlugin(
            name="sqlite",
            summary="A SQLite file for each project, no server",
            options=(FOLDER,),
            open=open_store,
            supports=frozenset({"dense", "lexical", "symbols", "shared", "backup"}),
            servers=False,
        )
    ]
