"""The servers in use, each with its budget of connections; shared by the stores and the registry of a process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from .address import EMBEDDED, Address, address_of
from .pool import Budget, Connections

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext


LEAST = 2
"""Connections that an index run needs: one writes under the lease, one reads what is known."""


class Servers:
    """Open servers by name, on first use, within one event loop."""

    @classmethod
    def shared(cls, context: PluginContext) -> Servers:
        """Return the servers of this application: stores and registry draw on one budget."""
        found = context.shared.setdefault("servers", cls(context))
        assert isinstance(found, cls)  # noqa: S101 - nobody else writes there
        return found

    def __init__(self, context: PluginContext) -> None:
        self.context = context
        self._open: dict[tuple[str, bool], Connections] = {}
        self._lock = asyncio.Lock()

    async def get(self, name: str, *, admin: bool = False) -> Connections:
        """Return a server's connections; with ``admin`` those that may create databases."""
        server = self.context.servers.get(name)
        key = (name, admin and server is not None and server.admin_url is not None)
        if key not in self._open:
            async with self._lock:
                if key not in self._open:
                    self._open[key] = self._connections(await address_of(name, self.context, admin=key[1]))
        return self._open[key]

    def _connections(self, address: Address) -> Connections:
        options = self.context.options
        same = (c.budget for c in self._open.values() if c.address.arguments == address.arguments)
        return Connections(
            address,
            budget=next(same, None) or Budget(max(LEAST, options.get("pool_max_size", 10))),
            spare=options.get("pool_min_size", 1),
            deadline=options.get("acquire_timeout", 10.0),
            start=(lambda: address_of(EMBEDDED, self.context)) if address.server == EMBEDDED else None,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for connections in self._open.values():
            await connections.aclose()
        self._open.clear()
