"""Create databases, also when several processes create the same one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg

from codebase_core_postgres.sql.identifiers import quote

if TYPE_CHECKING:
    from .pool import Connection

_ATTEMPTS = 20
_WAIT_SECONDS = 0.05

# A race on one name ends in either of the first two; the third while anybody is connected to the template.
_ALREADY = (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError)


async def create_database(connection: Connection, name: str, *, owner: str | None = None) -> bool:
    """Create a database, or return False if there is one with this name; raises InsufficientPrivilegeError as it comes."""
    owned = f" OWNER {quote(owner)}" if owner is not None else ""
    for attempt in range(_ATTEMPTS):
        try:
            await connection.execute(f"CREATE DATABASE {quote(name)}{owned}")
        except _ALREADY:
            return False
        except asyncpg.ObjectInUseError:
            if attempt == _ATTEMPTS - 1:
                raise
            await asyncio.sleep(_WAIT_SECONDS)
        else:
            return True
    raise AssertionError("the last attempt returns or raises")
