"""Hook specifications. Hooks only declare: they return descriptors, do no I/O and import nothing heavy.

None takes an argument: what a plugin works with comes as a PluginContext when a descriptor's ``open`` is called. A hook may
return None. A coroutine function is refused when the plugin is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from .descriptors import (
        ApplicationPlugin,
        ChunkerPlugin,
        CommandPlugin,
        EmbedderPlugin,
        RegistryPlugin,
        RerankerPlugin,
        ResolverPlugin,
        StorePlugin,
    )

hookspec = pluggy.HookspecMarker("codebase_core")
hookimpl = pluggy.HookimplMarker("codebase_core")


@hookspec
def codebase_core_stores() -> Iterable[StorePlugin]:
    """Declare isolation strategies: ways to give a project a place of its own.

    When: once a command, when plugins are loaded; ``open`` when a project of this store is made, read or written.

    Return: the stores; an empty iterable declares none. The user chooses one by name for each new project, with ``--store`` or
    the setting ``store``, and the registry remembers it.

    Order: none, they are asked for by name. A name that is bundled cannot be taken, and using
    one that two packages declare raises AmbiguousPlugin.

    Example:
        from codebase_core_hookspecs import StorePlugin, hookimpl


        async def open_store(context):
            from acme_store.store import AcmeStore

            return AcmeStore(context.state_dir)


        @hookimpl
        def codebase_core_stores():
            return [StorePlugin(name="acme", summary="One file per project", open=open_store, servers=False)]

    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_registries() -> Iterable[RegistryPlugin]:
    """Declare places where project records live.

    When: once a command, when plugins are loaded; ``open`` when a command needs to know which projects there are.

    Return: the registries; an empty iterable declares none. The setting ``registry`` chooses one for the installation.

    Order: none, they are asked for by name. A name that is bundled cannot be taken, and using
    one that two packages declare raises AmbiguousPlugin.

    Example:
        from codebase_core_hookspecs import Option, RegistryPlugin, hookimpl

        TOKEN = Option(name="token", summary="Token of the service.", secret=True, env=("ACME_TOKEN",))


        async def open_registry(context):
            from acme_registry.client import AcmeRegistry

            return AcmeRegistry(context.options["token"])


        @hookimpl
        def codebase_core_registries():
            return [RegistryPlugin(name="acme", summary="Records at Acme", options=(TOKEN,), open=open_registry)]

    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_embedders() -> Iterable[EmbedderPlugin]:
    """Declare embedding models.

    When: once a command, when plugins are loaded; ``open`` when a text is to be embedded, or a new project's model settled.

    Return: the families of models; an empty iterable declares none. The user chooses one for new projects, as ``PLUGIN`` or
    ``PLUGIN:MODEL``; a project pins the identity of the model that it was made with.

    Order: none, they are asked for by name. A name that is bundled cannot be taken, and using
    one that two packages declare raises AmbiguousPlugin.

    Example:
        from codebase_core_hookspecs import EmbedderPlugin, hookimpl


        async def open_embedder(context, model):
            from acme_models.embedder import AcmeEmbedder

            return AcmeEmbedder(model or "small")


        @hookimpl
        def codebase_core_embedders():
            return [EmbedderPlugin(name="acme", summary="Acme's models", open=open_embedder)]

    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_rerankers() -> Iterable[RerankerPlugin]:
    """Declare models that reorder the first hits of an answer.

    When: once a command, when plugins are loaded; ``open`` at the first question in words, and ``score`` at each.

    Return: the families of models; an empty iterable declares none. The setting ``reranker`` chooses one as ``PLUGIN`` or
    ``PLUGIN:MODEL``; by default it is ``none``.

    Order: none, they are asked for by name. A name that is bundled cannot be taken, and using
    one that two packages declare raises AmbiguousPlugin.

    Example:
        from codebase_core_hookspecs import RerankerPlugin, hookimpl


        async def open_reranker(context, model):
            from acme_models.reranker import AcmeReranker

            return AcmeReranker(model or "small")


        @hookimpl
        def codebase_core_rerankers():
            return [RerankerPlugin(name="acme", summary="Acme's reranker", open=open_reranker)]

    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_chunkers() -> Iterable[ChunkerPlugin]:
    r"""Declare ways to cut source files, by language.

    When: once a command, when plugins are loaded, and once in every worker process; ``chunk`` for each file that changed.

    Return: the chunkers; an empty iterable declares none. They need no choice by the user: what is installed is used.

    Order: for a file, chunkers of its language are asked before those for ``*``, third-party ones before bundled ones, then by
    name; the first that does not decline is used. One that raises, crashes, takes longer than ``file_timeout`` or leaves a gap is
    passed over, and the reason recorded with the file.

    Example:
        from codebase_core_hookspecs import Chunk, ChunkerPlugin, Span, hookimpl


        def chunk(source, options):
            lines = source.text.count(b"\n", 0, -1) + 1
            return [Chunk(span=Span(start_line=1, end_line=lines, start_byte=0, end_byte=len(source.text)))]


        @hookimpl
        def codebase_core_chunkers():
            return [
                ChunkerPlugin(
                    name="acme",
                    summary="Whole files",
                    chunk=chunk,
                    languages=frozenset({"acme"}),
                    extensions={"acme": "acme"},
                    version="1",
                )
            ]

    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_resolvers() -> Iterable[ResolverPlugin]:
    """Declare ways to find the project of a request.

    When: once a command, when plugins are loaded; ``open`` and ``resolve`` when no tier above knows which project is meant.

    Return: the resolvers; an empty iterable declares none. They need no choice by the user: what is installed is asked.

    Order: by tier, then by name; third parties use 300 to 799, below the user's word, the repository's file and the known
    checkouts. Only absence falls through: None, or a claim without name and id. What is raised ends resolution, but for
    ResolverUnavailable: a read goes on and says so, a write stops.

    Example:
        from codebase_core_hookspecs import ResolverPlugin, hookimpl


        async def open_resolver(context):
            from acme_workspaces.resolver import Workspaces

            return Workspaces()


        @hookimpl
        def codebase_core_resolvers():
            return [ResolverPlugin(name="acme", summary="Acme's workspaces", open=open_resolver, tier=400)]

    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_commands() -> Iterable[CommandPlugin]:
    """Declare commands of the command line.

    When: once, when help is shown or a command is used that core does not have; the target is imported only when it is used.

    Return: the commands; an empty iterable declares none. The command finds its PluginContext in ``Context.obj``, and the engine
    behind ``PluginContext.service``.

    Order: by name, after core's own. A name that core or a bundled plugin has cannot be taken, and one that two packages
    declare is nobody's.

    Example:
        from codebase_core_hookspecs import CommandPlugin, hookimpl


        @hookimpl
        def codebase_core_commands():
            return [CommandPlugin(name="graph", summary="Draw the call graph.", target="acme_graph.cli:graph")]

    """
    raise AssertionError("a specification is never called")


@hookspec
def codebase_core_applications() -> Iterable[ApplicationPlugin]:
    """Declare applications for the server: what answers under a path of its own, as a protocol for agents.

    When: once, when ``codebase-core serve`` starts, which enters what ``open`` returns and mounts it at ``/NAME``.

    Return: the applications; an empty iterable declares none. One whose libraries are absent is left out with a warning.

    Order: by name. A name that is bundled cannot be taken, and one that two packages declare is nobody's.

    Example:
        from contextlib import asynccontextmanager

        from codebase_core_hookspecs import ApplicationPlugin, hookimpl


        @asynccontextmanager
        async def open_names(context, service_of):
            async def answer(scope, receive, send):
                names = [project.name for project in await service_of(scope).projects()]
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": ", ".join(names).encode()})

            yield answer


        @hookimpl
        def codebase_core_applications():
            return [ApplicationPlugin(name="names", summary="Names of projects", open=open_names)]

    """
    raise AssertionError("a specification is never called")
