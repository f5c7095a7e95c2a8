"""The approximate index over vectors: when it is there, and that it finds what an exact scan finds."""

from __future__ import annotations

import sysconfig
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from codebase_core_hookspecs import (
    Batch,
    Chunk,
    FileState,
    Filters,
    IndexedChunk,
    IndexedFile,
    Manifest,
    RetrievalQuery,
    Source,
    Span,
)
from codebase_core_postgres.project import vector_index
from codebase_core_postgres.project.store import PostgresProjectStore
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App

FILES, LINES = 300, 18
QUERIES = (
    "parse a date from a string",
    "open a network socket",
    "read a csv file line by line",
    "walk a directory tree",
    "compress bytes with zlib",
    "run a subprocess and capture its output",
    "acquire a lock between threads",
    "decode json",
    "format a traceback",
    "send an email",
    "hash a password",
    "random choice from a sequence",
    "regular expression compiler",
    "http server request handler",
    "pickle an object",
    "temporary file",
    "argument parser subcommands",
    "decimal arithmetic",
    "mime type of a file",
    "tar archive",
)


@pytest.fixture
async def store(app: App) -> PostgresProjectStore:
    chosen = await app.engine.store(app.settings["store"])
    project = uuid4()
    _, embedder = await app.engine.embedder("static")
    binding = chosen.plan(project, "vectors", server=app.settings["server"])
    manifest = Manifest(project=project, tokenizer="t", field_lengths={}, embedder=embedder.identity)
    await chosen.provision(binding, manifest)
    opened = await chosen.open(binding, project=project)
    assert isinstance(opened, PostgresProjectStore)
    return opened


@cache
def sources() -> list[tuple[str, list[str]]]:
    """Path and pieces of each file."""
    root = Path(sysconfig.get_path("stdlib"))
    large = (p for p in sorted(root.rglob("*.py")) if "site-packages" not in p.parts and p.stat().st_size > 4_000)
    read = ((str(p.relative_to(root)), p.read_text(errors="replace").split("\n")) for p in islice(large, FILES))
    return [(path, ["\n".join(lines[at : at + LINES]) for at in range(0, len(lines), LINES)]) for path, lines in read]


async def real_files(app: App) -> list[IndexedFile]:
    """The standard library in pieces of 18 lines, embedded."""
    _, embedder = await app.engine.embedder("static")
    files = []
    for path, texts in sources():
        vectors = await embedder.embed_documents(texts)
        chunks = tuple(
            IndexedChunk(
                chunk=Chunk(span=Span(start_line=n + 1, end_line=n + 1, start_byte=n, end_byte=n + 1)),
                text="x",
                terms=(),
                impacts=(),
                text_hash=b"",
                vector=vector if vector.any() else None,
            )
            for n, vector in enumerate(vectors)
        )
        state = FileState(path=path, size=len(chunks), mtime_ns=0, content_hash=b"", pipeline="p")
        files.append(IndexedFile(state=state, language="python", chunks=chunks))
    return files


async def write(store: PostgresProjectStore, files: Sequence[IndexedFile]) -> None:
    source = Source(name="r", identity="r", root="/r", machine=UUID(int=1))
    async with store.writing(source, scope=()) as writer:
        await writer.apply(Batch(replaced=tuple(files)))
        await writer.finish(outcome="done", detail={})


async def indexed(store: PostgresProjectStore) -> bool:
    sql = f"SELECT to_regclass('{quote(store.namespace.schema)}.{vector_index.NAME}') IS NOT NULL AS there"
    return (await store._fetch(sql))[0]["there"] is True


async def test_a_large_index_is_searched_approximately_and_loses_nothing_that_matters(
    app: App, store: PostgresProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = await real_files(app)
    vectors = np.stack([chunk.vector for file in files for chunk in file.chunks if chunk.vector is not None])
    assert len(vectors) > 5_000
    monkeypatch.setattr(vector_index, "LEAST_ROWS", 3_000)
    await write(store, files)
    assert await indexed(store)

    _, embedder = await app.engine.embedder("static")
    found, wanted = 0, 0
    for text in QUERIES:
        query = await embedder.embed_query(text)
        nearest = np.sort(vectors.astype(np.float16).astype(np.float32) @ query)[-10:]
        answer = await store.retrieve(RetrievalQuery(vector=query, per_arm=10))
        scores = [c.dense for c in answer.candidates if c.dense is not None]
        found += sum(score >= nearest[0] - 1e-3 for score in scores)
        wanted += 10
    assert found / wanted >= 0.99


async def test_the_plan_of_a_search_uses_the_index(
    app: App, store: PostgresProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "LEAST_ROWS", 3_000)
    await write(store, await real_files(app))
    _, embedder = await app.engine.embedder("static")
    query = RetrievalQuery(vector=await embedder.embed_query("parse a date"), per_arm=100)
    used = await scans(store)
    await store.retrieve(query)
    assert await scans(store) == used + 1
    filtered = await store.retrieve(
        RetrievalQuery(vector=query.vector, per_arm=100, filters=Filters(path_globs=("asyncio/**",)))
    )
    assert await scans(store) == used + 1, "a filtered search must not lose what passes behind what does not"
    assert filtered.candidates


async def scans(store: PostgresProjectStore) -> int:
    sql = (
        "SELECT pg_stat_clear_snapshot(), (SELECT idx_scan FROM pg_stat_all_indexes "
        f"WHERE schemaname = '{store.namespace.schema}' AND indexrelname = '{vector_index.NAME}') AS scans"
    )
    await store._fetch("SELECT pg_stat_force_next_flush()")
    return int((await store._fetch(sql))[0]["scans"])


async def test_rewriting_most_vectors_builds_the_index_anew(
    app: App, store: PostgresProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "LEAST_ROWS", 2_000)
    files = await real_files(app)
    await write(store, files)
    before = await filenode(store)
    await write(store, files[:3])
    assert await filenode(store) == before, "a small change adds to the index"
    await write(store, files[:200])
    assert await filenode(store) != before
    assert await indexed(store)


async def filenode(store: PostgresProjectStore) -> int:
    sql = f"SELECT '{quote(store.namespace.schema)}.{vector_index.NAME}'::regclass::oid::int AS node"
    return int((await store._fetch(sql))[0]["node"])


async def test_a_small_index_is_searched_exactly(app: App, store: PostgresProjectStore) -> None:
    await write(store, (await real_files(app))[:5])
    assert not await indexed(store)
