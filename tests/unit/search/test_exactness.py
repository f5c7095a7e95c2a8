"""Exact names first: which definition somebody means who writes a name, with or without what is around it."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import Symbol
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.search.exactness import (
    ENDING,
    FILE,
    FOLDER,
    INEXACT,
    LAST_PART,
    OTHER_CASE,
    OTHER_CASE_ENDING,
    SAME,
    asked_name,
    exactness,
)
from codebase_core.search.names import readings
from codebase_core.search.query import analyse

from .test_ranking import candidate, paths, ranked, symbol

WORDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)


def level(asked: str, qualified: str, path: str = "src/a.py") -> int:
    name = qualified.rpartition(".")[2]
    return exactness(Symbol(name=name, kind="method", qualified_name=qualified, line=1), path, readings(asked)[-1])


@pytest.mark.parametrize(
    ("asked", "qualified", "path", "expected"),
    [
        ("Flask.make_response", "Flask.make_response", "src/flask/app.py", SAME),
        ("Flask::make_response", "Flask.make_response", "src/flask/app.py", SAME),
        ("Flask.make_response", "make_response", "src/flask/helpers.py", INEXACT),
        ("flask.app.Flask.make_response", "Flask.make_response", "src/flask/app.py", ENDING),
        ("Session.execute", "orm.Session.execute", "a.cs", ENDING),
        ("session.execute", "Session.execute", "orm.py", OTHER_CASE),
        ("session.Execute", "orm.Session.execute", "a.cs", OTHER_CASE_ENDING),
        ("Session.execute", "AsyncSession.execute", "asyncio.py", INEXACT),
        ("orm.Session.execute", "Session.execute", "db/lib.py", LAST_PART),
        ("helpers.make_response", "make_response", "src/flask/helpers.py", FILE),
        ("flask.make_response", "make_response", "src/flask/__init__.py", FILE),
        ("cobra.Execute", "Execute", "cobra/command.go", FOLDER),
        ("cobra.Execute", "Command.Execute", "cobra/command.go", INEXACT),
        ("json.dumps", "JSONProvider.dumps", "src/json/provider.py", INEXACT),
        ("make_response", "Flask.make_response", "src/flask/app.py", SAME),
        ("Make_Response", "Flask.make_response", "src/flask/app.py", OTHER_CASE),
        ("make", "Flask.make_response", "src/flask/app.py", INEXACT),
    ],
)
def test_a_qualifier_agrees_as_a_whole_by_its_end_by_its_last_part_or_by_the_file(asked, qualified, path, expected):
    assert level(asked, qualified, path) == expected


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=3))
def test_no_other_definition_is_more_exact_than_the_one_that_is_written(parts, others):
    written, other = ".".join(parts), ".".join([*others, parts[-1]])

    assert level(written, written) == SAME
    assert level(written, other) <= SAME
    assert level(written, other) < SAME or len(parts) == 1 or other == written


@pytest.mark.parametrize("text", ["where are connections pooled", "make response", "", "a/b.py"])
def test_a_sentence_is_no_name(text):
    assert asked_name(analyse(text)) is None


@pytest.mark.parametrize(
    ("text", "plain"), [("redirect", True), ("make_response", False), ("Flask.run", False), ("URL", False)]
)
def test_a_single_word_may_be_a_name(text, plain):
    asked = asked_name(analyse(text))

    assert asked is not None
    assert asked.plain == plain


def test_the_definition_with_the_qualifier_comes_before_all_others_whatever_their_words_say():
    """``Session.execute`` showed that of AsyncSession, and ``Flask.make_response`` the function of the module."""
    scene = [
        candidate(
            "asyncio/session.py",
            dense=0.9,
            lexical=9.0,
            symbols=(symbol("execute", "method", qualified="AsyncSession.execute"),),
        ),
        candidate("execute.py", dense=0.9, lexical=9.0, symbols=(symbol("execute"),)),
        candidate("mention.py", dense=0.9, lexical=30.0),
        candidate(
            "orm.py", dense=0.1, lexical=1.0, symbols=(symbol("execute", "method", qualified="Session.execute"),)
        ),
        candidate(
            "orm/test.py",
            lexical=9.0,
            roles=("test",),
            symbols=(symbol("execute", "method", qualified="Session.execute"),),
        ),
        candidate("view.py", lexical=9.0, symbols=(symbol("execute", "method", qualified="view.session.execute"),)),
    ]

    assert paths("Session.execute", *scene)[:3] == ["orm.py", "orm/test.py", "view.py"]


def test_definitions_of_a_bare_name_come_before_what_mentions_it_and_by_kind():
    """``relationship`` was not among the first ten: documentation filled them."""
    scene = [
        *(candidate(f"doc/{n}.html", dense=0.9, lexical=30.0 + n, roles=("documentation",)) for n in range(12)),
        candidate("c.py", symbols=(symbol("relationship", "field"),)),
        candidate("b.py", symbols=(symbol("relationship", "method", qualified="Mapper.relationship"),)),
        candidate("a.py", dense=0.0, lexical=0.1, symbols=(symbol("relationship"),)),
        candidate("tests/a.py", roles=("test",), symbols=(symbol("relationship"),)),
    ]

    assert paths("relationship", *scene)[:3] == ["a.py", "b.py", "tests/a.py"]


def test_a_word_of_prose_is_not_taken_for_a_key_a_heading_or_a_name_in_other_case():
    scene = [
        candidate("settings.json", symbols=(symbol("middleware", "field"),)),
        candidate("docs/a.md", symbols=(symbol("middleware", "namespace"),)),
        candidate("b.py", symbols=(symbol("Middleware", "type"),)),
        candidate("c.py", dense=0.9, lexical=9.0),
    ]

    assert all(each.stages["exact"] == 0 for each in ranked("middleware", *scene))


def test_scores_go_on_falling_after_the_exact_ones():
    scene = [
        candidate(f"{n}.py", lexical=n, symbols=(symbol("run_all", kind),))
        for n, kind in enumerate(["type", "method", "const"])
    ]
    found = ranked("run_all", *scene, *(candidate(f"m{n}.py", lexical=9.0) for n in range(4)))

    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert [each.candidate.path for each in found][:3] == ["0.py", "1.py", "2.py"]
