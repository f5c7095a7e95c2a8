"""PostgreSQL goes and comes back under load: never a wrong or an empty answer, and the server says itself how it is."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from codebase_core_postgres.embedded import EmbeddedServer

from tests.in_memory import new_folder
from tests.integration.conftest import Cluster

from .conftest import Served, indexed, serving

pytestmark = pytest.mark.any_store

SEARCH = "/api/v1/projects/example/search?q=ConnectionPool"
SECONDS = 60.0


def _until_ready(served: Served, status: HTTPStatus) -> None:
    until = monotonic() + SECONDS
    while httpx.get(f"{served.url}health/ready", timeout=30).status_code != status:
        assert monotonic() < until, status
        sleep(0.1)


def test_an_outage_is_told_and_survived(tmp_path: Path, tested_embedder: Mapping[str, str]) -> None:
    base = new_folder()
    server = EmbeddedServer(base / "state", system_area=base / "system")
    asking, answers = threading.Event(), list[tuple[int, bool]]()

    def ask() -> None:
        with served.client() as client:
            while asking.is_set():
                answer = client.get(SEARCH)
                answers.append((answer.status_code, bool(answer.json().get("hits"))))

    try:
        cluster = Cluster(endpoint=server.ensure_running())
        with indexed(cluster, tmp_path, tested_embedder) as place, serving(place.environ) as served:
            asking.set()
            with ThreadPoolExecutor(3) as clients:
                running = [clients.submit(ask) for _ in range(3)]
                _until_ready(served, HTTPStatus.OK)
                server.stop()
                _until_ready(served, HTTPStatus.SERVICE_UNAVAILABLE)
                with served.client() as client:
                    refused = client.get(SEARCH)
                    assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE, refused.text
                    assert refused.headers["retry-after"]
                    assert refused.json()["hint"]
                    health = client.get("/health")
                    assert (health.status_code, health.json()["status"]) == (503, "degraded")
                    assert "registry" in health.json()["degraded"]
                server.ensure_running()
                _until_ready(served, HTTPStatus.OK)
                with served.client() as client:
                    assert client.get(SEARCH).json()["hits"]
                asking.clear()
                for each in running:
                    each.result()
    finally:
        asking.clear()
        server.stop()
        shutil.rmtree(base)
    assert set(answers) == {(200, True), (503, False)}
