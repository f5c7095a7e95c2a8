"""The chunker holds what every chunker must hold, and the package what every package must."""

import pytest
from codebase_core_acme.plugin import codebase_core_chunkers
from codebase_core_hookspecs import SourceFile

from codebase_core.testing import ChunkerConformance, PackageConformance

SAMPLE = b"# A preamble.\n\nsection first\nwork\n\nsection second\nmore work\n"


class TestChunker(ChunkerConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_chunkers()[0]

    @pytest.fixture
    def samples(self):
        return {"acme": SAMPLE}


class TestPackage(PackageConformance):
    @pytest.fixture
    def entry_point(self):
        return "acme"


def test_every_section_is_a_chunk():
    chunks = codebase_core_chunkers()[0].chunk(SourceFile(path="a.acme", language="acme", text=SAMPLE), {})
    assert [[symbol.name for symbol in chunk.symbols] for chunk in chunks] == [[], ["first"], ["second"]]
