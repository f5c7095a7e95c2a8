"""What of a tree is indexed, by the settings and the repository's config file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from codebase_core.config.settings import Settings
    from codebase_core.projects.config_file import ConfigFile
    from codebase_core.projects.repository import Repository
    from codebase_core.sources.scan import Scan


class Selection(NamedTuple):
    """Patterns as in ignore files, and the size in bytes above which a file is skipped."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    max_file_bytes: int


def selection_of(config: ConfigFile | None, settings: Settings) -> Selection:
    """Return what a config file chooses; it can only lower the user's size."""
    largest: int = settings["max_file_bytes"]
    if config is None:
        return Selection((), (), largest)
    return Selection(config.include, config.exclude, min(largest, config.max_file_bytes or largest))


def scan_of(repository: Repository, *, config: ConfigFile | None, settings: Settings) -> Scan:
    """Return what to walk for a repository or the part of it that is named."""
    from codebase_core.sources.scan import Scan  # noqa: PLC0415 - imports the rules for ignored files, which take 15 ms

    return Scan(
        root=repository.root,
        scope=(repository.scope,) if repository.scope else (),
        **selection_of(config, settings)._asdict(),
    )
