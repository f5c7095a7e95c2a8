"""One budget of connections per server over all its databases, so that a thousand projects never exhaust it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import asyncpg
from codebase_core_hookspecs import ServerBusy

from .failures import LOST, translated

if TYPE_CHECKING:
    from .servers import Address

T = TypeVar("T")
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

IDLE_SECONDS = 300.0
_RESET_SECONDS = 5.0


class Connections:
    """Lend connections to any database of a server: at most ``size`` open, the least recently used idle one goes first.

    ``spare`` idle connections are kept however long they wait, over all databases. A task holds at most one connection.
    """

    def __init__(self, address: Address, *, size: int, spare: int, deadline: float) -> None:
        self.address = address
        self._size = size
        self._spare = spare
        self._deadline = deadline
        self._open = 0
        self._idle: OrderedDict[Connection, tuple[str, float]] = OrderedDict()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed = False

    @asynccontextmanager
    async def lend(self, database: str) -> AsyncIterator[Connection]:
        """Lend a connection; raise ServerBusy when none comes free in time, ServerUnavailable when none can be made."""
        with translated(self.address.server, self.address.where(database)):
            async with self._lent(database) as connection:
                yield connection

    async def read(self, database: str, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run work that may be repeated: a server that was restarted costs one retry, not an error."""
        with translated(self.address.server, self.address.where(database)):
            try:
                async with self._lent(database) as connection:
                    return await work(connection)
            except LOST:
                self._forget_idle()
            async with self._lent(database) as connection:
                return await work(connection)

    async def aclose(self) -> None:
        """Close what is idle; lent connections are closed when they come back."""
        self._closed = True
        while self._idle:
            connection, _ = self._idle.popitem()
            await self._close(connection)

    @asynccontextmanager
    async def _lent(self, database: str) -> AsyncIterator[Connection]:
        connection = await self._take(database)
        try:
            yield connection
        finally:
            await asyncio.shield(self._give_back(connection, database))

    async def _take(self, database: str) -> Connection:
        until = monotonic() + self._deadline
        while True:
            for connection in reversed(self._idle):
                if self._idle[connection][0] == database:
                    del self._idle[connection]
                    if not connection.is_closed():
                        return connection
                    self._released()
                    break
            else:
                if self._open < self._size:
                    return await self._connect(database)
                if self._idle:
                    connection, _ = self._idle.popitem(last=False)
                    await self._close(connection)
                else:
                    await self._wait(until)

    async def _connect(self, database: str) -> Connection:
        self._open += 1
        try:
            return await asyncpg.connect(**self.address.arguments, database=database)
        except BaseException:
            self._released()
            raise

    async def _wait(self, until: float) -> None:
        freed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(freed)
        try:
            async with asyncio.timeout(until - monotonic()):
                await freed
        except TimeoutError:
            raise ServerBusy(
                f"server {self.address.server!r}: all {self._size} connections are in use for {self._deadline:g} s",
                hint="raise POOL_MAX_SIZE, or run fewer commands at once",
            ) from None
        finally:
            with suppress(ValueError):
                self._waiting.remove(freed)

    async def _give_back(self, connection: Connection, database: str) -> None:
        if not connection.is_closed() and not self._closed:
            try:
                # Rolls back, and leaves no lock, listener or setting behind for the next user.
                await connection.reset(timeout=_RESET_SECONDS)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                connection.terminate()
        if connection.is_closed() or self._closed:
            await self._close(connection)
            return
        self._idle[connection] = (database, monotonic())
        self._wake()
        await self._expire()

    async def _expire(self) -> None:
        while len(self._idle) > self._spare:
            connection, (_, since) = next(iter(self._idle.items()))
            if monotonic() - since < IDLE_SECONDS:
                return
            del self._idle[connection]
            await self._close(connection)

    async def _close(self, connection: Connection) -> None:
        try:
            if not connection.is_closed():
                await connection.close(timeout=1)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            connection.terminate()
        finally:
            self._released()

    def _forget_idle(self) -> None:
        """Drop every idle connection: the server was restarted under them."""
        while self._idle:
            connection, _ = self._idle.popitem()
            connection.terminate()
            self._released()

    def _released(self) -> None:
        self._open -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting:
            freed = self._waiting.popleft()
            if not freed.done():
                freed.set_result(None)
                return
