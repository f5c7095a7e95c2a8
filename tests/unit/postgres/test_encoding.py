"""Terms encoded for a whole batch are, byte for byte, what pgvector makes of them one by one."""

from __future__ import annotations

import numpy as np
from codebase_core_hookspecs import Chunk, IndexedChunk, Span
from codebase_core_postgres.project import encoding
from codebase_core_postgres.project.encoding import TERM_SPACE, batch_terms, term_number
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pgvector import SparseVector

_IMPACTS = st.floats(min_value=0.001953125, max_value=64, width=32)
_TERMS = st.dictionaries(st.text(max_size=8), _IMPACTS, max_size=10)


def _chunk(terms: dict[str, float]) -> IndexedChunk:
    span = Span(start_line=1, end_line=1, start_byte=0, end_byte=1)
    return IndexedChunk(
        chunk=Chunk(span=span, kind="lines"),
        text="x",
        terms=tuple(terms),
        impacts=np.array(list(terms.values()), dtype=np.float32),
        text_hash=b"",
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(st.lists(_TERMS, max_size=8))
def test_a_batch_is_encoded_as_by_pgvector(batch: list[dict[str, float]]) -> None:
    found = batch_terms([_chunk(terms) for terms in batch])
    for terms, numbers, vector in zip(batch, found.numbers, found.vectors, strict=True):
        assert numbers == sorted({term_number(term) for term in terms})
        assert vector == SparseVector({term_number(t): w for t, w in terms.items()}, TERM_SPACE).to_binary()


def test_impacts_of_terms_that_share_a_number_are_added(monkeypatch) -> None:
    monkeypatch.setattr(encoding, "term_number", len)
    found = batch_terms([_chunk({"one": 1.5, "two": 2.25, "three": 3.0})])
    assert found.numbers == [[3, 5]]
    assert found.vectors == [SparseVector({3: 3.75, 5: 3.0}, TERM_SPACE).to_binary()]
    assert found.counted.tolist() == [3, 5]
