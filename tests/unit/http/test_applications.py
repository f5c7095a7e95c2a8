"""What plugins bring to the server: one that lacks a library is left out, one that is broken is named."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from codebase_core_hookspecs import CodebaseCoreError
from codebase_core_http.server import open_applications


@dataclass
class Brings:
    """As much of a service as is asked."""

    openings: Mapping[str, Callable[[], Any]]

    def applications(self, service_of: object) -> Mapping[str, Callable[[], Any]]:
        return self.openings


@asynccontextmanager
async def _fine():
    yield "an application"


def _lacking():
    import no_such_library_at_all  # noqa: PLC0415

    return no_such_library_at_all


def _broken():
    raise KeyError("x")


async def _opened(**openings: Callable[[], Any]) -> list[str]:
    async with AsyncExitStack() as stack:
        return list(await open_applications(Brings(openings), asyncio.Semaphore(1), stack))


async def test_what_lacks_a_library_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await _opened(fine=_fine, lacking=_lacking) == ["fine"]
    assert "/lacking is not served" in caplog.text
    assert "no_such_library_at_all" in caplog.text


async def test_what_is_broken_is_named() -> None:
    with pytest.raises(CodebaseCoreError, match="plugin 'broken' cannot be served: KeyError"):
        await _opened(fine=_fine, broken=_broken)
