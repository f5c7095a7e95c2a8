"""What happens is told to whoever listens and may know."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from .conftest import Place, Served, serving
from .test_rights import Tokens, purge, tokens

__all__ = ["tokens"]

pytestmark = pytest.mark.any_store

API = "/api/v1"


def _events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_changes_reach_those_who_may_know(client: httpx.Client, served: Served, place: Place, tokens: Tokens) -> None:
    with ExitStack() as stack:

        def listen(token: str | None) -> Iterator[dict[str, Any]]:
            reader = stack.enter_context(served.client(token=token))
            answer = stack.enter_context(reader.stream("GET", f"{API}/events", timeout=60))
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.iter_lines()
            assert next(lines) == ": listening"
            return _events(lines)

        owner, reader = listen(None), listen(tokens("listener", tags=["team-green"]))
        hidden = client.post(f"{API}/projects", json={"name": "hidden"}).json()
        shown = client.post(f"{API}/projects", json={"name": "shown", "tags": ["team-green"]}).json()
        try:
            seen = [next(owner) for _ in range(4)]
            assert [(each["kind"], each["project"], each["action"]) for each in seen] == [
                ("project", project["id"], action) for project in (hidden, shown) for action in ("create", "provision")
            ]
            assert [next(reader)["project"] for _ in range(2)] == [shown["id"]] * 2
            job = client.post(f"{API}/projects/lending/jobs", json={}).json()["job"]
            told = [next(owner)]
            while told[-1]["action"] == "running":
                told.append(next(owner))
            assert {(each["kind"], each["job"]["job"]) for each in told} == {("job", job)}
            assert told[-1]["action"] == "done"
            version = {"if-match": client.get(f"{API}/projects/shown").headers["etag"]}
            client.patch(f"{API}/projects/shown", json={"description": "changed"}, headers=version)
            assert (next(owner)["action"], next(reader)["action"]) == ("edit", "edit")
        finally:
            asyncio.run(purge(place, [hidden["id"], shown["id"]]))


def test_a_stop_ends_listening(place: Place) -> None:
    with serving(place.environ) as served, served.client() as client:
        with client.stream("GET", f"{API}/events", timeout=60) as answer:
            lines = answer.iter_lines()
            assert next(lines) == ": listening"
            served.process.terminate()
            assert not [line for line in lines if line]
        assert served.process.wait(10) == 0
