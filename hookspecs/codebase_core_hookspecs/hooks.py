"""Hook specifications. Hooks only declare: they return descriptors, do no I/O and import nothing heavy.

Every hook is called once, when the plugin manager loads. A coroutine function is refused at registration.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from .descriptors import ChunkerPlugin, CommandPlugin, EmbedderPlugin, RegistryPlugin, ResolverPlugin, StorePlugin

hookspec = pluggy.HookspecMarker("codebase_core")
hookimpl = pluggy.HookimplMarker("codebase_core")


@hookspec
def codebase_core_stores() -> Iterable[StorePlugin]:
    """Declare isolation strategies: ways to give a project a place of its own.

    Return an empty iterable to declare none. The user chooses one by name for each new project.

        @hookimpl
        def codebase_core_stores():
            return [StorePlugin(name="sqlite", summary="One file per project", open=open_store)]
    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_registries() -> Iterable[RegistryPlugin]:
    """Declare places where project records live.

    Return an empty iterable to declare none. The setting ``registry`` chooses one for the installation.

        @hookimpl
        def codebase_core_registries():
            return [RegistryPlugin(name="etcd", summary="Records in etcd", open=open_registry)]
    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_embedders() -> Iterable[EmbedderPlugin]:
    """Declare embedding models.

    Return an empty iterable to declare none. A project pins the one it was made with.

        @hookimpl
        def codebase_core_embedders():
            return [EmbedderPlugin(name="acme", summary="Acme's models", open=open_embedder)]
    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_chunkers() -> Iterable[ChunkerPlugin]:
    """Declare ways to cut source files, by language.

    Return an empty iterable to declare none. For a file, chunkers of its language are asked before those for ``*``,
    third-party ones before bundled ones, then by name; the first that does not decline is used.

        @hookimpl
        def codebase_core_chunkers():
            return [ChunkerPlugin(name="cobol", summary="COBOL divisions", chunk=chunk,
                                  languages=frozenset({"cobol"}), version="1")]
    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_resolvers() -> Iterable[ResolverPlugin]:
    """Declare ways to find the project of a request.

    Return an empty iterable to declare none. Resolvers are asked in the order of their tier, then by name.

        @hookimpl
        def codebase_core_resolvers():
            return [ResolverPlugin(name="jj", summary="Jujutsu workspaces", open=open_resolver, tier=400)]
    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_commands() -> Iterable[CommandPlugin]:
    """Declare commands of the command line.

    Return an empty iterable to declare none. The target is imported only when the command is used; a name that core
    or another bundled plugin has cannot be taken.

        @hookimpl
        def codebase_core_commands():
            return [CommandPlugin(name="graph", summary="Draw the call graph", target="acme_graph.cli:graph")]
    """
    raise AssertionError("a specification is never called")
