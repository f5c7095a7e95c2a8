"""The reranker holds what every reranker must hold, and the package what every package must."""

import pytest
from codebase_core_acme.plugin import codebase_core_rerankers

from codebase_core.testing import PackageConformance, RerankerConformance


class TestReranker(RerankerConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_rerankers()[0]


class TestPackage(PackageConformance):
    @pytest.fixture
    def entry_point(self):
        return "acme"
