"""One project's index: each question is answered in a thread, from one snapshot."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from codebase_core_hookspecs import Definition, Passage, ProjectStore, Statistics, StoredChunk, StoredFile

from . import rows
from .database import in_thread, snapshot
from .retrieval import eligible, retrieve
from .writer import writing

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from codebase_core_hookspecs import (
        ChunkId,
        DefinitionQuery,
        FileState,
        Manifest,
        RepositoryState,
        Retrieval,
        RetrievalQuery,
        Run,
        Source,
        Writer,
    )

T = TypeVar("T")

PAGE = 5_000
_LAST = "\U0010ffff"


class SqliteProjectStore(ProjectStore):
    """Read and write one project."""

    def __init__(self, file: Path, manifest: Manifest) -> None:
        self._file = file
        self._manifest = manifest

    @property
    def manifest(self) -> Manifest:
        """What the index was made with."""
        return self._manifest

    async def file_states(self, repository: str, *, under: str = "") -> AsyncIterator[Sequence[FileState]]:
        """Page through the files of a repository; text is compared byte by byte."""
        sql = (
            f"SELECT {rows.FILE} FROM files AS f JOIN repositories AS r ON r.id = f.repository WHERE r.name = ?1 AND f.path > ?2 "
            "AND (?3 = '' OR f.path = ?3 OR substr(f.path, 1, length(?3) + 1) = ?3 || '/') ORDER BY f.path LIMIT ?4"
        )
        last = ""
        while found := await self._fetched(sql, repository, last, under, PAGE):
            yield [rows.file_state(row) for row in found]
            last = found[-1]["path"]

    async def skipped_files(self) -> AsyncIterator[Sequence[tuple[str, FileState]]]:
        """Page through what is not indexed as it should be."""
        sql = (
            f"SELECT r.name, {rows.FILE} FROM files AS f JOIN repositories AS r ON r.id = f.repository "
            "WHERE (f.skipped IS NOT NULL OR f.fallback IS NOT NULL OR f.encoding IS NOT NULL) AND (r.name, f.path) > (?, ?) "
            "ORDER BY r.name, f.path LIMIT ?"
        )
        last = ("", "")
        while found := await self._fetched(sql, *last, PAGE):
            yield [(row["name"], rows.file_state(row)) for row in found]
            last = (found[-1]["name"], found[-1]["path"])

    def writing(
        self, source: Source, *, scope: Sequence[str], detail: Mapping[str, Any] = {}
    ) -> AbstractAsyncContextManager[Writer]:
        """Take the write lease and begin a run."""
        return writing(self._file, source, scope=scope, detail=detail)

    async def retrieve(self, query: RetrievalQuery) -> Retrieval:
        """Return the candidates of all arms."""
        return await self._asked(lambda c: retrieve(c, self._file, query))

    async def passages(self, ids: Sequence[ChunkId]) -> Mapping[ChunkId, Passage]:
        """Return text, definitions and file state of chunks."""
        sql = f"SELECT c.text, {rows.FILE} FROM chunks AS c JOIN files AS f ON f.id = c.file WHERE c.id = ?"

        def work(connection: sqlite3.Connection) -> dict[ChunkId, Passage]:
            defined = rows.symbols(connection, ids)
            found = ((id, connection.execute(sql, (id,)).fetchone()) for id in ids)
            return {
                id: Passage(text=row["text"], symbols=defined.get(id, ()), file=rows.file_state(row))
                for id, row in found
                if row is not None
            }

        return await self._asked(work)

    async def definitions(self, query: DefinitionQuery) -> Sequence[Definition]:
        """Look definitions up by name."""
        name = query.name.lower()
        begin = name.partition("*")[0] if query.pattern else name
        glob = "*".join(re.sub(r"([?\[])", r"[\1]", piece) for piece in name.split("*")) if query.pattern else "*"
        also = sorted({other.lower() for other in query.also})
        sql = (
            "SELECT y.*, r.name AS repository, f.path, f.roles FROM symbols AS y JOIN chunks AS c ON c.id = y.chunk "
            "JOIN files AS f ON f.id = c.file JOIN repositories AS r ON r.id = f.repository "
            "WHERE y.folded BETWEEN ? AND ? AND y.folded GLOB ? "
            f"OR y.folded IN ({', '.join('?' * len(also))}) "
            "ORDER BY y.weak, y.local, r.name, f.path, y.line, y.ordinal"
        )

        def work(connection: sqlite3.Connection) -> list[Definition]:
            allowed = eligible(connection, query.filters)
            last = begin + _LAST if query.prefix or query.pattern else begin
            found = connection.execute(sql, (begin, last, glob, *also))
            return [
                Definition(
                    symbol=rows.symbol(row),
                    repository=row["repository"],
                    path=row["path"],
                    roles=frozenset(row["roles"].split()),
                )
                for row in found
                if (allowed is None or row["chunk"] in allowed) and (not query.kinds or row["kind"] in query.kinds)
            ][: query.limit]

        return await self._asked(work)

    async def files(self, files: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], StoredFile]:
        """Return whole files."""

        def work(connection: sqlite3.Connection) -> dict[tuple[str, str], StoredFile]:
            found = ((key, _stored(connection, *key)) for key in files)
            return {key: stored for key, stored in found if stored is not None}

        return await self._asked(work)

    async def repositories(self) -> Sequence[RepositoryState]:
        """Return the repositories, by name."""
        return await self._asked(lambda c: list(rows.repositories(c, self._file).values()))

    async def statistics(self) -> Statistics:
        """Count what the index holds."""
        return await self._asked(lambda c: _counted(c, self._file))

    async def runs(self, *, limit: int) -> Sequence[Run]:
        """Return the latest runs, newest first."""
        return await self._asked(lambda c: rows.runs(c, self._file, limit=limit))

    async def _asked(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def within() -> T:
            with snapshot(self._file) as connection:
                return work(connection)

        return await in_thread(within)

    async def _fetched(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return await self._asked(lambda c: c.execute(sql, values).fetchall())


def _stored(connection: sqlite3.Connection, repository: str, path: str) -> StoredFile | None:
    row = connection.execute(
        f"SELECT f.id, f.language, f.roles, {rows.FILE} FROM files AS f JOIN repositories AS r ON r.id = f.repository "
        "WHERE r.name = ? AND f.path = ?",
        (repository, path),
    ).fetchone()
    if row is None:
        return None
    chunks = connection.execute("SELECT * FROM chunks WHERE file = ? ORDER BY ordinal", (row["id"],)).fetchall()
    defined = rows.symbols(connection, [each["id"] for each in chunks])
    return StoredFile(
        state=rows.file_state(row),
        language=row["language"],
        roles=frozenset(row["roles"].split()),
        chunks=tuple(
            StoredChunk(
                id=each["id"],
                span=rows.span(each),
                scope=each["scope"],
                symbols=defined.get(each["id"], ()),
                text=each["text"],
            )
            for each in chunks
        ),
    )


def _counted(connection: sqlite3.Connection, file: Path) -> Statistics:
    def one(sql: str) -> int:
        return int(connection.execute(sql).fetchone()[0] or 0)

    def by(sql: str) -> dict[str, int]:
        return {row[0]: row[1] for row in connection.execute(sql)}

    chunks, chunked = one("SELECT count(*) FROM chunks"), one("SELECT sum(bytes) FROM files")
    latest = connection.execute(f"{rows.RUN} WHERE n.id IN (SELECT max(id) FROM runs GROUP BY repository)").fetchall()
    return Statistics(
        files=one("SELECT count(*) FROM files WHERE skipped IS NULL"),
        chunks=chunks,
        symbols=one("SELECT count(*) FROM symbols"),
        without_vector=chunks - one("SELECT count(*) FROM vectors"),
        bytes_seen=chunked,
        bytes_chunked=chunked,
        skipped=by("SELECT skipped, count(*) FROM files WHERE skipped IS NOT NULL GROUP BY 1 ORDER BY 1"),
        languages=by(
            "SELECT coalesce(language, 'other'), count(*) FROM files WHERE skipped IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        repositories=list(rows.repositories(connection, file).values()),
        last_runs={row["name"]: rows.run(row) for row in latest},
        bytes_stored=file.stat().st_size,
    )
