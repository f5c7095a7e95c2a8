"""What an isolation strategy does. All other modules are the same SQL for both strategies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Binding

    from codebase_core_postgres.connection.servers import Servers
    from codebase_core_postgres.project.namespace import Namespace


class Isolation(Protocol):
    """How namespaces are named, made, listed and removed.

    ``own_database`` says that a project's database is its own, so that the mark on it covers all that it holds.
    """

    name: str
    own_database: bool

    def plan(self, project: UUID, name: str, *, server: str, attempt: int) -> Binding:
        """Name a namespace."""
        ...

    async def make(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Make sure that the namespace's database exists and is ours."""
        ...

    async def remove(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Remove the namespace; raise NotOwned if it lacks the mark."""
        ...

    async def namespaces(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Return the marked namespaces of a server, (database, schema) to project."""
        ...
