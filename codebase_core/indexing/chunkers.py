"""What the chunkers of plugins bring along: options, and the file names of languages that core does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codebase_core_hookspecs import ChunkerPlugin

    from codebase_core.config.settings import Settings


def options_of(chunkers: Iterable[ChunkerPlugin], settings: Settings) -> dict[str, dict[str, Any]]:
    """Return the options of every chunker that declares some, resolved, by its name."""
    sources = settings.sources
    return {
        c.name: {o.name: sources.resolve(o, section=c.table).value for o in c.options} for c in chunkers if c.options
    }


def extensions_of(chunkers: Iterable[ChunkerPlugin]) -> dict[str, str]:
    """Return languages by file-name extension; of two chunkers that claim one, the first that is asked wins."""
    found: dict[str, str] = {}
    for chunker in chunkers:
        for extension, language in chunker.extensions.items():
            found.setdefault(extension.lower().lstrip("."), language)
    return found


def fingerprint(chunker: ChunkerPlugin, options: Mapping[str, Any]) -> str:
    """Return what a pipeline's name says of options that are not the defaults: with others a file is cut otherwise."""
    defaults = {option.name: option.default for option in chunker.options}
    changed = sorted((name, str(value)) for name, value in options.items() if value != defaults.get(name))
    return f"+{blake2b(repr(changed).encode(), digest_size=4).hexdigest()}" if changed else ""
