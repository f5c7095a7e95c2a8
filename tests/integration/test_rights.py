"""A server that says no: each refusal is answered by the one statement to run, and never by a password."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from codebase_core.errors import CodebaseCoreError, ProvisionError, ServerUnavailable
from tests.secured_server import PASSWORD, SecuredServer, free_port, secured_server


@pytest.fixture(scope="module")
def secured() -> Iterator[SecuredServer]:
    with secured_server() as server:
        yield server


class Office:
    """A role without rights, its database, and a settings file that names them."""

    def __init__(self, server: SecuredServer, folder: Path, store: str) -> None:
        self.server = server
        self.folder = folder
        self.store = store
        self.role = f"indexer_{uuid4().hex[:6]}"
        self.database = f"code_{uuid4().hex[:6]}"

    async def set_up(self) -> None:
        await self.server.run("\\c template1\nDROP EXTENSION IF EXISTS vector")
        await self.server.role(self.role)
        await self.server.run(f"CREATE DATABASE {self.database}")

    async def tear_down(self) -> None:
        """Drop every database that this test or the product made."""
        connection = await asyncpg.connect(self.server.endpoint.url())
        rows = await connection.fetch("SELECT datname FROM pg_database WHERE datname ~ '^(cb_|code)'")
        await connection.close()
        for row in rows:
            await self.server.run(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')

    def environ(self, url: str | None = None, admin_url: str | None = None) -> Mapping[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        lines = ['server = "team"', f'store = "{self.store}"', "[servers.team]"]
        lines.append(f'url = "{url or self.server.url(self.role, self.database)}"')
        lines += [f'admin_url = "{admin_url}"'] if admin_url else []
        (home / "config.toml").write_text("\n".join(lines))
        return {"CODEBASE_CORE_HOME": str(home)}

    async def index(self, tree: Path, **urls: str) -> None:
        async with App(load_settings(environ=self.environ(**urls))) as app:
            await app.index(tree)
            assert (await app.search("pool", path=tree)).hits
            assert await app.verify() == []

    async def refused(self, tree: Path, **urls: str) -> CodebaseCoreError:
        """Index and return the error, which must not hold the password anywhere."""
        with pytest.raises(CodebaseCoreError) as caught:
            await self.index(tree, **urls)
        error = caught.value
        shown = "".join(traceback.format_exception(error))
        for text in (error.message, str(error.hint), str(error), repr(error), shown):
            assert PASSWORD not in text
            assert "wr0ng" not in text
        assert error.hint
        return error

    async def needed(self) -> list[str]:
        """Return what ``doctor --sql`` prints."""
        async with App(load_settings(environ=self.environ())) as app:
            problems = [problem for check in await app.doctor() for problem in check.problems]
        assert PASSWORD not in repr(problems)
        return [problem.sql for problem in problems if problem.sql]


@pytest.fixture
async def office(
    secured: SecuredServer, tmp_path: Path, store_name: str, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Office]:
    made = Office(secured, tmp_path, store_name)
    await made.set_up()
    with caplog.at_level(logging.DEBUG):
        yield made
    await made.tear_down()
    assert PASSWORD not in caplog.text
    assert "wr0ng" not in caplog.text


async def test_every_lack_in_turn_is_answered_by_the_statement_that_mends_it(office: Office, tree: Path) -> None:
    ran: list[str] = []
    for _ in range(6):
        try:
            await office.index(tree)
        except ProvisionError:
            error = await office.refused(tree)
            assert isinstance(error, ProvisionError)
            assert error.sql is not None
            assert error.sql not in ran, "the statement did not help"
            assert error.sql.splitlines()[-1] in str(error.hint)
            ran.append(error.sql)
            await office.server.run(error.sql)
        else:
            break
    kinds = [sql.splitlines()[-1].split()[:2] for sql in ran]
    right = ["ALTER", "ROLE"] if office.store == "postgres-database" else ["GRANT", "CREATE"]
    assert sorted(kinds) == sorted([["CREATE", "DATABASE"], right, ["CREATE", "EXTENSION"]])


async def test_doctor_prints_all_that_is_missing_at_once(office: Office, tree: Path) -> None:
    await office.refused(tree)
    statements = await office.needed()
    assert statements
    for sql in statements:
        await office.server.run(sql)
    await office.index(tree)
    assert await office.needed() == []


async def test_a_refused_creation_leaves_neither_record_nor_place(office: Office, tree: Path) -> None:
    await office.server.run(f"CREATE DATABASE codebase_mcp_registry OWNER {office.role}")
    await office.refused(tree)
    async with App(load_settings(environ=office.environ())) as app:
        registry = await app.engine.registry()
        assert list(await registry.list()) == []
        assert await app.verify() == []
        assert list(await registry.list(deleted=True)) == []


async def test_an_administrators_url_makes_what_the_ordinary_role_then_owns(office: Office, tree: Path) -> None:
    if office.store == "postgres-schema":
        await office.server.run(f"GRANT CREATE ON DATABASE {office.database} TO {office.role}")
    await office.server.run(f"CREATE DATABASE codebase_mcp_registry OWNER {office.role}")
    await office.server.run("ALTER ROLE postgres PASSWORD '" + PASSWORD + "'")
    await office.index(tree, admin_url=office.server.url("postgres", "postgres"))


async def test_wrong_password(office: Office, tree: Path) -> None:
    url = office.server.url(office.role, office.database, password="wr0ng")
    error = await office.refused(tree, url=url)
    assert isinstance(error, ServerUnavailable)
    assert "password authentication failed" in error.message
    assert "server 'team'" in error.message
    assert "~/.pgpass" in str(error.hint)


async def test_nobody_listens(office: Office, tree: Path) -> None:
    error = await office.refused(tree, url=office.server.url(office.role, office.database, port=free_port()))
    assert isinstance(error, ServerUnavailable)
    assert "cannot reach server 'team'" in error.message
    assert f"{office.role}@127.0.0.1:" in error.message


async def test_no_such_host(office: Office, tree: Path) -> None:
    url = f"postgresql://{office.role}:{PASSWORD}@no-such-host.invalid/{office.database}"
    error = await office.refused(tree, url=url)
    assert isinstance(error, ServerUnavailable)
    assert "no-such-host.invalid" in error.message


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://me:{PASSWORD}@127.0.0.1/code",
        f"postgresql://me:{PASSWORD}@127.0.0.1:port/code",
        f"postgresql://me:{PASSWORD}@127.0.0.1:99999/code",
        f"postgresql://me:{PASSWORD}@[127.0.0.1/code",
        f"postgresql://me:{PASSWORD}#more@127.0.0.1/code",
        f"postgresql://me:{PASSWORD}/more@127.0.0.1/code",
        f"postgresql://me:{PASSWORD}@127.0.0.1/code?connect_timeout=soon",
        f"postgresql://me:{PASSWORD}@127.0.0.1/code?sslmode=maybe",
        f"me:{PASSWORD}@127.0.0.1/code",
        "",
    ],
)
async def test_a_malformed_url(office: Office, tree: Path, url: str) -> None:
    error = await office.refused(tree, url=url or " ")
    assert isinstance(error, ServerUnavailable)
    assert "'team'" in error.message


async def test_unknown_database(office: Office, tree: Path) -> None:
    error = await office.refused(tree, url=office.server.url(office.role, "nowhere"))
    assert isinstance(error, ProvisionError)
    assert error.sql == f'CREATE DATABASE "nowhere" OWNER "{office.role}";'
