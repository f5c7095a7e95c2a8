"""The resolver holds what every resolver must hold, and the package what every package must."""

import pytest
from codebase_core_acme.plugin import MARKER, codebase_core_resolvers
from codebase_core_hookspecs import Request

from codebase_core.testing import PackageConformance, ResolverConformance


class TestResolver(ResolverConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_resolvers()[0]

    @pytest.fixture
    def known(self, tmp_path):
        root = tmp_path / "known"
        (root / "src").mkdir(parents=True)
        (root / MARKER.default).write_text("shop\n")
        return Request(path=root / "src", root=root, intent="read")


class TestPackage(PackageConformance):
    @pytest.fixture
    def entry_point(self):
        return "acme"
