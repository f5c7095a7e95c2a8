"""Versions aside: kept, shown and dropped so that every checkout goes on seeing its own files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from codebase_core_postgres.sql.loader import query

from .sides import ASIDE, MAIN

if TYPE_CHECKING:
    from codebase_core_hookspecs import FileState

    from codebase_core_postgres.connection.pool import Connection

    from .sides import Side


class Version(NamedTuple):
    """What makes two stored files of a repository the same."""

    path: str
    content_hash: bytes
    pipeline: str
    skip_reason: str | None

    @classmethod
    def of(cls, state: FileState) -> Version:
        """Return that of a file as it is written."""
        return cls(state.path, state.content_hash, state.pipeline, state.skipped)


FileIds: TypeAlias = Sequence[int]


class Aside:
    """The lists of what other checkouts of one repository see; runs inside the writer's transactions, under its lease."""

    def __init__(self, connection: Connection, schema: str, repository: int) -> None:
        self._connection = connection
        self._schema = schema
        self._repository = repository
        self._others: list[int] | None = None

    async def others(self) -> list[int]:
        """Return the checkouts beside the main one; nobody adds any while the lease is held."""
        if self._others is None:
            rows = await self._connection.fetch(self._query("of_repository"), self._repository)
            self._others = [row["id"] for row in rows]
        return self._others

    async def keep(self, files: FileIds) -> None:
        """Copy files aside that the main checkout is about to lose and another one sees; take all out of what is hidden."""
        others = await self.others()
        if not others:
            return
        hidden, _ = await self._listing(others, files)
        seen_by = {file: tuple(each for each in others if (each, file) not in hidden) for file in files}
        kept = [file for file in files if seen_by[file]]
        await self._copy(kept, MAIN, ASIDE)
        await self.unlist(others, files)
        await self._to_each(seen_by, kept, self.show)

    async def hide(self, checkouts: Sequence[int], files: FileIds) -> None:
        """Hide files of the main checkout from others."""
        if checkouts and files:
            await self._connection.execute(
                self._query("hide"), list(checkouts), list(files), await self.chunks_of(files)
            )

    async def show(self, checkouts: Sequence[int], files: FileIds) -> None:
        """Let checkouts see files aside."""
        if checkouts and files:
            await self._connection.execute(
                self._query("show"), list(checkouts), list(files), await self.chunks_of(files)
            )

    async def unlist(self, checkouts: Sequence[int], files: FileIds) -> None:
        """Take files out of what is hidden from checkouts, and of what they see aside."""
        if checkouts and files:
            await self._connection.execute(
                self._query("unlist"), list(checkouts), list(files), await self.chunks_of(files)
            )

    async def bring_back(self, states: Sequence[FileState]) -> FileIds:
        """Move the versions of files from aside to the main checkout; return their ids. Their terms are counted."""
        found = await self.aside({Version.of(state) for state in states})
        files = list(found.values())
        if not files:
            return files
        others = await self.others()
        _, seen = await self._listing(others, files)
        await self._copy(files, ASIDE, MAIN)
        await self._connection.execute(self._query("count_aside_terms"), files)
        await self._connection.execute(self._query("drop_aside"), files)
        await self.unlist(others, files)
        unseen = {file: tuple(each for each in others if (each, file) not in seen) for file in files}
        await self._to_each(unseen, files, self.hide)
        return files

    async def in_main(self, versions: Collection[Version]) -> Mapping[Version, int]:
        """Return those of some versions that the main checkout sees."""
        return await self._versions(self._query("main_versions"), versions)

    async def aside(self, versions: Collection[Version]) -> Mapping[Version, int]:
        """Return those of some versions that are aside."""
        return await self._versions(self._query("aside_versions"), versions)

    async def visible(self, checkout: int, paths: Sequence[str]) -> tuple[FileIds, FileIds]:
        """Return the files that a checkout sees at some paths: of the main checkout's, and aside."""
        rows = await self._connection.fetch(self._query("main_versions"), self._repository, list(paths))
        main = [row["id"] for row in rows]
        hidden, _ = await self._listing([checkout], main)
        aside = await self._connection.fetch(self._query("seen_aside"), self._repository, list(paths), checkout)
        return [file for file in main if (checkout, file) not in hidden], [row["id"] for row in aside]

    async def drop_unseen(self, files: FileIds) -> None:
        """Delete those of some files aside that no checkout sees any more."""
        if files:
            await self._connection.execute(self._query("drop_unseen"), list(files))

    async def forget_some(self, checkout: int, *, most: int) -> bool:
        """Take some of the files that a checkout sees aside from it, or drop it if there is none; return whether it was."""
        files = await self._connection.fetchval(self._query("some_seen"), checkout, most) or []
        if not files:
            await self._connection.execute(self._query("drop"), checkout)
            return True
        await self.unlist([checkout], files)
        await self.drop_unseen(files)
        return False

    async def chunks_of(self, files: Iterable[int]) -> list[int]:
        """Return the chunks of files, on whichever side they are."""
        rows = await self._connection.fetch(self._query("chunks_of"), list(files))
        return list(dict.fromkeys(row["id"] for row in rows))

    async def _versions(self, sql: str, versions: Collection[Version]) -> Mapping[Version, int]:
        if not versions:
            return {}
        rows = await self._connection.fetch(sql, self._repository, [each.path for each in versions])
        found = {Version(r["path"], r["content_hash"], r["pipeline"], r["skip_reason"]): r["id"] for r in rows}
        return {each: found[each] for each in versions if each in found}

    async def _listing(
        self, checkouts: Sequence[int], files: FileIds
    ) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """Return (checkout, file) of what is hidden, and of what is seen aside."""
        rows = await self._connection.fetch(self._query("listing"), list(checkouts), list(files))
        hidden = {(row["checkout"], row["file"]) for row in rows if row["hidden"]}
        return hidden, {(row["checkout"], row["file"]) for row in rows if not row["hidden"]}

    async def _to_each(self, checkouts: Mapping[int, tuple[int, ...]], files: FileIds, work: Any) -> None:
        """List files for the checkouts of each, those of the same checkouts at once."""
        groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for file in files:
            groups[checkouts[file]].append(file)
        for of, listed in groups.items():
            await work(of, listed)

    async def _copy(self, files: FileIds, here: Side, there: Side) -> None:
        if not files:
            return
        chunks = await self.chunks_of(files)
        for name, source, target, ids in (
            ("checkouts.copy_files", here.files, there.files, files),
            ("checkouts.copy_chunks", here.chunks, there.chunks, files),
            ("checkouts.copy_parts", here.embeddings, there.embeddings, chunks),
            ("checkouts.copy_parts", here.terms, there.terms, chunks),
            ("checkouts.copy_parts", here.symbols, there.symbols, chunks),
        ):
            sql = query(name, schema=self._schema, here=source, there=target)
            await self._connection.execute(sql, list(ids))

    def _query(self, name: str) -> str:
        return query(f"checkouts.{name}", schema=self._schema)
