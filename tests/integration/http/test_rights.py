"""What a token is not for does not exist: not in lists, not in answers, not in words of errors, not in what the page shows."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import httpx
import pytest
from codebase_core_hookspecs import AccessToken

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from codebase_core.operations.tokens import digest

from .conftest import Place, Served

pytestmark = pytest.mark.any_store

API = "/api/v1"
HTML = {"accept": "text/html"}
SECONDS = 10.0
"""Within which a server learns what another process changed."""

Tokens = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def tokens(place: Place) -> Iterator[Tokens]:
    """Run ``codebase-core tokens``; what a test makes is taken away after it."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "codebase_core", "tokens", *arguments]
        return subprocess.run(command, env=dict(place.environ), capture_output=True, text=True, check=False)

    yield run
    for token in json.loads(run("list", "--json").stdout):
        run("revoke", token["name"])


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
    secret = tokens("create", "reader", "--project", "example").stdout.strip()
    hidden = client.get(f"{API}/projects/second").json()
    told = ("second", hidden["id"], "client.go", "Borrow", "tagged", str(place.root / "second"))
    with served.client(token=secret) as reader:
        seen = [
            f"{API}/projects",
            f"{API}/projects?text=second",
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
            text = answer.text.replace("milliseconds", "").replace("seconds", "").replace("_second", "")
            found = [word for word in told if word in text + str(answer.headers) and word not in known]
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
        "/projects/NAME/files/second/client.go",
        "/?q=x&project=NAME",
        "/related?project=NAME&file=client.go&line=1",
    ],
)
def test_hidden_and_absent_are_told_in_the_same_words(
    served: Served, tokens: Tokens, client: httpx.Client, path: str
) -> None:
    secret = tokens("create", "reader", "--project", "example").stdout.strip()
    id = client.get(f"{API}/projects/second").json()["id"]
    with served.client(token=secret) as reader:
        told = []
        for hidden, absent in (("second", "absent"), (id, str(uuid4()))):
            for name in (hidden, absent):
                asked = path.replace("NAME", name)
                answer = reader.get(asked, headers={"x-request-id": "same"})
                assert answer.status_code == 404
                told.append(answer.text.replace(name, "NAME"))
    assert len(set(told)) == 1, told


def test_tags_let_in_by_pattern(served: Served, tokens: Tokens) -> None:
    blue = tokens("create", "blue", "--tag", "team-b*").stdout.strip()
    red = tokens("create", "red", "--tag", "team-r*").stdout.strip()
    both = tokens("create", "both", "--tag", "team-blue", "--project", "second").stdout.strip()
    for secret, names in ((blue, ["tagged"]), (red, []), (both, ["second", "tagged"])):
        with served.client(token=secret) as reader:
            page = reader.get(f"{API}/projects", params={"sort": "name"}).json()
            assert [each["name"] for each in page["projects"]] == names
            assert reader.get(f"{API}/search", params={"q": "ConnectionPool"}).status_code == 200


def test_pages_of_somebody_who_sees_some_of_them(served: Served, tokens: Tokens) -> None:
    secret = tokens("create", "two", "--project", "second", "--project", "tagged").stdout.strip()
    with served.client(token=secret) as reader:
        first = reader.get(f"{API}/projects", params={"limit": 1, "sort": "name"}).json()
        rest = reader.get(f"{API}/projects", params={"limit": 1, "sort": "name", "cursor": first["cursor"]}).json()
        assert [each["projects"][0]["name"] for each in (first, rest)] == ["second", "tagged"]
        assert rest["cursor"] is None
        assert reader.get(f"{API}/projects", params={"cursor": str(uuid4())}).status_code == 422


def test_a_revoked_and_a_rotated_token_is_nobodys(served: Served, tokens: Tokens, place: Place) -> None:
    made = tokens("create", "ci", "--scope", "index", "--expires", "90d")
    secret = made.stdout.strip()
    assert secret.startswith("ccs_")
    assert "shown once" in made.stderr
    (listed,) = json.loads(tokens("list", "--json").stdout)
    assert (listed["name"], listed["scope"], listed["expired"]) == ("ci", "index", False)
    assert secret not in tokens("list").stdout
    again = tokens("create", "CI")
    assert again.returncode == 1
    assert "exists already" in again.stderr
    with served.client(token=secret) as old, httpx.Client(base_url=served.url) as browser:
        assert old.get(f"{API}/projects").status_code == 200
        browser.get("/login", params={"token": secret})
        assert browser.get(f"{API}/projects").status_code == 200
        renewed = tokens("rotate", "ci").stdout.strip()
        assert _refused(old)
        assert _refused(browser)
    with served.client(token=renewed) as new:
        assert new.get(f"{API}/projects").status_code == 200
        assert tokens("revoke", "ci").returncode == 0
        assert _refused(new)
    assert tokens("revoke", "ci").returncode == 1
    home = Path(place.environ["CODEBASE_CORE_HOME"])
    assert not any(secret.encode() in file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_a_token_ends_with_its_time(served: Served, place: Place, tokens: Tokens) -> None:
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
    assert "expired" in tokens("list").stdout


@pytest.mark.parametrize("time", ["0d", "90", "1h", "d", "-1d"])
def test_a_time_that_is_none_is_an_error_of_usage(tokens: Tokens, time: str) -> None:
    assert tokens("create", "x", f"--expires={time}").returncode == 2


def test_a_project_that_does_not_exist_gets_no_token(tokens: Tokens) -> None:
    done = tokens("create", "x", "--project", "absent")
    assert done.returncode == 1
    assert "absent" in done.stderr
    assert json.loads(tokens("list", "--json").stdout) == []
