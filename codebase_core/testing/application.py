"""What every application for the server must hold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from codebase_core_hookspecs import ApplicationPlugin, ASGIApplication, PluginContext, SearchService, ServiceOf

from .base import Conformance

SECONDS = 10.0


class ApplicationConformance(Conformance):
    """It answers every request under its path, and is opened as often as a server is."""

    @pytest.fixture
    def service(self) -> SearchService | None:
        """The engine as a reader of the server sees it; a plugin that asks it for anything here gives one."""
        return None

    @pytest.fixture
    def service_of(self, service: SearchService | None) -> ServiceOf:
        """What the application is opened with."""

        def of(_: Mapping[str, Any]) -> SearchService:
            assert service is not None, "the kit asks nothing of an index: give the fixture `service`"
            return service

        return of

    async def test_it_answers_what_it_does_not_know(
        self, plugin: ApplicationPlugin, context: PluginContext, service_of: ServiceOf
    ) -> None:
        """As a client's error, whole and soon: the server goes on."""
        async with plugin.open(context, service_of) as application:
            for _ in range(2):
                status, complete = await answered(application, f"/{plugin.name}/no-such-path-at-all")
                assert 400 <= status < 500, status
                assert complete

    async def test_it_is_opened_again_after_it_was_closed(
        self, plugin: ApplicationPlugin, context: PluginContext, service_of: ServiceOf
    ) -> None:
        """A server that stops and starts within a process, as in tests."""
        found = []
        for _ in range(2):
            async with plugin.open(context, service_of) as application:
                found.append(await answered(application, f"/{plugin.name}/no-such-path-at-all"))
        assert found[0] == found[1]


async def answered(application: ASGIApplication, path: str) -> tuple[int, bool]:
    """Send a GET; return the status, and whether the answer is complete."""
    sent: list[Mapping[str, Any]] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async with asyncio.timeout(SECONDS):
        await application(scope, receive, send)
    assert sent, "no answer"
    assert sent[0]["type"] == "http.response.start", sent[0]
    return sent[0]["status"], len(sent) > 1 and not sent[-1].get("more_body", False)
