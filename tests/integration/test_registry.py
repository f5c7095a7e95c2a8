"""The registry in PostgreSQL passes the kit; the one in a file does in tests/conformance."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from codebase_core_hookspecs import RegistryPlugin, Server

from codebase_core.plugin_manager import PluginManager
from codebase_core.testing import RegistryConformance

pytestmark = pytest.mark.any_store


@pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)  # the records are the same
class TestPostgres(RegistryConformance):
    @pytest.fixture
    def plugin(self) -> RegistryPlugin:
        return PluginManager.load().registry("postgres")

    @pytest.fixture
    def servers(self, environ: Mapping[str, str]) -> Mapping[str, Server]:
        return {"registry": Server(name="registry", url=environ["REGISTRY_DATABASE_URL"])}
