"""Query analysis: a name, a sentence, or anything else that somebody types."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.search.query import MAX_CHARACTERS, analyse


@pytest.mark.parametrize(
    ("text", "name", "qualifiers"),
    [
        ("ConnectionPool", "connectionpool", ()),
        ("connection_pool", "connection_pool", ()),
        ("getUrl", "geturl", ()),
        ("Pool", "pool", ()),
        ("HTTPServer", "httpserver", ()),
        ("_private", "_private", ()),
        ("Pool.get", "get", ("pool",)),
        ("std::Pool::get", "get", ("std", "pool")),
        ("Pool::~Pool", "pool", ("pool",)),
        ("pool->get", "get", ("pool",)),
        ("Pool#get", "get", ("pool",)),
        ("App\\Db\\Pool", "pool", ("app", "db")),
        ("  Pool  ", "pool", ()),
        ("Größe", "größe", ()),
    ],
)
def test_a_name_is_looked_up_as_a_definition(text, name, qualifiers):
    query = analyse(text)

    assert query.kind == "symbol"
    assert query.names == {name: qualifiers}


@pytest.mark.parametrize(
    "text", ["where are connections pooled", "pool", "pool size", "What is a Pool?", "Pool get", "a.b c.d", "get()"]
)
def test_what_could_be_words_is_a_sentence(text):
    assert analyse(text).kind == "sentence"


def test_stop_words_are_no_terms():
    assert analyse("where are the connections pooled").terms == {"connect": 1.0, "pool": 1.0}


def test_a_query_of_stop_words_alone_keeps_them():
    query = analyse("how is it used")

    assert set(query.terms) == {"how", "is", "it", "use"}
    assert query.words == ()


def test_a_name_keeps_its_stop_words():
    assert analyse("is_in").terms == {"is_in": 1.0, "is": 1.0, "in": 1.0}


def test_a_word_that_is_repeated_weighs_more():
    assert analyse("retry the retries").terms == {"retri": 2.0}


def test_names_in_a_sentence_are_looked_up_too():
    query = analyse("how does ConnectionPool call open_socket and Pool::get in the pool")

    assert query.names == {"connectionpool": (), "open_socket": (), "get": ("pool",)}


@pytest.mark.parametrize(
    "text",
    [
        "where is ConnectionPool defined",
        "Where is the class `ConnectionPool`?",
        "definition of ConnectionPool",
        "show me the ConnectionPool struct",
        "ConnectionPool()",
    ],
)
def test_a_sentence_that_asks_for_nothing_but_a_definition_is_the_name(text):
    assert analyse(text) == analyse("ConnectionPool")


@pytest.mark.parametrize(
    "text",
    [
        "where is the pool defined",
        "how does ConnectionPool close",
        "where are Pool and Client defined",
        "find the class",
    ],
)
def test_a_sentence_that_asks_for_more_stays_one(text):
    assert analyse(text).kind == "sentence"


def test_a_single_word_may_be_a_name():
    assert analyse("pool").names == analyse("pool()").names == {"pool": ()}
    assert analyse("pool size").names == {}


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("what is in src/pool.py", ("src/pool.py",)),
        ("pool.py", ("pool.py",)),
        ("./src/pool", ("src/pool",)),
        ("../lib/a-b.ts and /etc/hosts", ("lib/a-b.ts", "etc/hosts")),
        ("connection-pool.test.ts", ("connection-pool.test",)),
        ("no file here", ()),
        ("../..", ()),
        ("/. and /..", ()),
        ("and/or", ("and/or",)),
    ],
)
def test_files_in_a_query_are_looked_for_by_path(text, paths):
    assert analyse(text).paths == paths


def test_words_for_paths_are_split_lower_case_and_without_repeats():
    assert analyse("the HTTPServer and the http server x db").words == ("http", "server", "db")


def test_files_of_a_role_are_asked_for_not_mentioned():
    assert analyse("tests for the pool").asked == {"test"}
    assert analyse("code to use for tests").asked == frozenset()


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "😀 🎉", "?!", "\0\x01\x1b", "٣", "1"])
def test_a_query_without_words_asks_for_nothing(text):
    query = analyse(text)

    assert (query.kind, query.terms, query.names, query.paths, query.words) == ("sentence", {}, {}, (), ())


def test_a_query_in_sql_is_words_like_any_other():
    query = analyse("'; DROP TABLE code_chunks; -- SELECT * FROM users WHERE name = 'x'")

    assert query.kind == "sentence"
    assert {"drop", "tabl", "code_chunks", "user"} <= query.terms.keys()
    assert query.names == {"code_chunks": ()}


def test_control_characters_are_no_part_of_a_term():
    query = analyse("\x1b[31mpool\0size\x07")

    assert all(term.isalnum() for term in query.terms)
    assert "size" in query.terms


def test_what_is_beyond_the_limit_is_not_read():
    query = analyse("pool " * MAX_CHARACTERS + "secret")

    assert query.terms == {"pool": MAX_CHARACTERS / 5}
    assert len(query.text) <= MAX_CHARACTERS


@pytest.mark.parametrize("unit", ["word ", "a", "A", "a-", "a.", "a/", "::", "a_", "->", ".", "/", "é", "\\", "a.b:"])
def test_no_query_takes_long(unit):
    began = time.perf_counter()

    analyse(unit * 10_000)

    assert time.perf_counter() - began < 0.25


@given(st.text(max_size=100))
def test_every_text_is_allowed(text):
    query = analyse(text)

    assert all(weight >= 1 for weight in query.terms.values())
    assert all(query.paths)
    assert all(name == name.lower() for name in query.names)
