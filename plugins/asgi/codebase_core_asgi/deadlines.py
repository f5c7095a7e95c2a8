"""Deadlines for what a client sends: it may be silent neither before a request's head nor within its body."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from starlette.types import Message, Receive

HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0


class TimelyProtocol(H11Protocol):
    """uvicorn's protocol, which waits for a request's head for ever: here the connection is closed after HEAD_SECONDS."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; the time that a head may take counts from its first byte, and ends with its last."""
        before = self.cycle
        if self._head is None and (before is None or before.response_complete):
            self._wait_for_head()
        super().data_received(data)
        if self.cycle is not before:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._head = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None


def hurried(receive: Receive) -> Receive:
    """Give a request's body a time to arrive in; what is awaited after it is the client's leaving."""
    whole, deadline = False, asyncio.get_running_loop().time() + BODY_SECONDS

    async def receiving() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receiving
