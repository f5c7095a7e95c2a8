"""The servers in use, each with its limit on connections; shared by the stores and the registry of a process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from codebase_core_hookspecs import ConnectionUse

from .address import EMBEDDED, Address, address_of
from .pool import ConnectionLimit, ConnectionPool

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext


LEAST = 2
"""Connections that an index run needs: one writes under the lease, one reads what is known."""


class Servers:
    """Open servers by name, on first use, within one event loop."""

    @classmethod
    def shared(cls, context: PluginContext) -> Servers:
        """Return the servers of this application: stores and registry share one limit."""
        found = context.shared.setdefault("servers", cls(context))
        assert isinstance(found, cls)  # noqa: S101 - nobody else writes there
        return found

    def __init__(self, context: PluginContext) -> None:
        self.context = context
        self._open: dict[tuple[str, bool], ConnectionPool] = {}
        self._lock = asyncio.Lock()

    async def get(self, name: str, *, admin: bool = False) -> ConnectionPool:
        """Return a server's connections; with ``admin`` those that may create databases."""
        server = self.context.servers.get(name)
        key = (name, admin and server is not None and server.admin_url is not None)
        if key not in self._open:
            async with self._lock:
                if key not in self._open:
                    self._open[key] = self._pool(await address_of(name, self.context, admin=key[1]))
        return self._open[key]

    def _pool(self, address: Address) -> ConnectionPool:
        options = self.context.options
        same = (c.limit for c in self._open.values() if c.address.arguments == address.arguments)
        return ConnectionPool(
            address,
            limit=next(same, None) or ConnectionLimit(max(LEAST, options.get("pool_max_size", 10))),
            spare=options.get("pool_min_size", 1),
            deadline=options.get("acquire_timeout", 10.0),
            start=(lambda: address_of(EMBEDDED, self.context)) if address.server == EMBEDDED else None,
        )

    def use(self) -> list[ConnectionUse]:
        """Return how the connections to each server are used; two names of one server share a limit and are told once."""
        limits = {id(pool.limit): (name, pool.limit) for (name, _), pool in reversed(self._open.items())}
        return [
            ConnectionUse(server=name, size=limit.size, open=limit.open, idle=len(limit.idle), waiting=limit.waiting)
            for name, limit in limits.values()
        ]

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self._open.values():
            await pool.aclose()
        self._open.clear()
