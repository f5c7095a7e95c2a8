"""The batches of a repository's main checkout: old rows out, new ones in, document frequencies kept exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query

from .aside import Aside
from .rows import RowWriter
from .sides import MAIN

if TYPE_CHECKING:
    from codebase_core_hookspecs import Batch, FileState, IndexedFile, Source

    from codebase_core_postgres.connection.pool import Connection


FORGOTTEN_AT_ONCE = 500
"""Files that one step takes from a checkout which is forgotten."""


class BatchWriter:
    """Write batches of one repository; runs inside the caller's transaction, which holds the lease."""

    def __init__(self, connection: Connection, schema: str, repository: int) -> None:
        self._connection = connection
        self._schema = schema
        self._repository = repository
        self._rows = RowWriter(connection, schema, repository)
        self._aside = Aside(connection, schema, repository)

    async def apply(self, batch: Batch) -> None:
        """Make the tables as the batch says."""
        paths = [file.state.path for file in batch.replaced] + [state.path for state in batch.reused]
        removed = await self._remove([*paths, *batch.removed])
        added = await self._add(batch.replaced) + await self._bring_back(batch.reused)
        await self._touch([*batch.touched, *batch.reused])
        if added != removed:
            await self._connection.execute(
                self._query("add_to_count"),
                added - removed,
            )

    async def settle(self) -> None:
        """Move pending index entries to their place, so that searches need not read the list."""
        await self._connection.execute(self._query("clean_pending_list"), f"{quote(self._schema)}.chunk_terms_terms")

    async def forget_same_place(self, source: Source) -> None:
        """Drop what stands for the same checkout beside the main one: it has become that."""
        for row in await self._connection.fetch(
            query("checkouts.same_place", schema=self._schema), self._repository, source.machine, source.root
        ):
            while not await self._aside.forget_some(row["id"], most=FORGOTTEN_AT_ONCE):
                pass

    async def _remove(self, paths: Sequence[str]) -> int:
        """Delete files by path, but those that other checkouts see, and return how many chunks went with them."""
        if not paths:
            return 0
        files = await self._connection.fetch(
            self._query("find_files"),
            self._repository,
            paths,
        )
        if not files:
            return 0
        ids = [row["id"] for row in files]
        await self._connection.execute(
            self._query("forget_terms"),
            ids,
        )
        chunks: int = await self._connection.fetchval(
            self._query("count_chunks"),
            ids,
        )
        await self._aside.keep(ids)
        await self._connection.execute(self._query("delete_files"), ids)
        return chunks

    async def _add(self, files: Sequence[IndexedFile]) -> int:
        """Insert files and their chunks, which no other checkout sees; return how many chunks."""
        added = await self._rows.insert(files, MAIN)
        if added.terms is not None:
            await self._connection.execute(
                self._query("add_terms"),
                added.terms.counted.tolist(),
                added.terms.counts.tolist(),
            )
        if files:
            await self._aside.hide(await self._aside.others(), added.files)
        return added.chunks

    async def _bring_back(self, states: Sequence[FileState]) -> int:
        """Move versions that are aside back; return how many chunks."""
        if not states:
            return 0
        files = await self._aside.bring_back(states)
        chunks: int = await self._connection.fetchval(self._query("count_chunks"), list(files))
        return chunks

    async def _touch(self, states: Sequence[FileState]) -> None:
        if states:
            await self._connection.execute(
                self._query("touch_files"),
                self._repository,
                [state.path for state in states],
                [state.size for state in states],
                [state.mtime_ns for state in states],
                [state.inode for state in states],
                [state.ctime_ns for state in states],
            )

    def _query(self, name: str) -> str:
        return query(f"batches.{name}", schema=self._schema)
