"""The store holds what every store must hold, and the package what every package must."""

import pytest
from codebase_core_sqlite.plugin import codebase_core_stores

from codebase_core.testing import PackageConformance, StoreConformance


class TestSqlite(StoreConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_stores()[0]


class TestPackage(PackageConformance):
    @pytest.fixture
    def entry_point(self):
        return "sqlite"
