"""What a token is not for does not exist: not in lists, not in answers, not in words of errors, not in what the page shows."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest
from codebase_core_hookspecs import AccessToken
from hypothesis import given, settings
from hypothesis.strategies import booleans, sampled_from

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from codebase_core.operations.tokens import create_token, digest

from .conftest import Place, Served

pytestmark = pytest.mark.any_store

API = "/api/v1"
HTML = {"accept": "text/html"}
SECONDS = 10.0
"""Within which a server learns what another process changed."""

Tokens = Callable[..., str]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def tokens(place: Place) -> Iterator[Tokens]:
    """Make tokens and return their secrets; they are taken away after the test."""

    async def create(name: str, **choices: Any) -> str:
        async with App(load_settings(environ=place.environ)) as app:
            return (await create_token(app.engine, name, **{"scope": "search", **choices}))[1]

    async def revoke() -> None:
        async with App(load_settings(environ=place.environ)) as app:
            registry = await app.engine.registry()
            for token in await registry.tokens():
                await registry.remove_token(token.id, actor="test")

    yield lambda name, **choices: asyncio.run(create(name, **choices))
    asyncio.run(revoke())


@pytest.fixture
def command(place: Place, tokens: Tokens) -> Command:
    """Run ``codebase-core tokens``."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "codebase_core", "tokens", *arguments]
        return subprocess.run(line, env=dict(place.environ), capture_output=True, text=True, check=False)

    return run


def _refused(client: httpx.Client) -> bool:
    """Wait until a token is nobody's any more."""
    until = monotonic() + SECONDS
    while client.get(f"{API}/projects").status_code != 401:
        if monotonic() > until:
            return False
        sleep(0.05)
    return True


def test_nothing_of_a_hidden_project_is_told(
    served: Served, tokens: Tokens, client: httpx.Client, place: Place
) -> None:
    secret = tokens("reader", projects=["example"])
    hidden = client.get(f"{API}/projects/lending").json()
    told = ("lending", hidden["id"], "client.go", "Borrow", "tagged", str(place.root / "lending"))
    with served.client(token=secret) as reader:
        seen = [
            f"{API}/projects",
            f"{API}/projects?text=lending",
            f"{API}/projects?limit=1",
            f"{API}/search?q=ConnectionPool+Borrow",
            f"{API}/symbols?name=*&limit=50",
            f"{API}/projects/example/search?q=Borrow",
            f"{API}/projects/example/status",
            f"{API}/jobs",
            f"{API}/openapi.json",
        ]
        pages = [
            "/",
            "/?q=ConnectionPool",
            "/?kind=function",
            "/projects",
            "/projects/example",
            "/results?q=Borrow",
            "/jobs",
        ]
        for path in [*seen, *pages]:
            answer = reader.get(path, headers=HTML if path in pages else {})
            assert answer.status_code == 200, path
            known = path.replace("+", " ")
            found = [word for word in told if word in answer.text + str(answer.headers) and word not in known]
            assert found == [], path
        names = [each["name"] for each in reader.get(f"{API}/projects").json()["projects"]]
        assert names == ["example"]
        for overseen in ("/health", "/metrics"):
            assert reader.get(overseen).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"{API}/projects/NAME",
        f"{API}/projects/NAME/search?q=x",
        f"{API}/projects/NAME/symbols?name=x",
        f"{API}/projects/NAME/related?file=client.go&line=1",
        f"{API}/projects/NAME/file?file=client.go",
        f"{API}/projects/NAME/outline?file=client.go",
        f"{API}/projects/NAME/status",
        f"{API}/search?q=x&project=example&project=NAME",
        f"{API}/symbols?name=x&project=NAME",
        "/projects/NAME",
        "/projects/NAME/files/lending/client.go",
        "/?q=x&project=NAME",
        "/related?project=NAME&file=client.go&line=1",
    ],
)
def test_hidden_and_absent_are_told_in_the_same_words(
    served: Served, tokens: Tokens, client: httpx.Client, path: str
) -> None:
    secret = tokens("reader", projects=["example"])
    id = client.get(f"{API}/projects/lending").json()["id"]
    with served.client(token=secret) as reader:
        told = []
        for hidden, absent in (("lending", "absent"), (id, str(uuid4()))):
            for name in (hidden, absent):
                asked = path.replace("NAME", name)
                answer = reader.get(asked, headers={"x-request-id": "same"})
                assert answer.status_code == 404
                told.append(answer.text.replace(name, "NAME"))
    assert len(set(told)) == 1, told


def test_tags_let_in_by_pattern(served: Served, tokens: Tokens) -> None:
    blue = tokens("blue", tags=["team-b*"])
    red = tokens("red", tags=["team-r*"])
    both = tokens("both", tags=["team-blue"], projects=["lending"])
    for secret, names in ((blue, ["tagged"]), (red, []), (both, ["lending", "tagged"])):
        with served.client(token=secret) as reader:
            page = reader.get(f"{API}/projects", params={"sort": "name"}).json()
            assert [each["name"] for each in page["projects"]] == names
            assert reader.get(f"{API}/search", params={"q": "ConnectionPool"}).status_code == 200


def test_pages_of_somebody_who_sees_some_of_them(served: Served, tokens: Tokens) -> None:
    secret = tokens("two", projects=["lending", "tagged"])
    with served.client(token=secret) as reader:
        first = reader.get(f"{API}/projects", params={"limit": 1, "sort": "name"}).json()
        rest = reader.get(f"{API}/projects", params={"limit": 1, "sort": "name", "cursor": first["cursor"]}).json()
        assert [each["projects"][0]["name"] for each in (first, rest)] == ["lending", "tagged"]
        assert rest["cursor"] is None
        assert reader.get(f"{API}/projects", params={"cursor": str(uuid4())}).status_code == 422


