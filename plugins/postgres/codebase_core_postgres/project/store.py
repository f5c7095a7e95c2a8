"""One project's index in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, Self

from codebase_core_hookspecs import GenerationChanged, NotProvisioned

from codebase_core_postgres.connection.failures import translated
from codebase_core_postgres.sql.loader import query

from . import lease
from .aside import Aside
from .batches import FORGOTTEN_AT_ONCE
from .definitions import definitions
from .file_states import file_state, is_read_otherwise, state_columns
from .manifests import manifest_of
from .passages import files as whole_files
from .passages import passages
from .pause_writers import pause_writers
from .retrieval import Retriever
from .sides import Relations
from .statistics import Reader
from .tables import vector_schema
from .writer import writing

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    import asyncpg
    from codebase_core_hookspecs import (
        CheckoutState,
        ChunkId,
        Definition,
        DefinitionQuery,
        FileState,
        Manifest,
        Passage,
        RepositoryState,
        Retrieval,
        RetrievalQuery,
        Run,
        Source,
        Statistics,
        StoredFile,
        Writer,
    )

    from codebase_core_postgres.connection.pool import Connection, ConnectionPool

    from .namespace import Namespace

PAGE = 5_000


class PostgresProjectStore:
    """Read and write one project. Everything it asks names the project's schema."""

    def __init__(
        self,
        namespace: Namespace,
        pool: ConnectionPool,
        *,
        manifest: Manifest,
        min_reader: int,
        vector: str,
        chunks: int,
    ) -> None:
        self.namespace = namespace
        self.leased = namespace
        """Where lease and runs are: for a next generation in the current one's place."""
        self.superseded = False
        self.on_activated: Callable[[], object] = lambda: None
        self.manifest = manifest
        self.format = manifest.format
        self.min_reader = min_reader
        self.vector = vector
        self._pool = pool
        self._opened = self
        self.answer_for(None, chunks=chunks)

    def answer_for(self, checkout: CheckoutState | None, *, chunks: int) -> Self:
        """Answer for a checkout from now on, None for the main ones; ``chunks`` is how many there are, about."""
        schema, manifest = self.namespace.schema, self.manifest
        self._chunks = chunks
        self._relations = (
            Relations.of_checkout(schema, checkout.id)
            if checkout is not None
            else Relations.of_main(schema, format_version=manifest.format)
        )
        self._reader = Reader(schema, format_version=manifest.format, relations=self._relations, checkout=checkout)
        self._retriever = Retriever(
            schema,
            self.vector,
            manifest.embedder.dimensions if manifest.embedder is not None else 1,
            format_version=manifest.format,
            generation=manifest.generation,
            chunks=chunks,
            checkout=checkout.id if checkout is not None else None,
        )
        self._stored = query("checkouts.files" if checkout is not None else "checkouts.aside_files", schema=schema)
        return self

    def seen_from(self, checkout: CheckoutState) -> PostgresProjectStore:
        """Return the index as another checkout of a repository sees it."""
        return copy(self).answer_for(checkout, chunks=self._chunks)

    async def known_versions(self, repository: str, states: Sequence[FileState]) -> frozenset[str]:
        """Return the paths of files whose content is stored: aside, and for another checkout the main one's as well."""
        sql = query("file_states.versions", schema=self.namespace.schema, stored=self._stored)

        async def work(connection: Connection) -> Sequence[asyncpg.Record]:
            return await connection.fetch(
                sql,
                repository,
                [state.path for state in states],
                [state.content_hash for state in states],
                [state.pipeline for state in states],
                [state.skipped for state in states],
            )

        return frozenset(row["path"] for row in await self._pool.read(self.namespace.database, work))

    async def forget(self, checkout: CheckoutState) -> None:
        """Drop a checkout in steps of some files each, under the lease."""
        async with pause_writers(self._pool, self.leased, resume=True) as fence:
            ended = False
            while not ended:
                async with self._pool.acquire(self.namespace.database) as connection, connection.transaction():
                    await lease.check(connection, self.leased, fence)
                    aside = Aside(connection, self.namespace.schema, 0)
                    ended = await aside.forget_some(checkout.id, most=FORGOTTEN_AT_ONCE)

    @classmethod
    async def open(cls, namespace: Namespace, pool: ConnectionPool) -> PostgresProjectStore:
        """Read the manifest; raise NotProvisioned if the namespace or its tables are missing."""

        async def work(connection: Connection) -> tuple[asyncpg.Record | None, str | None]:
            row = await connection.fetchrow(query("manifest.read", schema=namespace.schema))
            return row, await vector_schema(connection)

        row, vector = await pool.read(namespace.database, work)
        if row is None or vector is None:
            where = pool.address.where(namespace.database)
            raise NotProvisioned(f"{where} holds no index", hint="codebase-core projects repair")
        return cls(
            namespace,
            pool,
            manifest=manifest_of(row),
            min_reader=row["min_reader"],
            vector=vector,
            chunks=row["chunks"],
        )

    async def file_states(self, repository: str, *, under: str = "") -> AsyncIterator[Sequence[FileState]]:
        """Page through the known files of a repository by key, so that no connection is held between pages."""
        name = "file_states.page_under" if under else "file_states.page"
        sql = query(
            name,
            schema=self.namespace.schema,
            rows=PAGE,
            state=state_columns(self.format),
            files=self._relations.files,
            sees=self._relations.sees,
        )
        last = ""
        while rows := await self._fetch(sql, repository, last, *([under] if under else [])):
            yield [file_state(row) for row in rows]
            last = rows[-1]["path"]

    async def skipped_files(self) -> AsyncIterator[Sequence[tuple[str, FileState]]]:
        """Page through what is not indexed as it should be, by repository and path."""
        sql = query(
            "file_states.skipped",
            schema=self.namespace.schema,
            rows=PAGE,
            state=state_columns(self.format),
            read_otherwise=is_read_otherwise(self.format),
            files=self._relations.files,
            sees=self._relations.sees,
        )
        last = ("", "")
        while rows := await self._fetch(sql, *last):
            yield [(row["name"], file_state(row)) for row in rows]
            last = (rows[-1]["name"], rows[-1]["path"])

    async def _fetch(self, sql: str, *arguments: str) -> Sequence[asyncpg.Record]:
        async def work(connection: Connection) -> Sequence[asyncpg.Record]:
            return await connection.fetch(sql, *arguments)

        return await self._pool.read(self.namespace.database, work)

    def writing(
        self, source: Source, *, scope: Sequence[str], detail: Mapping[str, Any] = {}
    ) -> AbstractAsyncContextManager[Writer]:
        """Take the write lease and begin a run."""
        return self._writing(source, scope, detail)

    @asynccontextmanager
    async def _writing(self, source: Source, scope: Sequence[str], detail: Mapping[str, Any]) -> AsyncIterator[Writer]:
        with translated(self.namespace.server, self._pool.address.where(self.namespace.database)):
            async with (
                self._noticing(),
                writing(
                    self._pool,
                    self.leased,
                    source,
                    data=self.namespace,
                    manifest=self.manifest,
                    scope=scope,
                    detail=detail,
                    vector=self.vector,
                ) as writer,
            ):
                yield writer
            if writer.activated:
                self.on_activated()

    async def retrieve(self, query: RetrievalQuery) -> Retrieval:
        """Return the candidates of all arms: one statement."""
        async with self._noticing():
            return await self._pool.read(self.namespace.database, lambda c: self._retriever.retrieve(c, query))

    async def passages(self, ids: Sequence[ChunkId]) -> Mapping[ChunkId, Passage]:
        """Return text, symbols and file state of chunks."""
        generation = self.manifest.generation
        async with self._noticing():
            return await self._pool.read(
                self.namespace.database,
                lambda c: passages(
                    c,
                    self.namespace.schema,
                    ids,
                    format_version=self.format,
                    generation=generation,
                    relations=self._relations,
                ),
            )

    async def definitions(self, query: DefinitionQuery) -> Sequence[Definition]:
        """Look definitions up by name."""
        return await self._pool.read(
            self.namespace.database,
            lambda c: definitions(
                c, self.namespace.schema, query, format_version=self.format, relations=self._relations
            ),
        )

    async def files(self, files: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], StoredFile]:
        """Return whole files by (repository, path)."""
        return await self._pool.read(
            self.namespace.database,
            lambda c: whole_files(
                c, self.namespace.schema, files, format_version=self.format, relations=self._relations
            ),
        )

    async def repositories(self) -> Sequence[RepositoryState]:
        """Return the repositories of the project, by name."""
        return await self._pool.read(self.namespace.database, self._reader.repositories)

    async def statistics(self) -> Statistics:
        """Count what the index holds."""
        generation = self.manifest.generation
        async with self._noticing():
            return await self._pool.read(
                self.namespace.database, lambda c: self._reader.statistics(c, generation=generation)
            )

    async def runs(self, *, limit: int) -> Sequence[Run]:
        """Return the latest runs, newest first."""
        return await self._pool.read(self.namespace.database, lambda c: self._reader.runs(c, limit=limit))

    @asynccontextmanager
    async def _noticing(self) -> AsyncIterator[None]:
        """Remember that this generation is gone, so that the store opens the newer one when it is asked again."""
        try:
            yield
        except GenerationChanged:
            self._opened.superseded = True
            raise

    async def aclose(self) -> None:
        """Nothing to release: connections belong to the server."""
