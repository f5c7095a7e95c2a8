"""What this package declares. Importing it imports nothing heavy: the command is imported when it is used."""

from __future__ import annotations

from codebase_core_hookspecs import CommandPlugin, hookimpl


@hookimpl
def codebase_core_commands() -> list[CommandPlugin]:
    """Declare one command, ``codebase-core acme``."""
    return [CommandPlugin(name="acme", summary="Print where answers are.", target="codebase_core_acme.command:command")]
