"""The embedder holds what every embedder must hold, and the package what every package must."""

import pytest
from codebase_core_acme.plugin import codebase_core_embedders

from codebase_core.testing import EmbedderConformance, PackageConformance


class TestEmbedder(EmbedderConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_embedders()[0]


class TestPackage(PackageConformance):
    @pytest.fixture
    def entry_point(self):
        return "acme"
