"""Everything that is bundled passes the kit; stores, registries and transformers in tests/integration."""

from __future__ import annotations

import json

import pytest
from codebase_core_hookspecs import Request

from codebase_core.plugins.manager import PluginManager
from codebase_core.testing import (
    ApplicationConformance,
    ChunkerConformance,
    CommandConformance,
    EmbedderConformance,
    PackageConformance,
    RegistryConformance,
    RerankerConformance,
    ResolverConformance,
)
from tests.unit.tree_sitter.corpus import SOURCES

BUNDLED = [plugin for plugin in PluginManager.load().plugins if plugin.bundled]


def descriptor(kind: str, name: str):
    found = [d for p in BUNDLED for d in p.provides if type(d).__name__ == f"{kind}Plugin" and d.name == name]
    assert found, f"{kind} {name}"
    return found[0]


def names(kind: str) -> list[str]:
    return [d.name for p in BUNDLED for d in p.provides if type(d).__name__ == f"{kind}Plugin"]


class TestStatic(EmbedderConformance):
    @pytest.fixture
    def plugin(self):
        return descriptor("Embedder", "static")


class TestCodeReranker(RerankerConformance):
    @pytest.fixture
    def plugin(self):
        return descriptor("Reranker", "code")


class TestTreeSitter(ChunkerConformance):
    @pytest.fixture
    def plugin(self):
        return descriptor("Chunker", "tree-sitter")

    @pytest.fixture
    def samples(self):
        return {path.stem: path.read_bytes() for path in SOURCES}


class TestMcp(ApplicationConformance):
    @pytest.fixture
    def plugin(self):
        return descriptor("Application", "mcp")


class TestLines(ChunkerConformance):
    @pytest.fixture
    def plugin(self):
        return descriptor("Chunker", "lines")

    @pytest.fixture
    def samples(self):
        return {path.stem: path.read_bytes() for path in SOURCES}


class TestConfigFile(ResolverConformance):
    @pytest.fixture
    def plugin(self):
        return descriptor("Resolver", "config")

    @pytest.fixture
    def known(self, tmp_path):
        root = tmp_path / "known"
        (root / ".codebase-mcp").mkdir(parents=True)
        (root / ".codebase-mcp" / "config.json").write_text(json.dumps({"project": {"name": "shop"}}))
        (root / "src").mkdir()
        return Request(path=root / "src", root=root, intent="read")


class TestWorkflowMcp(ResolverConformance):
    @pytest.fixture
    def plugin(self):
        return descriptor("Resolver", "workflow-mcp")

    @pytest.fixture
    def unavailable(self):
        return {"url": "http://127.0.0.1:9"}


class TestJsonRegistry(RegistryConformance):
    @pytest.fixture
    def plugin(self):
        return descriptor("Registry", "json")


@pytest.mark.parametrize("name", names("Command"))
class TestCommands(CommandConformance):
    @pytest.fixture
    def plugin(self, name):
        return descriptor("Command", name)


@pytest.mark.parametrize("name", [plugin.name for plugin in BUNDLED])
class TestPackages(PackageConformance):
    @pytest.fixture
    def entry_point(self, name):
        return name
