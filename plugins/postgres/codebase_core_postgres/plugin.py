"""What this package declares. Importing it imports neither the driver nor numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_hookspecs import CommandPlugin, Option, RegistryPlugin, StorePlugin, hookimpl

if TYPE_CHECKING:
    from codebase_core_hookspecs import Capability, PluginContext, Registry, Store

SECTION = "postgres"

OPTIONS = (
    Option(name="pool_max_size", summary="Most connections to a server, from 2.", type=int, default=10, env=("POOL_MAX_SIZE",)),
    Option(name="pool_min_size", summary="Idle connections kept, in total.", type=int, default=1, env=("POOL_MIN_SIZE",)),
    Option(name="connect_timeout", summary="Seconds to wait for a connection to be made.", type=float, default=5.0),
    Option(name="acquire_timeout", summary="Seconds to wait for a connection to come free.", type=float, default=10.0),
)  # fmt: skip


async def _open_database_store(context: PluginContext) -> Store:
    from .connection.servers import Servers
    from .isolation.database_per_project import DatabasePerProject
    from .store import PostgresStore

    return PostgresStore(DatabasePerProject(), Servers.shared(context))


async def _open_schema_store(context: PluginContext) -> Store:
    from .connection.address import databases
    from .connection.servers import Servers
    from .isolation.schema_per_project import SchemaPerProject
    from .store import PostgresStore

    return PostgresStore(SchemaPerProject(databases(context)), Servers.shared(context))


async def _open_registry(context: PluginContext) -> Registry:
    from .connection.address import FROM_ENVIRONMENT, databases
    from .connection.servers import Servers
    from .registry.database import RegistryDatabase
    from .registry.registry import PostgresRegistry

    named = databases(context)[context.server] if context.server in FROM_ENVIRONMENT else None
    return PostgresRegistry(RegistryDatabase(Servers.shared(context), server=context.server, database=named))


@hookimpl
def codebase_core_stores() -> list[StorePlugin]:
    """Declare the two isolation strategies."""
    supports: frozenset[Capability] = frozenset(
        {"dense", "lexical", "symbols", "generations", "shared", "backup", "move", "checkouts"}
    )
    return [
        StorePlugin(
            name="postgres-database",
            summary="A PostgreSQL database for each project",
            section=SECTION,
            options=OPTIONS,
            open=_open_database_store,
            supports=supports,
        ),
        StorePlugin(
            name="postgres-schema",
            summary="A schema for each project in one PostgreSQL database",
            section=SECTION,
            options=OPTIONS,
            open=_open_schema_store,
            supports=supports,
        ),
    ]


@hookimpl
def codebase_core_registries() -> list[RegistryPlugin]:
    """Declare the registry in PostgreSQL."""
    return [
        RegistryPlugin(
            name="postgres",
            summary="Project records in a PostgreSQL database",
            section=SECTION,
            options=OPTIONS,
            open=_open_registry,
        )
    ]


@hookimpl
def codebase_core_commands() -> list[CommandPlugin]:
    """Declare the commands of the embedded server."""
    return [
        CommandPlugin(
            name="server",
            summary="Start, stop and look at the embedded PostgreSQL.",
            section=SECTION,
            options=OPTIONS,
            target="codebase_core_postgres.embedded.commands:server",
        )
    ]
