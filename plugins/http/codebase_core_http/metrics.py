"""Metrics for Prometheus: requests, stages of answers, connections, jobs, and how old each index is."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPMethod
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codebase_core_hookspecs import Health

    from .reader import Reader

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset(HTTPMethod)
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)


class Metrics:
    """The metrics of one server; ``exposed`` fills in what is counted elsewhere."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "codebase_core_http_requests", "Requests.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "codebase_core_http_request_seconds",
            "Time of requests.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "codebase_core_answer_stage_seconds",
            "Time of the stages of an answer.",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._connections = self._gauge("connections", "Connections to a database server.", "server", "state")
        self._jobs = self._gauge("jobs_running", "Index jobs that run.")
        self._checks = self._gauge("check_ok", "1 for what answers, 0 for what does not.", "check")
        self._age = self._gauge("index_age_seconds", "Time since a repository was indexed.", "project", "repository")
        ProcessCollector(registry=self._registry)

    def answered(self, method: str, route: str, status: int, *, seconds: float) -> None:
        """Count a request; methods that HTTP does not know are one, for anybody may send any."""
        self._requests.labels(method if method in _METHODS else "other", route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def timed(self, timings: Mapping[str, float]) -> None:
        """Count the stages of an answer, given in milliseconds."""
        for stage, milliseconds in timings.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    async def exposed(self, reader: Reader, health: Health) -> bytes:
        """Return everything in Prometheus' format; of the projects, those that the reader sees."""
        self._jobs.set(health.jobs_running)
        for use in health.connections:
            for state in ("size", "open", "idle", "in_use", "waiting"):
                self._connections.labels(use.server, state).set(getattr(use, state))
        self._checks.clear()
        for check in health.checks:
            self._checks.labels(check.name).set(check.ok)
        self._age.clear()
        if "registry" not in health.degraded:
            await self._ages(reader)
        return generate_latest(self._registry)

    async def _ages(self, reader: Reader) -> None:
        now = datetime.now(UTC)
        for project in await reader.projects():
            for state in await reader.service.repositories(str(project.id)):
                if state.indexed_at is not None:
                    self._age.labels(project.name, state.name).set((now - state.indexed_at).total_seconds())

    def _gauge(self, name: str, documentation: str, *labels: str) -> Gauge:
        return Gauge(f"codebase_core_{name}", documentation, labels, registry=self._registry)
