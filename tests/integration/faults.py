"""Failures at every step: each statement sent, each file synced or replaced, before or after it took effect."""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest


class Killed(BaseException):
    """The process ends here: nothing that would catch an error runs."""


@dataclass
class Faults:
    """Count steps, and fail at the one that was chosen."""

    at: int | None = None
    after: bool = False
    kill: bool = False
    steps: int = 0
    hit: bool = False

    def arm(self, at: int | None, *, after: bool = False, kill: bool = False) -> None:
        self.at, self.after, self.kill, self.steps, self.hit = at, after, kill, 0, False

    def raised(self, error: Callable[[], Exception]) -> BaseException | None:
        """Count a step; return what it raises."""
        self.steps += 1
        if self.at is None or self.steps != self.at:
            return None
        self.hit = True
        return Killed() if self.kill else error()


@contextmanager
def injected() -> Iterator[Faults]:
    """Watch the driver and the file system of this process."""
    faults = Faults()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "fetch", "fetchrow", "fetchval"):
            patch.setattr(asyncpg.Connection, name, _statement(faults, getattr(asyncpg.Connection, name)))
        patch.setattr(psycopg.Connection, "execute", _synchronous(faults, psycopg.Connection.execute))
        patch.setattr(os, "fsync", _call(faults, os.fsync))
        patch.setattr(Path, "replace", _call(faults, Path.replace))
        yield faults


def _statement(faults: Faults, inner: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(inner)
    async def statement(self: Any, query: str, *arguments: Any, **options: Any) -> Any:
        if "RESET ALL" in query or "UNLISTEN" in query:  # the driver's own, after the work
            return await inner(self, query, *arguments, **options)
        fault = faults.raised(lambda: asyncpg.ConnectionDoesNotExistError("injected"))
        if fault is not None and not faults.after:
            raise fault
        result = await inner(self, query, *arguments, **options)
        if fault is not None:
            raise fault
        return result

    return statement


def _synchronous(faults: Faults, inner: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(inner)
    def statement(self: Any, *arguments: Any, **options: Any) -> Any:
        fault = faults.raised(lambda: psycopg.OperationalError("injected"))
        if fault is not None and not faults.after:
            raise fault
        result = inner(self, *arguments, **options)
        if fault is not None:
            raise fault
        return result

    return statement


def _call(faults: Faults, inner: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(inner)
    def call(*arguments: Any) -> Any:
        fault = faults.raised(lambda: OSError(errno.EIO, "injected"))
        if fault is not None and not faults.after:
            raise fault
        result = inner(*arguments)
        if fault is not None:
            raise fault
        return result

    return call
