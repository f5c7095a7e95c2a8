"""The conformance kit: what every plugin of a kind must hold, as test classes to inherit. Needs ``codebase-core[testing]``.

# conftest.py
pytest_plugins = ["codebase_core.testing"]

# test_conformance.py
class TestAcme(EmbedderConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_embedders()[0]
"""

from __future__ import annotations

import pytest

_KITS = (
    "application",
    "base",
    "chunker",
    "command",
    "embedder",
    "package",
    "registry",
    "reranker",
    "resolver",
    "store",
)
pytest.register_assert_rewrite(*(f"{__name__}.{kit}" for kit in _KITS))

from .application import ApplicationConformance  # noqa: E402 - asserts of what is imported before are not rewritten
from .base import Conformance  # noqa: E402
from .chunker import ChunkerConformance  # noqa: E402
from .command import CommandConformance  # noqa: E402
from .embedder import EmbedderConformance  # noqa: E402
from .package import PackageConformance  # noqa: E402
from .registry import RegistryConformance  # noqa: E402
from .reranker import RerankerConformance  # noqa: E402
from .resolver import ResolverConformance  # noqa: E402
from .store import StoreConformance  # noqa: E402

__all__ = [
    "ApplicationConformance",
    "ChunkerConformance",
    "CommandConformance",
    "Conformance",
    "EmbedderConformance",
    "PackageConformance",
    "RegistryConformance",
    "RerankerConformance",
    "ResolverConformance",
    "StoreConformance",
]

pytest_plugins = (f"{__name__}.guard", f"{__name__}.postgres")
