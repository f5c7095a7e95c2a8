"""One pool of connections per server, limited over all its databases: a thousand projects never exhaust it.

asyncpg's own pool serves one database: a pool a project would keep as many connections as there are projects, and neither it nor
psycopg_pool closes the idle connection of one database to make room for another.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import asyncpg
from codebase_core_hookspecs import ProvisionError, ServerBusy

from codebase_core_postgres.sql.identifiers import quote

from .failures import DRIVER, LOST, translated

if TYPE_CHECKING:
    from .address import Address
    from .administration import AdminConnection

T = TypeVar("T")
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

IDLE_SECONDS = 300.0
_RESET_SECONDS = 5.0
_POLL_SECONDS = 0.1


class ConnectionLimit:
    """What is open to one server: at most ``size`` connections, over all its databases and all the names it has.

    ``permits`` counts those that may still be acquired, first come, first served; an idle connection holds none. ``waiting``
    are the tasks that wait for one.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.permits = asyncio.Semaphore(size)
        self.open = 0
        self.waiting = 0
        self.idle: OrderedDict[Connection, tuple[str, float]] = OrderedDict()
        self.closed = False


class ConnectionPool:
    """Acquire connections to any database of a server: the least recently used idle one makes room for another database.

    ``spare`` idle connections are kept however long they wait, over all databases, others for ``idle_seconds``. A task holds at
    most one connection.
    ``start`` starts a server that is ours to start.
    """

    def __init__(
        self,
        address: Address,
        *,
        limit: ConnectionLimit,
        spare: int,
        deadline: float,
        idle_seconds: float = IDLE_SECONDS,
        start: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self.address = address
        self.limit = limit
        self._spare = spare
        self._deadline = deadline
        self._idle_seconds = idle_seconds
        self._start = start
        self._timer: asyncio.TimerHandle | None = None
        self._expiring: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def acquire(self, database: str) -> AsyncIterator[Connection]:
        """Acquire a connection; raise ServerBusy when none comes free in time, ServerUnavailable when none can be made."""
        with translated(self.address.server, self.address.where(database)):
            async with self._acquired(database) as connection:
                yield connection

    async def read(self, database: str, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run work that may be repeated: a server that was restarted costs one retry, not an error.

        Work that only reads leaves nothing behind for the next user, and its connection needs no cleaning: a round trip.
        """
        with translated(self.address.server, self.address.where(database)):
            try:
                async with self._acquired(database, reading=True) as connection:
                    return await work(connection)
            except LOST:
                self._forget_idle()
            # A new connection: what another task gives back meanwhile was made before the server went, too.
            async with self._acquired(database, reading=True, new=True) as connection:
                return await work(connection)

    async def administer(self, database: str, work: Callable[[AdminConnection], T]) -> T:
        """Run synchronous work in a thread, on a psycopg connection of its own that counts against the limit while it is open."""
        with translated(self.address.server, self.address.where(database)):
            await self._wait()
            try:
                await self._make_room()
                try:
                    return await self._administered(database, work)
                finally:
                    self.limit.open -= 1
            finally:
                self.limit.permits.release()

    async def _administered(self, database: str, work: Callable[[AdminConnection], T]) -> T:
        from .administration import OperationalError, run  # noqa: PLC0415 - a search need not import psycopg

        opened: list[AdminConnection] = []
        try:
            return await run(self.address, database, work, opened=opened)
        except OperationalError:
            if opened:
                raise
        # libpq has no SQLSTATE for a refused connection. asyncpg names the reason, or waits for a server that is starting.
        await self._end(await self._opened(database))
        return await run(self.address, database, work, opened=opened)

    async def aclose(self) -> None:
        """Close what is idle; acquired ones are closed on release."""
        self.limit.closed = True
        if self._timer is not None:
            self._timer.cancel()
        while self.limit.idle:
            connection, _ = self.limit.idle.popitem()
            await self._close(connection)

    @asynccontextmanager
    async def _acquired(self, database: str, *, reading: bool = False, new: bool = False) -> AsyncIterator[Connection]:
        await self._wait()
        try:
            connection = (None if new else self._idle(database)) or await self._connect(database)
        except BaseException:
            self.limit.permits.release()
            raise
        finished = False
        try:
            yield connection
            finished = True
        finally:
            if finished and reading and self._is_fine(connection):  # nothing to wait for: no task for it
                self._keep(connection, database)
                self.limit.permits.release()
            else:
                await asyncio.shield(self._release(connection, database, finished=finished, reading=reading))

    async def _wait(self) -> None:
        if not self.limit.permits.locked():
            await self.limit.permits.acquire()
            return
        self.limit.waiting += 1
        try:
            async with asyncio.timeout(self._deadline):
                await self.limit.permits.acquire()
        except TimeoutError:
            raise ServerBusy(
                f"server {self.address.server!r}: all {self.limit.size} connections are in use for {self._deadline:g} s",
                hint="raise POOL_MAX_SIZE, or run fewer commands at once",
            ) from None
        finally:
            self.limit.waiting -= 1

    def _idle(self, database: str) -> Connection | None:
        """Return the idle connection to this database that was used last."""
        for connection in reversed([c for c, (name, _) in self.limit.idle.items() if name == database]):
            del self.limit.idle[connection]
            if not connection.is_closed():
                return connection
            self.limit.open -= 1
        return None

    async def _connect(self, database: str) -> Connection:
        await self._make_room()
        try:
            return await self._opened(database)
        except BaseException:
            self.limit.open -= 1
            raise

    async def _make_room(self) -> None:
        """Count one more connection; whoever holds a permit finds either room or an idle connection to replace."""
        if self.limit.open < self.limit.size:
            self.limit.open += 1
            return
        oldest, _ = self.limit.idle.popitem(last=False)
        try:
            await self._end(oldest)
        except BaseException:
            self.limit.open -= 1
            raise

    async def _opened(self, database: str) -> Connection:
        """Connect; wait for a server that is starting up, start one of ours that was stopped."""
        until = monotonic() + self._deadline
        while True:
            try:
                return await asyncpg.connect(**self.address.arguments, database=database)
            except LOST as exc:
                starting = isinstance(exc, asyncpg.CannotConnectNowError)
                if monotonic() > until or not (starting or self._start):
                    raise
                await asyncio.sleep(_POLL_SECONDS)
                if self._start is not None:
                    await self._start()
            except asyncpg.InvalidCatalogNameError as exc:
                if database != self.address.database:
                    raise
                raise self._absent(exc) from exc

    def _absent(self, exc: asyncpg.InvalidCatalogNameError) -> ProvisionError:
        owner = f" OWNER {quote(self.address.user)}" if self.address.user else ""
        sql = f"CREATE DATABASE {quote(self.address.database)}{owner};"
        return ProvisionError(
            f"{self.address.where(self.address.database)}: {exc}", hint=f"an administrator runs once: {sql}", sql=sql
        )

    async def _release(self, connection: Connection, database: str, *, finished: bool, reading: bool) -> None:
        try:
            if not (finished and reading) and not connection.is_closed() and not self.limit.closed:
                await self._clean(connection, finished=finished)
            if connection.is_closed() or self.limit.closed:
                await self._close(connection)
            else:
                self._keep(connection, database)
                await self._expire()
        finally:
            self.limit.permits.release()

    async def _clean(self, connection: Connection, *, finished: bool) -> None:
        """Roll back, and leave no lock, listener or setting behind for the next user.

        Behind a transaction pooler no more than that is ours to do. Of work that was cancelled the connection does not know
        yet whether it is in a transaction: the statement still ends.
        """
        try:
            if not self.address.transaction_pooling:
                await connection.reset(timeout=_RESET_SECONDS)
            elif not finished or connection.is_in_transaction():
                await connection.execute("ROLLBACK", timeout=_RESET_SECONDS)
        except DRIVER:
            connection.terminate()

    def _is_fine(self, connection: Connection) -> bool:
        """Whether a connection can be kept, and no other has to go."""
        return not connection.is_closed() and not self.limit.closed and self._expired() is None

    def _expired(self) -> Connection | None:
        """Return the connection that has been idle longest, if that is too long and enough others are."""
        if len(self.limit.idle) <= self._spare:
            return None
        connection, (_, since) = next(iter(self.limit.idle.items()))
        return connection if monotonic() - since >= self._idle_seconds else None

    def _keep(self, connection: Connection, database: str) -> None:
        """Let a connection wait for its next user; perhaps nobody comes, so that time ends its waiting too."""
        self.limit.idle[connection] = (database, monotonic())
        self._wind()

    def _wind(self) -> None:
        if self._timer is None and len(self.limit.idle) > self._spare and not self.limit.closed:
            self._timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._time_is_over)

    def _time_is_over(self) -> None:
        self._timer = None
        self._expiring = asyncio.create_task(self._expire())

    async def _expire(self) -> None:
        while (connection := self._expired()) is not None:
            del self.limit.idle[connection]
            await self._close(connection)
        self._wind()

    async def _close(self, connection: Connection) -> None:
        try:
            await self._end(connection)
        finally:
            self.limit.open -= 1

    async def _end(self, connection: Connection) -> None:
        try:
            if not connection.is_closed():
                await connection.close(timeout=1)
        except DRIVER:
            connection.terminate()

    def _forget_idle(self) -> None:
        """Drop every idle connection: the server was restarted under them."""
        while self.limit.idle:
            connection, _ = self.limit.idle.popitem()
            connection.terminate()
            self.limit.open -= 1
