"""The side that changes: jobs that are started, followed and cancelled, and records that name the version they change."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from .conftest import Place, Served
from .test_rights import Tokens, purge, tokens

__all__ = ["tokens"]

pytestmark = pytest.mark.any_store

API = "/api/v1"
SECONDS = 60.0


@pytest.fixture
def made(client: httpx.Client, place: Place) -> Iterator[dict[str, Any]]:
    """A project that is gone after the test."""
    answer = client.post(f"{API}/projects", json={"name": "made", "description": "for a test", "tags": ["team-red"]})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{API}/projects/{answer.json()['id']}"
    yield answer.json()
    asyncio.run(purge(place, [answer.json()["id"]]))


def _events(client: httpx.Client, job: str) -> list[dict[str, Any]]:
    with client.stream("GET", f"{API}/jobs/{job}/events", timeout=SECONDS) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        text = "".join(answer.iter_text())
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    assert [block["id"] for block in blocks] == [str(number) for number in range(1, len(blocks) + 1)]
    return [json.loads(block["data"]) for block in blocks if block["event"] == "progress"]


def test_a_job_is_started_followed_and_ends(client: httpx.Client, place: Place) -> None:
    new = place.root / "lending" / "added.go"
    new.write_text("package client\n\nfunc AddedLater() {}\n")
    try:
        started = client.post(f"{API}/projects/lending/jobs", json={})
        assert started.status_code == 202, started.text
        assert started.headers["location"] == f"{API}/jobs/{started.json()['job']}"
        events = _events(client, started.json()["job"])
        assert events[-1]["state"] == "done", events
        assert events[-1]["project"] == client.get(f"{API}/projects/lending").json()["id"]
        assert client.get(started.headers["location"]).json()["state"] == "done"
        assert client.get(f"{API}/jobs").json()[0]["job"] == started.json()["job"]
        found = client.get(f"{API}/projects/lending/symbols", params={"name": "AddedLater"}).json()
        assert [hit["path"] for hit in found["hits"]] == ["added.go"]
    finally:
        new.unlink()
        again = client.post(f"{API}/projects/lending/jobs", json={"repository": "lending"}).json()
        assert _events(client, again["job"])[-1]["state"] == "done"


def test_a_job_that_is_cancelled_says_so(client: httpx.Client) -> None:
    job = client.post(f"{API}/projects/example/jobs", json={"force": True}).json()["job"]
    assert client.delete(f"{API}/jobs/{job}").status_code == 202
    until = monotonic() + SECONDS
    while (state := client.get(f"{API}/jobs/{job}").json()["state"]) == "running" and monotonic() < until:
        sleep(0.1)
    assert state in ("cancelled", "done"), state
    assert client.delete(f"{API}/jobs/{job}").json()["state"] == state


@pytest.mark.parametrize(
    ("project", "body", "status", "says"),
    [
        ("tagged", {}, 422, "none"),
        ("example", {"repository": "other"}, 422, "example"),
        ("absent", {}, 404, "absent"),
        ("example", {"folder": "/etc"}, 422, "folder"),
    ],
)
def test_only_what_a_project_holds_is_indexed(
    client: httpx.Client, project: str, body: dict[str, Any], status: int, says: str
) -> None:
    answer = client.post(f"{API}/projects/{project}/jobs", json=body)
    assert (answer.status_code, says in answer.json()["error"]) == (status, True), answer.text


def test_a_record_is_changed_at_the_version_that_was_read(client: httpx.Client, made: dict[str, Any]) -> None:
    path = f"{API}/projects/{made['id']}"
    first = client.get(path).headers["etag"]
    assert client.patch(path, json={"description": "x"}).status_code == 422, "without If-Match"
    changed = client.patch(path, json={"name": "renamed", "tags": ["a", "b"]}, headers={"if-match": first})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], sorted(changed.json()["tags"])) == ("renamed", ["a", "b"])
    assert changed.json()["description"] == "for a test"
    assert changed.headers["etag"] == client.get(path).headers["etag"] != first
    for stale in (first, '"x"', 'W/"-1"', "1" * 30):
        assert client.patch(path, json={"description": "lost"}, headers={"if-match": stale}).status_code == 412
        assert client.delete(path, headers={"if-match": stale}).status_code == 412
    now = {"if-match": changed.headers["etag"]}
    for wrong, status in (
        ({"name": "a/b"}, 422),
        ({"name": "example"}, 409),
        ({"tags": ["a,b"]}, 422),
        ({"x": 1}, 422),
    ):
        assert client.patch(path, json=wrong, headers=now).status_code == status, wrong
    trail = client.get(f"{path}/history").json()
    assert [entry["action"] for entry in trail] == ["create", "provision", "edit"]
    assert all(entry["actor"].startswith("owner via ") for entry in trail)
    assert trail[-1]["detail"]["name"] == ["made", "renamed"]
    assert client.get(f"{API}/audit", params={"limit": 3}).json() == trail


def test_a_deleted_project_comes_back(client: httpx.Client, made: dict[str, Any]) -> None:
    path = f"{API}/projects/{made['id']}"
    assert client.post(f"{path}/restore").status_code == 404
    gone = client.delete(path, headers={"if-match": client.get(path).headers["etag"]})
    assert gone.status_code == 200
    assert gone.json()["deleted_at"]
    assert client.get(path).status_code == 404
    back = client.post(f"{path}/restore")
    assert (back.status_code, back.json()["deleted_at"]) == (200, None)
    assert client.get(path).headers["etag"] == back.headers["etag"]


def test_a_token_is_for_what_its_scope_says(
    client: httpx.Client, served: Served, tokens: Tokens, made: dict[str, Any]
) -> None:
    path, example = f"{API}/projects/{made['id']}", f"{API}/projects/example"
    version = {"if-match": client.get(path).headers["etag"]}
    secrets = {scope: tokens(scope, scope=scope, tags=["team-*"]) for scope in ("search", "index", "admin")}
    for scope, allowed in (("search", ()), ("index", ("job",)), ("admin", ("job", "patch"))):
        with served.client(token=secrets[scope]) as reader:
            job = reader.post(f"{path}/jobs", json={})
            assert job.status_code == (422 if "job" in allowed else 403), (scope, job.text)
            stale = reader.patch(path, json={}, headers={"if-match": '"0"'})
            assert stale.status_code == (412 if "patch" in allowed else 403), (scope, stale.text)
            # What is not seen is not there, whatever the scope.
            hidden = reader.patch(example, json={}, headers=version)
            assert hidden.status_code == (404 if "patch" in allowed else 403), (scope, hidden.text)
    with served.client(token=secrets["admin"]) as reader:
        assert reader.post(f"{API}/projects", json={"name": "unseen"}).status_code == 403
        assert reader.get(f"{API}/projects/unseen").status_code == 404
        assert reader.get(f"{path}/history").status_code == 200
        assert reader.get(f"{example}/history").status_code == 404
        assert reader.get(f"{API}/audit").status_code == 404
    with served.client(token=secrets["index"]) as reader:
        assert reader.get(f"{path}/history").status_code == 403
