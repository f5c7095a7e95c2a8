"""Both stores in PostgreSQL pass the kit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import asyncpg
import pytest
from codebase_core_hookspecs import Binding, Server, StorePlugin
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.plugins.manager import PluginManager
from codebase_core.testing import StoreConformance

from .conftest import Cluster

DATABASE = "conformance"


@pytest.fixture(scope="session")
def database(cluster: Cluster) -> str:
    """One for all: what a test makes in it, or beside it, it drops."""

    async def make() -> None:
        connection = await cluster.connect()
        await connection.execute(f"CREATE DATABASE {DATABASE}")
        await connection.close()

    asyncio.run(make())
    return cluster.url(DATABASE)


class TestPostgres(StoreConformance):
    @pytest.fixture
    def plugin(self, store_name: str) -> StorePlugin:
        return PluginManager.load().store(store_name)

    @pytest.fixture
    def servers(self, database: str) -> Mapping[str, Server]:
        return {"environment": Server(name="environment", url=database)}

    @pytest.fixture
    def overtake(self, cluster: Cluster):
        async def overtake(binding: Binding) -> None:
            connection = await asyncpg.connect(cluster.url(binding.location["database"]))
            await connection.execute(f"UPDATE {quote(binding.location['schema'])}.writer_lease SET fence = fence + 1")
            await connection.close()

        return overtake
