"""What a file's path says about a query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.search.paths import PathWords, file_stem, similar, word_weights


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("src/pool.py", "pool"),
        ("src/pool.test.ts", "pool.test"),
        ("src/pool.d.ts", "pool"),
        ("src/pool/__init__.py", "pool"),
        ("src/pool/index.js", "pool"),
        ("src/pool/Main.java", "pool"),
        ("main.go", "main"),
        ("src/.eslintrc", ".eslintrc"),
        ("Makefile", "Makefile"),
    ],
)
def test_a_file_is_known_by_its_name_or_its_folders(path, stem):
    assert file_stem(path) == stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pool", "pool"),
        ("pooling", "pools"),
        ("con", "connection"),
        ("configure", "configuration"),
        ("abcdex", "abcdey"),
        ("abcdef", "abcdefghij"),
        ("abcdefxx", "abcdefghij"),
    ],
)
def test_words_that_agree(one, other):
    assert similar(one, other)
    assert similar(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("pool", "poet"), ("co", "connection"), ("interface", "internal"), ("abcdx", "abcdy"), ("abcdexxxx", "abcdeyyyy")],
)
def test_words_that_do_not(one, other):
    assert not similar(one, other)
    assert not similar(other, one)


def match(path: str, *words: str, **weights: float):
    return PathWords(words, {word: weights.get(word, 1.0) for word in words}).match(path)


def test_a_name_that_is_the_query_matches_wholly():
    found = match("src/http/RetryMiddleware.php", "retry", "middleware")

    assert (found.name, found.folders, found.coverage) == (1.0, 0.0, 1.0)


def test_words_count_by_their_weight():
    found = match("src/pool.py", "pool", "connections", pool=3.0)

    assert found.name == pytest.approx(0.75)


def test_folders_add_what_the_name_does_not_say():
    found = match("deep/http/retry/pool.py", "pool", "retry", "http", "deep", retry=2.0)

    assert (found.name, found.folders) == (0.2, 0.6)


def test_a_name_that_says_more_than_the_query_is_covered_in_part():
    assert match("src/connection_pool_test.py", "pool").coverage == pytest.approx(1 / 3)


def test_a_name_that_says_something_else_matches_nothing():
    found = match("src/stack.py", "retry", "middleware")

    assert (found.name, found.folders, found.coverage) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("path", "words"), [("src/pool.py", []), ("src/+++", ["pool"])])
def test_without_words_nothing_matches(path, words):
    found = match(path, *words)

    assert (found.name, found.folders, found.coverage) == (0.0, 0.0, 0.0)


WORDS = st.lists(st.sampled_from(["pool", "pools", "http", "retry", "x", "größe"]), unique=True, max_size=5)
PATHS = st.lists(st.sampled_from(["pool", "http-retry.py", "index.ts", "a b", "größe.rs", "...", "é"]), min_size=1)


@given(PATHS.map("/".join), WORDS, st.floats(0, 5))
def test_shares_lie_between_nothing_and_all(path, words, weight):
    found = PathWords(words, dict.fromkeys(words, weight)).match(path)

    assert 0 <= found.name <= 1
    assert 0 <= found.folders <= 1 - found.name + 1e-9
    assert 0 <= found.coverage <= 1


def test_a_rare_word_weighs_more_and_an_unknown_one_as_much_as_the_rarest():
    weights = word_weights(["connections", "pool", "quux"], {"connect": 1.0, "pool": 4.0})

    assert weights == {"connections": 1.0, "pool": 2.0, "quux": 2.0}


def test_without_an_index_words_weigh_alike():
    assert word_weights(["a", "b"], {}) == {"a": 1.0, "b": 1.0}
