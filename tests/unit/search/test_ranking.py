"""Ranking: from candidates to an order that a reader understands."""

from __future__ import annotations

import random
from itertools import count

import pytest
from codebase_core_hookspecs import Candidate, ChunkId, Retrieval, Span, Symbol
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.search.query import analyse
from codebase_core.search.ranking import STAGES, definition, fuse, rank, role_factor

NUMBERS = count(1)
ARMS = frozenset({"dense", "lexical"})


def symbol(name: str, kind: str = "function", **facts) -> Symbol:
    return Symbol(name=name, kind=kind, qualified_name=facts.pop("qualified", name), line=1, **facts)


def candidate(
    path: str = "a.py",
    *,
    dense: float | None = 0.5,
    lexical: float | None = 1.0,
    line: int = 1,
    roles: tuple[str, ...] = (),
    symbols: tuple[Symbol, ...] = (),
    repository: str = "main",
) -> Candidate:
    return Candidate(
        id=ChunkId(next(NUMBERS)),
        repository=repository,
        path=path,
        language="python",
        roles=frozenset(roles),
        span=Span(start_line=line, end_line=line, start_byte=10 * line, end_byte=10 * line + 9),
        kind="lines",
        scope="",
        symbols=symbols,
        arms=ARMS,
        dense=dense,
        lexical=lexical,
    )


def ranked(
    text: str, *candidates: Candidate, limit: int = 10, stages: frozenset[str] = STAGES, idf=None, evidence=None
):
    retrieval = Retrieval(candidates=candidates, idf=idf or {}, repositories={})
    return rank(analyse(text), retrieval, limit=limit, stages=stages, evidence=evidence or {})


def paths(*arguments, **keywords) -> list[str]:
    return [each.candidate.path for each in ranked(*arguments, **keywords)]


def test_nothing_found_is_an_empty_ranking():
    assert ranked("pool") == []


def test_fusion_weighs_both_arms_and_gives_the_best_one():
    found = fuse(
        [candidate(dense=0.9, lexical=0.0), candidate(dense=0.1, lexical=8.0), candidate(dense=0.5, lexical=4.0)],
        dense_share=0.25,
    )

    assert found == pytest.approx([0.25 / 0.75, 1.0, 0.5 / 0.75])


def test_fusion_without_one_arm_uses_the_other():
    words = [candidate(dense=None, lexical=2.0), candidate(dense=None, lexical=1.0)]
    vectors = [
        candidate(dense=0.2, lexical=None),
        candidate(dense=0.6, lexical=None),
        candidate(dense=None, lexical=None),
    ]

    assert fuse(words, dense_share=0.5) == pytest.approx([1.0, 0.5])
    assert fuse(vectors, dense_share=0.5) == pytest.approx([0.0, 1.0, 0.0])


def test_fusion_of_equals_and_of_nothing_divides_by_nothing():
    assert fuse([candidate(dense=0.5, lexical=0.0)] * 2, dense_share=0.5) == [0.0, 0.0]
    assert fuse([candidate(dense=None, lexical=None)], dense_share=0.5) == [0.0]


SCORES = st.none() | st.floats(-1, 1, allow_nan=False)


@given(st.lists(st.tuples(SCORES, st.none() | st.floats(0, 50)), min_size=1, max_size=12), st.floats(0, 1))
def test_fused_scores_lie_between_nothing_and_one(scores, share):
    found = fuse([candidate(dense=dense, lexical=lexical) for dense, lexical in scores], dense_share=share)

    assert all(0 <= score <= 1 for score in found)
    assert max(found) in (0.0, 1.0)


def test_a_sentence_asks_both_arms_a_name_mostly_the_words():
    similar, literal = candidate("similar.py", dense=0.9, lexical=2.0), candidate("literal.py", dense=0.1, lexical=3.0)

    assert paths("how is this kept small", similar, literal)[0] == "similar.py"
    assert paths("KeptSmall", similar, literal)[0] == "literal.py"


def test_a_definition_comes_before_its_uses():
    use = candidate("use.py", lexical=9.0)
    defined = candidate("where.py", lexical=6.0, symbols=(symbol("ConnectionPool", "type"),))

    assert paths("ConnectionPool", use, defined) == ["where.py", "use.py"]
    assert paths("ConnectionPool", use, defined, stages=STAGES - {"definition"})[0] == "use.py"