def test_a_revoked_and_a_rotated_token_is_nobodys(served: Served, command: Command, place: Place) -> None:
    made = command("create", "ci", "--scope", "index", "--expires", "90d")
    secret = made.stdout.strip()
    assert secret.startswith("ccs_")
    assert "shown once" in made.stderr
    (listed,) = json.loads(command("list", "--json").stdout)
    assert (listed["name"], listed["scope"], listed["expired"]) == ("ci", "index", False)
    assert secret not in command("list").stdout
    again = command("create", "CI")
    assert again.returncode == 1
    assert "exists already" in again.stderr
    with served.client(token=secret) as old, httpx.Client(base_url=served.url) as browser:
        assert old.get(f"{API}/projects").status_code == 200
        browser.get("/login", params={"token": secret})
        assert browser.get(f"{API}/projects").status_code == 200
        renewed = command("rotate", "ci").stdout.strip()
        assert _refused(old)
        assert _refused(browser)
    with served.client(token=renewed) as new:
        assert new.get(f"{API}/projects").status_code == 200
        assert command("revoke", "ci").returncode == 0
        assert _refused(new)
    assert command("revoke", "ci").returncode == 1
    home = Path(place.environ["CODEBASE_CORE_HOME"])
    assert not any(secret.encode() in file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_a_token_ends_with_its_time(served: Served, place: Place, command: Command) -> None:
    async def add(secret: str, *, seconds: float) -> None:
        async with App(load_settings(environ=place.environ)) as app:
            now = datetime.now(UTC)
            token = AccessToken(
                id=uuid4(),
                name=f"short-{seconds:g}",
                digest=digest(secret),
                scope="search",
                created_at=now,
                expires_at=now + timedelta(seconds=seconds),
            )
            await (await app.engine.registry()).add_token(token, actor="test")

    asyncio.run(add("over", seconds=-1))
    asyncio.run(add("soon", seconds=3))
    with served.client(token="over") as client:
        assert client.get(f"{API}/projects").status_code == 401
    with served.client(token="soon") as client:
        assert client.get(f"{API}/projects").status_code == 200
        assert _refused(client)
    assert "expired" in command("list").stdout


@pytest.mark.parametrize("time", ["0d", "90", "1h", "d", "-1d"])
def test_a_time_that_is_none_is_an_error_of_usage(command: Command, time: str) -> None:
    assert command("create", "x", f"--expires={time}").returncode == 2


def test_a_project_that_does_not_exist_gets_no_token(command: Command) -> None:
    done = command("create", "x", "--project", "absent")
    assert done.returncode == 1
    assert "absent" in done.stderr
    assert json.loads(command("list", "--json").stdout) == []


def test_whatever_two_readers_ask_neither_learns_of_the_others_projects(
    served: Served, tokens: Tokens, client: httpx.Client, place: Place
) -> None:
    """Their projects have names, ids and tags that occur nowhere else; some are both's, some nobody's."""
    tags = {0: [], 1: ["one"], 2: ["two"], 3: ["one", "two"]}
    made = [
        client.post(
            f"{API}/projects", json={"name": f"zq{uuid4().hex[:8]}", "tags": [f"zt-{tag}" for tag in tags[kind]]}
        ).json()
        for kind in (0, 1, 1, 2, 2, 3)
    ]
    names = [project["name"] for project in made] + [project["id"] for project in made] + ["example", "absent"]
    secrets = {tag: tokens(tag, tags=[f"zt-{tag}"], scope="index") for tag in ("one", "two")}
    templates = (
        "/projects?sort=NUMBER&text=NAME",
        "/projects?limit=1&cursor=NAME",
        "/projects/NAME",
        "/projects/NAME/status",
        "/projects/NAME/search?q=NAME",
        "/projects/NAME/symbols?name=*",
        "/projects/NAME/file?file=NAME",
        "/search?q=x&project=NAME",
        "/search?q=NAME",
        "/symbols?name=*&project=NAME&project=example",
        "/jobs",
        "/jobs/NAME/events",
        "/plugins",
    )

    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    @given(
        reader=sampled_from(sorted(secrets)),
        template=sampled_from(templates),
        name=sampled_from(names),
        page=booleans(),
    )
    def ask(reader: str, template: str, name: str, *, page: bool) -> None:
        hidden = [project for project in made if f"zt-{reader}" not in project["tags"]]
        path = template.replace("NAME", name).replace("NUMBER", "name")
        if page:
            path = path.replace("/search?q", "/?q").replace("/symbols?name=*", "/?kind=function")
        answer = clients[reader].get(path if page else API + path, headers=HTML if page else {})
        told = answer.text + str(answer.headers)
        for project in hidden:
            for word in (project["name"], project["id"]):
                assert word == name or word not in told, (path, answer.text)
            if name in (project["name"], project["id"]) and f"/{name}" in path:
                assert answer.status_code in (404, 405)

    clients = {tag: served.client(token=secret) for tag, secret in secrets.items()}
    try:
        ask()
    finally:
        for each in clients.values():
            each.close()
        asyncio.run(purge(place, [project["id"] for project in made]))


async def purge(place: Place, projects: Sequence[str]) -> None:
    """Take projects away for good."""
    async with App(load_settings(environ=place.environ)) as app:
        for project in projects:
            await (await app.projects()).purge(await app.find_any(project))
