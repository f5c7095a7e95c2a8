"""Identifiers, the words they are made of, and the terms that are counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.lexical.identifiers import MAX_LENGTH, identifiers, parts, split_words, words_and_numbers
from codebase_core.lexical.terms import count_terms, stem, terms_of


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("pool", ("pool",)),
        ("connectionPool", ("connection", "pool")),
        ("ConnectionPool", ("connection", "pool")),
        ("connection_pool", ("connection", "pool")),
        ("CONNECTION_POOL", ("connection", "pool")),
        ("getHTTPResponse2", ("get", "http", "response2")),
        ("HTTPServer", ("http", "server")),
        ("utf8Decoder", ("utf8", "decoder")),
        ("parseUtf32Text", ("parse", "utf32", "text")),
        ("sha256_hash", ("sha256", "hash")),
        ("H264Decoder", ("h264", "decoder")),
        ("x86_64", ("x86", "64")),
        ("md5sum", ("md5", "sum")),
        ("__init__", ("init",)),
        ("_", ()),
        ("x1y2", ("x1", "y2")),
        ("méthodeAppelée", ("methode", "appelee")),
        ("HTTPRéponse2", ("http", "reponse2")),
        ("получитьДанные", ("получить", "данные")),
        ("読み込み_テスト", ("読み込み", "テスト")),
        ("한국어Parser", ("한국어", "parser")),
        ("用户login", ("用户", "login")),
        ("हिन्दी_पाठ", ("हिनदी", "पाठ")),
    ],
)
def test_an_identifier_is_split_at_underscores_case_and_digits(identifier, words):
    assert parts(identifier) == words


def test_identifiers_are_found_in_order_with_repeats():
    assert identifiers("if (a.getUrl() == a_1) { return 'naïve 2x' }") == [
        "if", "a", "getUrl", "a_1", "return", "naïve", "x",
    ]  # fmt: skip


def test_numbers_are_words_of_a_question_alone():
    assert words_and_numbers("error 404 on port 8080, 3 times, 0x1F") == [
        "error",
        "404",
        "on",
        "port",
        "8080",
        "times",
        "x1F",
    ]
    assert identifiers("error 404") == ["error"]


def test_marks_belong_to_their_letters():
    assert identifiers("हिन्दी ที่นี่ größe") == ["हिन्दी", "ที่นี่", "größe"]
    assert count_terms("größe").keys() == count_terms("größe").keys()


def test_a_sentence_without_spaces_is_no_data():
    assert "".join(identifiers("審批" * MAX_LENGTH)) == "審批" * MAX_LENGTH


def test_long_runs_of_letters_are_data():
    assert identifiers("a" * MAX_LENGTH + " " + "b" * (MAX_LENGTH + 1)) == ["a" * MAX_LENGTH]


def test_a_single_word_is_one_term_its_stem():
    assert terms_of("pooling") == terms_of("pooled") == terms_of("Pools") == ("pool",)


def test_a_compound_is_kept_whole_beside_the_stems_of_its_parts():
    assert terms_of("getConnections") == ("getconnections", "get", "connect")
    assert terms_of("utf8") == ("utf8", "utf")
    assert terms_of("parseUtf32Texts") == ("parseutf32texts", "pars", "utf32", "utf", "32", "text")


@pytest.mark.parametrize(
    ("asked", "held", "other"),
    [
        ("sha512", "sha512_hash", "sha256_hash"),
        ("h265 decode", "h265_decode", "h264_decode"),
        ("utf32 text", "parseUtf32Text", "parseUtf16Text"),
        ("IPv6 address", "is_ipv6_address", "is_ipv4_address"),
        ("base32", "Base32Encoder", "Base64Encoder"),
        ("handle 404", "handle404", "handle500"),
        ("x86 64", "arch_x86_64", "arch_x86_32"),
        ("utf8", "UTF8Reader", "UTF16Reader"),
        ("审批流程", "采购订单自动审批流程", "采购订单自动付款"),
        ("在庫", "在庫を確認する処理", "出荷を確認する処理"),
        ("확인", "재고확인처리", "재고출하처리"),
        ("ไทย", "แปลภาษาไทย", "แปลภาษาลาว"),
        ("税", "计算税额", "计算金额"),
    ],
)
def test_what_tells_two_names_apart_is_a_term(asked, held, other):
    wanted = count_terms(asked).keys()
    assert len(wanted & count_terms(held).keys()) > len(wanted & count_terms(other).keys())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("connectionPool", "connection_pooling"),
        ("HTTPServer", "http server"),
        ("Größe", "größe"),
        ("読み込み", "読み込み"),
        ("naïve", "NaïveBayes naïve"),
        ("methode", "méthodeAppelée"),
    ],
)
def test_what_means_the_same_shares_a_term(one, other):
    assert count_terms(one).keys() & count_terms(other).keys()


def test_a_word_in_another_script_is_kept_whole():
    for word in ("größe", "чтение", "読み込み", "été", "हिन्दी", "ที่นี่"):
        assert word in count_terms(f"x = {word}(1)")


def test_terms_are_counted():
    assert count_terms("pool pools Pool openPool") == {"pool": 4, "openpool": 1, "open": 1}


def test_numbers_and_punctuation_are_no_terms():
    assert count_terms("1 + 2 = 0x1F; // ... 😀") == {"x1f": 1, "x1": 1, "x": 1, "f": 1}


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_counted(text):
    counted = count_terms(text)

    assert all(term and count > 0 for term, count in counted.items())
    assert all(len(term) <= 2 * MAX_LENGTH for term in counted)
    assert counted == count_terms(text)


@given(st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=30))
def test_a_term_of_a_word_is_found_whatever_stands_around_it(word):
    assert count_terms(word).keys() <= count_terms(f"({word}), [{word}];").keys()


def test_split_words_is_the_words_without_the_rest():
    assert split_words(identifiers("def getURL(self): return 1")) == "def get url self return"


def test_stems_are_english():
    assert [stem(word) for word in ("connections", "connected", "indexing", "indexes")] == [
        "connect", "connect", "index", "index",
    ]  # fmt: skip