QUERY = "Pool.acquire"
WHOLE = definition(candidate("x.py", symbols=(symbol("acquire", qualified="Pool.acquire"),)), analyse(QUERY))


@pytest.mark.parametrize(
    ("found", "share"),
    [
        (symbol("acquire", qualified="Pool.acquire"), 1.0),
        (symbol("acquire", "method", qualified="Pool.acquire"), 0.9),
        (symbol("acquire", "impl", qualified="Pool.acquire"), 0.5),
        (symbol("acquire", "of another kind", qualified="Pool.acquire"), 0.3),
        (symbol("Acquire", qualified="Pool.Acquire"), 0.7),
        (symbol("acquire", qualified="Stack.acquire"), 0.5),
        (symbol("acquire", qualified="Pool.acquire", local=True), 0.3),
        (symbol("acquire", qualified="Pool.acquire", weak=True), 0.8),
        (symbol("release", qualified="Pool.release"), 0.0),
    ],
)
def test_a_definition_is_worth_more_the_better_it_fits(found, share):
    assert definition(candidate("x.py", symbols=(found,)), analyse(QUERY)) == pytest.approx(share * WHOLE)


def test_a_qualifier_may_be_the_files_path():
    found = candidate("src/pool.py", symbols=(symbol("acquire"),))

    assert definition(found, analyse(QUERY)) == pytest.approx(WHOLE)


@pytest.mark.parametrize("path", ["pool.py", "Pool.java", "pools.rs", "connection/pool/index.ts", "po-ol.ts"])
def test_a_file_that_is_named_after_what_it_defines_is_preferred(path):
    plain = definition(candidate("x.py", symbols=(symbol("Pool", "type"),)), analyse("Pool"))

    assert definition(candidate(path, symbols=(symbol("Pool", "type"),)), analyse("Pool")) == pytest.approx(1.5 * plain)


def test_of_several_definitions_the_best_counts():
    several = (symbol("acquire", "field"), symbol("acquire"), symbol("acquire", "impl"))

    assert definition(candidate("x.py", symbols=several), analyse("acquire()")) == pytest.approx(0.3)


def test_a_name_in_a_sentence_counts_less_than_one_alone():
    found = candidate("x.py", symbols=(symbol("ConnectionPool", "type"),))

    assert definition(found, analyse("who closes a ConnectionPool")) == pytest.approx(
        definition(found, analyse("ConnectionPool")) * 0.3
    )


def test_a_file_whose_name_says_the_query_rises():
    other, named = candidate("src/stack.py", lexical=1.1), candidate("src/retry_middleware.py", lexical=1.0)

    assert paths("how does the retry middleware wait", other, named)[0] == "src/retry_middleware.py"
    assert paths("how does the retry middleware wait", other, named, stages=STAGES - {"path"})[0] == "src/stack.py"


def test_the_path_does_not_count_for_a_name():
    other, named = candidate("src/stack.py", lexical=1.1), candidate("src/retry_middleware.py", lexical=1.0)

    assert paths("RetryMiddleware", other, named)[0] == "src/stack.py"


def test_a_file_with_many_matches_rises():
    lone = candidate("lone.py", lexical=2.1)
    many = [candidate("many.py", lexical=2.0, line=line) for line in range(1, 6)]

    assert paths("frobnicate", lone, *many)[0] == "many.py"
    assert paths("frobnicate", lone, *many, stages=STAGES - {"coherence"})[0] == "lone.py"


@pytest.mark.parametrize(
    ("role", "word"),
    [("test", "tests"), ("example", "examples"), ("documentation", "docs"), ("configuration", "config files")],
)
def test_a_role_is_held_back_unless_it_is_asked_for(role, word):
    plain, other = candidate("b.py", lexical=1.0), candidate("a.py", lexical=1.2, roles=(role,))

    assert paths("frobnicate quickly", plain, other) == ["b.py", "a.py"]
    assert paths(f"frobnicate quickly {word}", plain, other) == ["a.py", "b.py"]
    assert paths("frobnicate quickly", plain, other, stages=STAGES - {"role"}) == ["a.py", "b.py"]


LONG = (
    "the pool leaks connections whenever slots expire because waiting clients never return their sockets after failures"
)


def test_a_long_question_holds_documents_and_files_of_no_language_back_further():
    source, readme = candidate("a.py", lexical=1.0), candidate("README.md", lexical=2.2, roles=("documentation",))
    template = candidate("a.tpl", lexical=2.2)._replace(language=None)

    assert paths("the pool leaks", source, readme) == ["README.md", "a.py"]
    assert paths(LONG, source, readme) == ["a.py", "README.md"]
    assert paths("the pool leaks", source, template) == ["a.tpl", "a.py"]
    assert paths(LONG, source, template) == ["a.py", "a.tpl"]


