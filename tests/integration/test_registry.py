"""The registry in PostgreSQL passes the kit; the one in a file does in tests/conformance."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from codebase_core_hookspecs import Project, RegistryPlugin, Server

from codebase_core.app import App
from codebase_core.config.settings import Settings
from codebase_core.plugins.manager import PluginManager
from codebase_core.testing import RegistryConformance
from codebase_core.testing.registry.base import record

pytestmark = pytest.mark.any_store


@pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)  # the records are the same
class TestPostgres(RegistryConformance):
    @pytest.fixture
    def plugin(self) -> RegistryPlugin:
        return PluginManager.load().registry("postgres")

    @pytest.fixture
    def servers(self, environ: Mapping[str, str]) -> Mapping[str, Server]:
        return {"registry": Server(name="registry", url=environ["REGISTRY_DATABASE_URL"])}


@pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)
async def test_the_trail_forgets_its_oldest_entries_also_when_many_write_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codebase_core_postgres.registry.registry.AUDIT_LIMIT", 3)
    async with App(settings) as app:
        registry = await app.engine.registry()
        made = [await registry.create(record(f"p{number}", place=f"p{number}"), actor="me") for number in range(8)]
        assert [entry.project for entry in await registry.history()] == [each.id for each in made[-3:]]

        async def change(project: Project) -> None:
            for number in range(5):
                project = await registry.update(
                    replace(project, description=str(number)), actor="me", action=str(number)
                )

        await asyncio.gather(*map(change, made))
        last = await registry.find("p0")
        assert last is not None
        await registry.update(replace(last, tags=frozenset()), actor="me", action="last")
        trail = await registry.history()
        assert len(trail) <= 3
        assert trail[-1].action == "last"
