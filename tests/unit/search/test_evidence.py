"""What the passages of a file hold of a long question between them."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import Candidate, ChunkId, Retrieval, Span

from codebase_core.search.evidence import evidence_share, file_evidence
from codebase_core.search.query import analyse

LONG = "amber basil cedar dahlia elder fennel ginger hazel iris jasmine kale laurel maple nettle oak poppy quince rose sage thyme"


def candidate(number: int, path: str) -> Candidate:
    return Candidate(
        id=ChunkId(number), repository="main", path=path, language="python", roles=frozenset(), span=Span(1, 2, 0, 9),
        kind="lines", scope="", symbols=(), arms=frozenset({"lexical"}), lexical=1.0,
    )  # fmt: skip


def evidence(texts: dict[tuple[int, str], str], *, text: str = LONG, idf: dict[str, float] | None = None):
    query = analyse(text)
    retrieval = Retrieval(
        candidates=[candidate(number, path) for number, path in texts],
        idf=dict.fromkeys(query.terms, 1.0) | (idf or {}),
        repositories={},
    )
    found = file_evidence(query, retrieval, {ChunkId(number): said for (number, _), said in texts.items()})
    return {path: held for (_, path), held in found.items()}


def test_passages_of_a_file_complete_each_other():
    held = evidence({(1, "both.py"): "amber basil", (2, "both.py"): "cedar dahlia", (3, "one.py"): "amber basil cedar"})

    assert held["both.py"] == 1 > held["one.py"] > 0.6


def test_what_a_second_passage_repeats_adds_less():
    held = evidence(
        {(1, "same.py"): "amber", (2, "same.py"): "amber", (3, "other.py"): "amber", (4, "other.py"): "basil"}
    )

    assert held["other.py"] == 1 > held["same.py"] > 0.5


def test_rare_terms_count_more():
    held = evidence({(1, "rare.py"): "amber", (2, "plain.py"): "basil cedar"}, idf={"amber": 5.0})

    assert held["rare.py"] == 1 > held["plain.py"]


def test_a_passage_that_is_gone_is_no_evidence():
    query = analyse(LONG)
    retrieval = Retrieval(candidates=[candidate(1, "a.py")], idf={}, repositories={})

    assert file_evidence(query, retrieval, {}) == {("main", "a.py"): 0.0}


@pytest.mark.parametrize(("words", "share"), [(3, 0), (10, 0), (15, 0.5), (20, 1)])
def test_evidence_counts_the_more_the_longer_a_question_is(words, share):
    assert evidence_share(analyse(" ".join(LONG.split()[:words]))) == pytest.approx(share)


def test_a_name_has_its_definition():
    assert evidence_share(analyse("_".join(LONG.split()))) == 0