def test_what_a_file_holds_of_a_long_question_brings_it_forward():
    best, whole = candidate("best.py", lexical=2.0), candidate("whole.py", lexical=1.8)
    held = {("main", "best.py"): 0.2, ("main", "whole.py"): 1.0}

    assert paths(LONG, best, whole, evidence=held) == ["whole.py", "best.py"]
    assert paths(LONG, best, whole, evidence=held, stages=STAGES - {"evidence"}) == ["best.py", "whole.py"]


def test_a_file_that_is_named_with_its_folder_comes_forward():
    def gained(text):
        (shown,) = ranked(text, candidate("src/db/sea.py"))
        return shown.stages["path"]

    assert gained("what does db/sea.py do") - gained("what does db sea.py do") == pytest.approx(0.5)


def test_each_role_takes_its_share():
    query = analyse("frobnicate")

    assert role_factor(frozenset(), query.asked) == 1.0
    assert role_factor(frozenset({"test", "init"}), query.asked) == pytest.approx(0.24)
    assert role_factor(frozenset({"a role of tomorrow"}), query.asked) == 1.0


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_every_stage_can_be_switched_off(stage):
    scene = [
        candidate("src/pool.py", dense=0.1, lexical=3.0, symbols=(symbol("open_pool"),)),
        candidate("src/pool.py", dense=0.3, lexical=1.0, line=2),
        candidate("tests/other.py", dense=0.9, lexical=2.0, roles=("test",)),
    ]
    text = "where does open_pool pool"

    def scores(stages):
        found = ranked(text, *scene, stages=stages, evidence={("main", "src/pool.py"): 0.5})
        return {each.candidate.id: each.score for each in found}

    assert scores(STAGES) != scores(STAGES - {stage})


def test_with_every_stage_off_there_is_nothing_to_tell_candidates_apart():
    scene = [candidate("b.py", dense=0.9, lexical=3.0), candidate("a.py", dense=0.1, lexical=1.0)]

    assert [(each.candidate.path, each.score) for each in ranked("pool", *scene, stages=frozenset())] == [
        ("a.py", 0.0),
        ("b.py", 0.0),
    ]


def test_several_passages_of_a_file_are_shown_each_for_less():
    scene = [candidate("a.py", lexical=4.0, line=line) for line in (1, 2, 3)]

    found = ranked("pool", *scene, stages=frozenset({"lexical"}))

    assert [each.candidate.span.start_line for each in found] == [1, 2, 3]
    assert [each.score for each in found] == pytest.approx([1.0, 0.6, 0.54])


def test_the_passage_of_a_file_is_chosen_by_meaning_more_than_by_words():
    scene = [
        candidate("a.py", dense=0.9, lexical=2.0, line=1),
        candidate("a.py", dense=0.5, lexical=4.2, line=2),
        candidate("b.py", dense=0.1, lexical=1.0),
    ]

    def first(stages: frozenset[str]) -> int:
        return ranked("merge two trees", *scene, stages=stages)[0].candidate.span.start_line

    assert first(STAGES) == 1
    assert first(STAGES - {"dense"}) == 2


def test_a_weak_definition_counts_only_where_no_other_candidate_defines_the_name():
    offers = candidate("package.py", symbols=(symbol("acquire", "decl", weak=True),))
    defines = candidate("other.py", symbols=(symbol("acquire"),))
    query = analyse("acquire()")

    assert definition(offers, query) > 0
    assert definition(offers, query, defined=frozenset({"acquire"})) == 0
    assert definition(defines, query, defined=frozenset({"acquire"})) == definition(defines, query)
    boosts = {r.candidate.path: r.stages["definition"] for r in ranked("acquire()", offers, defines)}
    assert boosts["package.py"] == 0
    assert boosts["other.py"] > 0


def test_a_weaker_passage_of_a_file_comes_after_other_files():
    scene = [candidate("a.py", lexical=4.0), candidate("a.py", lexical=3.0, line=2), candidate("b.py", lexical=3.0)]

    assert paths("frobnicate", *scene) == ["a.py", "b.py", "a.py"]


