"""The form that new projects get and the one that migrations lead to are the same, down to comments and defaults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from codebase_core_postgres.project.format import FORMAT
from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import numbered, template

from codebase_core.app import App
from codebase_core.errors import FormatTooNew

from .conftest import Cluster
from .places import administering
from .worktrees import committed, worktree

_CATALOG = {
    "columns": "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attstorage, "
    "pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation::text, col_description(c.oid, a.attnum) "
    "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum) WHERE c.relnamespace = $1::regnamespace ORDER BY 1, 2",
    "order": "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a "
    "ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relnamespace = $1::regnamespace GROUP BY 1 ORDER BY 1",
    "relations": "SELECT relname, relkind, reloptions, relpersistence, obj_description(oid, 'pg_class') FROM pg_class "
    "WHERE relnamespace = $1::regnamespace ORDER BY 1",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = $1::regnamespace ORDER BY 1, 2",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = $1 ORDER BY 1, 2",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = $1::regnamespace ORDER BY 1",
    "triggers": "SELECT tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE c.relnamespace = $1::regnamespace AND NOT tgisinternal ORDER BY 1",
}
_ONE_ROW = "SELECT * FROM {s}.writer_lease"


@asynccontextmanager
async def scratch(cluster: Cluster, name: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """Connect to a database that is dropped afterwards; schemas of equal name can then be compared."""
    administrator = await cluster.connect()
    await administrator.execute(f"CREATE DATABASE {name}")
    connection = await cluster.connect(name)
    try:
        yield connection
    finally:
        await connection.close()
        await administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await administrator.close()


async def _catalog(connection: asyncpg.Connection[asyncpg.Record], schema: str) -> dict[str, list[Sequence[object]]]:
    return {name: [tuple(row) for row in await connection.fetch(sql, schema)] for name, sql in _CATALOG.items()}


async def test_a_new_project_equals_a_migrated_one(cluster: Cluster) -> None:
    found = []
    for name, statements in (
        ("test_form_new", ["project"]),
        ("test_form_migrated", [migration for _, migration in numbered("project")]),
    ):
        async with scratch(cluster, name) as connection:
            await connection.execute("CREATE EXTENSION vector SCHEMA public")
            await connection.execute("CREATE SCHEMA odd_name")
            for each in statements:
                await connection.execute(template(each).format(s='"odd_name"', v='"public"', d=256))
            rows = await connection.fetch(_ONE_ROW.format(s="odd_name"))
            found.append(await _catalog(connection, "odd_name") | {"lease": [tuple(row) for row in rows]})
    assert found[0]["columns"]
    assert found[0] == found[1]


async def test_a_new_registry_equals_a_migrated_one(cluster: Cluster) -> None:
    found = []
    for name, statements in (
        ("test_registry_new", ["registry"]),
        ("test_registry_migrated", [migration for _, migration in numbered("registry")]),
    ):
        async with scratch(cluster, name) as connection:
            for each in statements:
                await connection.execute(template(each).format())
            found.append(await _catalog(connection, "codebase_core"))
    assert found[0]["columns"]
    assert found[0] == found[1]


@pytest.mark.parametrize("kind", ["project", "registry"])
def test_migrations_are_numbered_without_gaps(kind: str) -> None:
    numbers = [number for number, _ in numbered(kind)]  # type: ignore[arg-type]
    assert numbers == list(range(1, len(numbers) + 1))
    assert kind == "registry" or numbers[-1] == FORMAT


async def test_migrating_what_is_current_changes_nothing(app: App, cluster: Cluster, tree: Path) -> None:
    await app.index(tree)
    project = (await app.resolve(tree)).require_project()
    binding = project.binding
    schema = binding.location["schema"]
    async with administering(cluster, binding, inside=True) as connection:
        before = await _catalog(connection, schema)
        await (await app.engine.store(binding.store)).migrate(binding, project=project.id)
        assert await _catalog(connection, schema) == before
        assert await connection.fetchval(f"SELECT format FROM {quote(schema)}.manifest") == FORMAT


async def test_an_index_that_asks_for_a_newer_reader_is_refused(app: App, cluster: Cluster, tree: Path) -> None:
    await app.index(tree)
    binding = (await app.resolve(tree)).require_project().binding
    async with administering(cluster, binding, inside=True) as connection:
        manifest = f"{quote(binding.location['schema'])}.manifest"
        await connection.execute(f"UPDATE {manifest} SET format = $1, min_reader = $2", FORMAT + 2, FORMAT)
        async with App(app.settings) as later:
            assert (await later.search("pool", path=tree)).hits, "newer, and still readable"
        await connection.execute(f"UPDATE {manifest} SET min_reader = $1", FORMAT + 1)
    async with App(app.settings) as later:
        with pytest.raises(FormatTooNew, match=f"format {FORMAT + 1}, this one reads up to {FORMAT}") as caught:
            await later.search("pool", path=tree)
        assert caught.value.hint == "pip install --upgrade codebase-core"
        with pytest.raises(FormatTooNew):
            await later.index(tree)


async def test_an_index_of_the_form_before_checkouts_is_read_and_then_shared(
    app: App, cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    feature = worktree(committed(tree), tmp_path / "feature", files={"own.py": "class OwnPool:\n    pass\n"})
    await app.index(tree)
    binding = (await app.resolve(tree)).require_project().binding
    async with administering(cluster, binding, inside=True) as connection:
        schema = quote(binding.location["schema"])
        for table in ("aside_symbols", "aside_terms", "aside_embeddings", "aside_chunks", "aside_files"):
            await connection.execute(f"DROP TABLE {schema}.{table}")
        await connection.execute(f"ALTER TABLE {schema}.index_runs DROP COLUMN checkout_id")
        await connection.execute(f"DROP TABLE {schema}.checkouts")
        await connection.execute(f"UPDATE {schema}.manifest SET format = 3, min_reader = 1")
    async with App(app.settings) as later:
        assert (await later.search("ConnectionPool", path=tree)).hits[0].state == "current"
        assert (await later.status(tree)).statistics.files == 5
        assert await later.verify() == []
        assert (await (await later.open((await later.resolve(tree)).require_project())).runs(limit=5))[
            0
        ].outcome == "done"
        assert (await later.search("OwnPool", path=feature)).hits[0].path == "own.py"
        assert (await later.index(tree)).progress.unchanged == 6
    async with administering(cluster, binding, inside=True) as connection:
        row = await connection.fetchrow(f"SELECT format, min_reader FROM {schema}.manifest")
        assert tuple(row) == (FORMAT, 4)
