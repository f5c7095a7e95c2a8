"""Descriptors: what a plugin declares, by a name that a user can choose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from .applications import ASGIApplication, ServiceOf
    from .chunking import Chunk, SourceFile
    from .embedding import Embedder
    from .projects import Registry, Resolver
    from .reranking import Reranker
    from .storage import Capability, Store
    from .team_service import TeamService


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A setting that a plugin reads.

    Core resolves it: a command line flag, the environment (``env``, in order), the user's settings file, then ``default``.
    The value is converted to ``type`` (str, int, float, bool or Path) and checked before a plugin sees it.
    ``secret`` values are masked wherever they are shown.
    """

    name: str
    summary: str
    type: type = str
    default: Any = None
    env: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A database server of the user's settings. The registry stores its name, never its URL.

    ``admin_url`` is used to create and drop databases when the ordinary role may not; ``pooling`` is ``transaction`` behind a
    transaction-pooling proxy.
    """

    name: str
    url: str | None = None
    admin_url: str | None = None
    pooling: Literal["session", "transaction"] = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginContext:
    """What a plugin gets when it is opened: its options, validated; the folder of all state; the known servers.

    What a plugin keeps in ``state_dir`` it keeps in a folder or file named after itself.
    ``service`` is there for commands: it returns an asynchronous context manager that yields a TeamService.
    ``server`` is the one that the settings choose for it. ``shared`` is the same object for all descriptors of a section
    while the application is open: connections may be kept there in common. If ``fetch`` is False, do not
    download anything: the caller only lists what is available.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    state_dir: Path
    servers: Mapping[str, Server] = field(default_factory=dict)
    server: str = ""
    shared: MutableMapping[str, Any] = field(default_factory=dict)
    service: Callable[[], AbstractAsyncContextManager[TeamService]] | None = None
    fetch: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """What all descriptors share.

    ``section`` is the settings table that holds the options (``[plugins.SECTION]``), by default the name; the descriptors of
    one package may share one. ``requires`` is what to ``pip install`` when the plugin's libraries are absent.
    """

    name: str
    summary: str
    section: str | None = None
    options: tuple[Option, ...] = ()
    requires: str | None = None

    @property
    def table(self) -> str:
        """The name of the settings table: ``section``, else ``name``."""
        return self.section or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePlugin(Descriptor):
    """An isolation strategy. ``supports`` declares abilities that the conformance kit then tests.

    ``servers`` says whether its places are on one of the user's servers; without, a binding's ``server`` is empty, and so is
    what ``plan``, ``check`` and ``verify`` are given.
    """

    open: Callable[[PluginContext], Awaitable[Store]]
    supports: frozenset[Capability] = frozenset({"dense", "lexical"})
    servers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryPlugin(Descriptor):
    """A place where project records live; ``servers`` says whether it is on one of the user's servers."""

    open: Callable[[PluginContext], Awaitable[Registry]]
    servers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderPlugin(Descriptor):
    """A family of embedding models; ``open`` takes the model's name, None for the default one.

    ``cache_vectors``: vectors take long to compute, so that they are kept on this machine and reused by text; without it a
    changed file is embedded anew. ``document_text``: what of a document is embedded, its ``source`` or its ``words``
    (identifiers split into words, with those of the path), and of a passage whose like is looked for. ``file_centroid``: the
    vector of a chunk is joined with the centroid of its file, which helps models that know words alone; a changed file is then
    embedded whole.
    """

    open: Callable[[PluginContext, str | None], Awaitable[Embedder]]
    cache_vectors: bool = True
    document_text: Literal["source", "words"] = "source"
    file_centroid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankerPlugin(Descriptor):
    """A family of models that reorder the first hits; ``open`` takes the model's name, None for the default one."""

    open: Callable[[PluginContext, str | None], Awaitable[Reranker]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkerPlugin(Descriptor):
    """A way to cut files of some languages (``*`` for any).

    ``chunk`` is a pure module-level function; it runs in worker processes and gets the options second. It returns None to
    decline a file: the next chunker is asked, specific ones before ``*``, third parties first, then by name. A ValueError
    gives a file up: the next one cuts it, and the reason is recorded.
    ``version`` changes whenever the same file would be cut differently. ``extensions`` names the languages of files that core
    does not know, by the end of the file's name: ``{"rpgle": "rpg"}``.
    """

    chunk: Callable[[SourceFile, Mapping[str, Any]], Sequence[Chunk] | None]
    languages: frozenset[str]
    version: str
    extensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverPlugin(Descriptor):
    """A way to find the project of a request. Tiers are asked in rising order; third parties use 300 to 799."""

    open: Callable[[PluginContext], Awaitable[Resolver]]
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandPlugin(Descriptor):
    """A click command, as ``module:attribute``, imported when it is used; it finds its PluginContext in ``Context.obj``."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPlugin(Descriptor):
    """An ASGI application that the server mounts at ``/NAME``: it gets the requests to that path and to all under it.

    The path is left as it came. Whoever lacks a token was refused before, and times and sizes are bounded. ``open`` returns an
    asynchronous context manager; what it enters is closed with the server.
    """

    open: Callable[[PluginContext, ServiceOf], AbstractAsyncContextManager[ASGIApplication]]