def test_a_name_in_a_sentence_says_which_file_and_its_other_words_which_passage():
    scene = [
        candidate("a.py", lexical=2.0, symbols=(symbol("base_url"),)),
        candidate("a.py", lexical=3.0, line=2),
        candidate("b.py", lexical=3.1),
    ]

    def first(text, stages=STAGES):
        best = ranked(text, *scene, stages=stages)[0].candidate
        return best.path, best.span.start_line

    assert first("merge an argument with base_url") == ("a.py", 2)
    assert first("merge an argument with base_url", STAGES - {"definition", "coherence"}) == ("b.py", 1)
    assert first("where is base_url defined") == ("a.py", 1)


def test_one_file_never_fills_the_answer_where_another_matches():
    """Ten passages of a file that fits well hid the one other file that matched at all."""
    scene = [candidate("a.py", dense=0.9, lexical=9.0, line=line) for line in range(20)]
    other = candidate("b.py", dense=0.9, lexical=0.001)

    found = paths("frobnicate", *scene, other, stages=frozenset({"lexical"}))

    assert found == ["a.py"] * 9 + ["b.py"]


def test_one_file_fills_the_answer_where_no_other_matches():
    scene = [candidate("a.py", line=line) for line in range(20)]
    silent = candidate("b.py", dense=None, lexical=0.0)

    assert paths("frobnicate", *scene, stages=frozenset({"lexical"})) == ["a.py"] * 10
    assert paths("frobnicate", *scene, silent, stages=frozenset({"lexical"})) == ["a.py"] * 10


def test_the_limit_is_kept():
    scene = [candidate(f"{n}.py", lexical=n) for n in range(30)]

    assert len(ranked("pool", *scene, limit=7)) == 7
    assert len(ranked("pool", *scene[:3], limit=7)) == 3
    assert paths("pool", *scene, limit=1) == ["29.py"]


def test_ties_are_in_order_of_repository_path_and_line():
    scene = [
        candidate("b.py", repository="one"),
        candidate("a.py", repository="two"),
        candidate("a.py", repository="one", line=2),
        candidate("a.py", repository="one", line=1),
    ]

    found = ranked("pool", *scene, stages=frozenset({"lexical"}))

    assert [(e.candidate.repository, e.candidate.path, e.candidate.span.start_line) for e in found] == [
        ("one", "a.py", 1),
        ("one", "b.py", 1),
        ("two", "a.py", 1),
        ("one", "a.py", 2),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a.py", "b/pool.py", "c.md"]),
            SCORES,
            st.none() | st.floats(0, 9),
            st.sampled_from([(), ("test",), ("test", "init", "declaration")]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 12),
    st.randoms(use_true_random=False),
    st.sampled_from(["pool", "where is the pool test", "open_pool", ""]),
)
def test_the_order_does_not_depend_on_that_of_the_candidates(facts, limit, shuffle: random.Random, text):
    scene = [
        candidate(path, dense=dense, lexical=lexical, line=line, roles=roles)
        for line, (path, dense, lexical, roles) in enumerate(facts)
    ]
    shuffled = shuffle.sample(scene, len(scene))

    found = ranked(text, *scene, limit=limit)

    assert [each.candidate.id for each in found] == [each.candidate.id for each in ranked(text, *shuffled, limit=limit)]
    assert len(found) == min(limit, len(scene))
    assert len({each.candidate.id for each in found}) == len(found)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    others = {each.candidate.path for each in ranked(text, *scene, limit=99) if each.score > 0}
    if limit > 1 and len(others) > 1:
        assert len({each.candidate.path for each in found}) > 1


def test_a_score_is_explained_stage_by_stage():
    (found,) = ranked("where is pool", candidate("pool.py", dense=0.7, lexical=3.0, roles=("test",)))

    assert found.stages.keys() >= {"dense", "lexical", "fused", "definition", "coherence", "path", "role", "repeat"}
    assert (found.stages["dense"], found.stages["lexical"], found.stages["role"]) == (0.7, 3.0, 0.3)


def test_a_line_is_shown_once_however_many_pieces_it_was_cut_into():
    """A ``min.js`` of one line took eight of ten hits."""
    scene = [candidate("a.min.js", dense=0.9, lexical=9.0 - n / 10) for n in range(8)]
    others = [candidate(f"{n}.py", dense=0.2, lexical=1.0) for n in range(3)]

    assert sorted(paths("frobnicate", *scene, *others)) == ["0.py", "1.py", "2.py", "a.min.js"]
