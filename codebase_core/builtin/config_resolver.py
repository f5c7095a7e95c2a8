"""The tier of a repository's ``.codebase-mcp/config.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_hookspecs import Claim

from codebase_core.errors import ProjectUnresolved

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext, Request

TIER = 100


class ConfigResolver:
    """Claim what the nearest file names. Anybody may have committed it: the claim is not confirmed."""

    async def resolve(self, request: Request) -> Claim:
        """Return the claim; raise ConfigFileError for a broken file, ProjectUnresolved where a strict one names nothing."""
        from codebase_core.projects.config_file import MAX_PARENTS, find_config  # noqa: PLC0415 - not for --help

        config = find_config(request.path, root=request.root)
        if config is None:
            return Claim(evidence=f"no .codebase-mcp/config.json from {request.path} up to {MAX_PARENTS} parents")
        named = config.name is not None or config.id is not None
        if named and config.auto_switch:
            return Claim(evidence=str(config.path), name=config.name, id=config.id, root=config.folder, confirmed=False)
        reason = "has auto_switch: false" if named else "names no project"
        if config.strict_mode:
            raise ProjectUnresolved(
                f"{config.path} {reason} and is strict: no other tier may choose one", hint="name it: --project NAME"
            )
        return Claim(evidence=f"{config.path} {reason}")

    async def aclose(self) -> None:
        """Hold nothing."""


async def open_resolver(context: PluginContext) -> ConfigResolver:  # noqa: ARG001 - the contract's
    """Open the resolver; it has no options."""
    return ConfigResolver()
