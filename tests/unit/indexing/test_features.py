"""What is searched of a chunk, against the formula written out plainly."""

from __future__ import annotations

from collections import Counter
from math import log

import numpy as np
import pytest
from codebase_core_hookspecs import Chunk, Span, Symbol
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.indexing.features import PathTerms, chunk_terms, source_text, text_hash, words_text
from codebase_core.indexing.vectors import joined_with_centroid
from codebase_core.lexical.bm25 import FIELD_LENGTHS, idf, impacts
from codebase_core.lexical.identifiers import identifiers

SPAN = Span(start_line=1, end_line=1, start_byte=0, end_byte=1)
WEIGHTS = {"body": 1.0, "sym": 4.0, "stem": 3.0, "enc": 0.5, "dir": 1.0}


def symbol(name: str, kind: str = "function", *, local: bool = False) -> Symbol:
    return Symbol(name=name, kind=kind, qualified_name=name, line=1, local=local)


def terms(chunk: Chunk, text: str, path: str) -> dict[str, float]:
    names, weights = chunk_terms(chunk, identifiers(text), PathTerms.of(path), FIELD_LENGTHS)
    assert len(names) == len(set(names)) == len(weights)
    return dict(zip(names, weights, strict=True))


def reference(fields: dict[str, list[str]], lengths: dict[str, float]) -> dict[str, float]:
    """Compute BM25F by the letter: per field the count over its length norm, weighted, summed, saturated."""
    found = {}
    for term in {term for words in fields.values() for term in words}:
        total = 0.0
        for name, words in fields.items():
            norm = (1 - 0.75) + 0.75 * len(words) / lengths[name]
            total += WEIGHTS[name] * words.count(term) / norm
        found[term] = total / (1.2 + total)
    return found


WORDS = st.lists(st.sampled_from("abcde"), max_size=12)


@given(st.fixed_dictionaries(dict.fromkeys(WEIGHTS, WORDS)), st.floats(0.5, 50))
def test_impacts_are_those_of_bm25f(fields, length):
    lengths = {name: length * (n + 1) for n, name in enumerate(WEIGHTS)}

    found = impacts({name: Counter(words) for name, words in fields.items()}, lengths)

    assert found == pytest.approx(reference(fields, lengths))
    assert all(0 < impact < 1 for impact in found.values())


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_idf_is_positive_and_falls_with_the_chunks_that_hold_a_term(documents, holding):
    holding = min(holding, documents)

    assert idf(documents, holding) == pytest.approx(log(1 + (documents - holding + 0.5) / (holding + 0.5)))
    assert idf(documents, holding) > 0
    if holding < documents:
        assert idf(documents, holding) > idf(documents, holding + 1)


def test_a_chunk_is_found_by_text_names_scope_file_and_folders():
    chunk = Chunk(span=SPAN, scope="Server.Router", symbols=(symbol("dispatch"),))

    found = terms(chunk, "handler handler", "deep/src/http/routing/table.gen.py")

    assert found == pytest.approx(
        reference(
            {
                "body": ["handler", "handler"],
                "sym": ["dispatch"],
                "enc": ["server", "router"],
                "stem": ["tabl"],
                "dir": ["src", "http", "rout"],
            },
            FIELD_LENGTHS,
        ),
        rel=1e-6,
    )


def test_fields_and_local_names_are_no_names_to_be_found_by():
    chunk = Chunk(span=SPAN, symbols=(symbol("size", "field"), symbol("helper", local=True), symbol("pool")))

    assert set(terms(chunk, "", "x.py")) == {"pool", "x"}


@pytest.mark.parametrize(
    ("path", "stem", "folders", "label"),
    [
        ("pool.py", {"pool"}, set(), ["pool"]),
        ("a/b/c/d/pool.test.ts", {"pool"}, {"b", "c", "d"}, ["a", "b", "c", "d", "pool", "test"]),
        ("src/.eslintrc", {"eslintrc"}, {"src"}, ["src", "eslintrc"]),
        ("v1.2/Makefile", {"makefil"}, {"v1", "v"}, ["v1", "Makefile"]),
    ],
)
def test_a_path_is_searched_by_its_parts(path, stem, folders, label):
    found = PathTerms.of(path)

    assert set(found.stem) == stem
    assert set(found.folders) == folders
    assert [word for word in found.label if not word.isdigit()] == label


def test_an_embedder_of_words_reads_path_scope_names_and_text_as_words():
    chunk = Chunk(span=SPAN, scope="HttpServer", symbols=tuple(symbol(f"fn{letter}") for letter in "abcdefgh"))

    text = words_text(chunk, identifiers("x = getURL(1)"), PathTerms.of("net/server.py"))

    names = "http server fna fnb fnc fnd fne fnf"
    assert text == f"net server {names} {names} {names} {names} x get url"


def test_a_dear_embedder_reads_a_label_and_the_code_as_it_is():
    chunk = Chunk(span=SPAN, scope="Server", symbols=(symbol("start"), symbol("stop")))

    assert source_text(chunk, "x = 1\n") == "Server start, stop\nx = 1\n"
    assert source_text(Chunk(span=SPAN), "x = 1\n") == "x = 1\n"


def test_texts_that_differ_have_other_hashes():
    assert len(text_hash("a")) == 16
    assert text_hash("a") == text_hash("a") != text_hash("b")
    assert text_hash("\ud800")


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_row_joined_with_its_files_centroid_is_of_unit_length_or_silent(rows):
    given_rows = np.array(rows, dtype=np.float32)
    lengths = np.linalg.norm(given_rows, axis=1, keepdims=True)
    unit = np.divide(given_rows, lengths, out=np.zeros_like(given_rows), where=lengths > 1e-3)

    joined = joined_with_centroid(unit.copy())

    centroid = unit.sum(axis=0)
    size = np.linalg.norm(centroid)
    for row, found in zip(unit, joined, strict=True):
        wanted = row + (centroid / size if size > 0 else 0)
        if not row.any():
            assert not found.any()
        elif np.linalg.norm(wanted) > 1e-3 and (size > 1e-3 or size == 0):
            assert found == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-3)
