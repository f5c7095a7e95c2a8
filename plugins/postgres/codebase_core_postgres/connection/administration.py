"""Synchronous connections, by psycopg, for what is done once: databases, schemas, tables, migrations, checks.

psycopg takes some 0.2 s to import, so whatever imports this module is imported where it is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from math import ceil
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import OperationalError, pq
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row

if TYPE_CHECKING:
    from .address import Address

__all__ = ["AdminConnection", "OperationalError", "connect", "run", "value"]

T = TypeVar("T")
AdminConnection: TypeAlias = "psycopg.Connection[DictRow]"

_CANCEL_SECONDS = 1.0


def connect(address: Address, database: str, **parameters: str | int) -> AdminConnection:
    """Connect in autocommit mode; ``parameters`` are libpq's. Statements have ``$1`` for their arguments, as with asyncpg."""
    return psycopg.Connection[DictRow].connect(
        _conninfo(address, database, parameters),
        autocommit=True,
        prepare_threshold=None,  # nothing is asked twice, and transaction poolers know no prepared statements
        row_factory=dict_row,
        cursor_factory=psycopg.RawCursor,
    )


async def run(
    address: Address, database: str, work: Callable[[AdminConnection], T], *, opened: list[AdminConnection]
) -> T:
    """Connect and work in a thread; ``opened`` then holds the connection. Cancelled, end its statement and wait."""

    def connect_and_work() -> T:
        with closing(connect(address, database)) as connection:
            opened.append(connection)
            return work(connection)

    task = asyncio.ensure_future(asyncio.to_thread(connect_and_work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        for connection in opened:
            await asyncio.to_thread(connection.cancel_safe, timeout=_CANCEL_SECONDS)
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # that of the statement that was ended
        raise


def value(connection: AdminConnection, statement: str, *arguments: object) -> Any:
    """Return the first column of the first row, None without one."""
    row = connection.execute(statement, arguments).fetchone()
    return next(iter(row.values())) if row else None


def _conninfo(address: Address, database: str, parameters: dict[str, str | int]) -> str:
    """Return libpq's string; what a URL sets beyond libpq's own parameters are settings of the server, as asyncpg has it."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    parts = urlsplit(address.url)
    query = dict(parse_qsl(parts.query))
    settings = {
        name: text.replace("\\", "\\\\").replace(" ", "\\ ") for name, text in query.items() if name not in known
    }
    if settings:
        query["options"] = " ".join(
            [query.get("options", ""), *(f"-c {name}={text}" for name, text in settings.items())]
        )
    query.pop("connect_timeout", None)
    if not address.transaction_pooling:
        query.setdefault("application_name", "codebase-core")
    url = urlunsplit(
        parts._replace(query=urlencode({name: text for name, text in query.items() if name in known}, quote_via=quote))
    )
    return make_conninfo(url, dbname=database, connect_timeout=ceil(address.arguments["timeout"]), **parameters)
