"""What is on disk becomes UTF-8 without NUL and byte order mark, or is skipped with a reason."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.sources.decode import Undecodable, decode


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        ("naïve 😀".encode(), "naïve 😀"),
        (codecs.BOM_UTF8 + b"marked", "marked"),
        ("breit 😀".encode("utf-16"), "breit 😀"),
        (codecs.BOM_UTF16_BE + "breit 😀".encode("utf-16-be"), "breit 😀"),
        (b"a\r\nb\x0c\x1b", "a\r\nb\x0c\x1b"),
    ],
)
def test_text_is_decoded(data, text):
    assert decode(data) == text.encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF16_LE, "empty"),
        (b"\x7fELF\0\0\0", "binary"),
        (b"x" * 100_000 + b"\0", "binary"),
        ("a\0b".encode("utf-16"), "binary"),
        ("wide".encode("utf-32"), "binary"),
        ("no mark".encode("utf-16-le"), "binary"),
        ("café".encode("latin-1"), "not UTF-8"),
        (b"\xed\xa0\x80", "not UTF-8"),
        (b"cut \xf0\x9f\x98", "not UTF-8"),
        (b"\xff\xfe\x00\xd8", "not UTF-8"),
        (codecs.BOM_UTF16_LE + b"odd", "not UTF-8"),
    ],
)
def test_what_is_no_text_is_skipped_with_a_reason(data, reason):
    with pytest.raises(Undecodable) as caught:
        decode(data)

    assert caught.value.reason == reason


@given(st.binary() | st.text().map(lambda text: text.encode("utf-16", "surrogatepass")) | st.text().map(str.encode))
def test_nothing_that_a_store_refuses_comes_through(data):
    try:
        text = decode(data)
    except Undecodable:
        return

    assert text.strip()
    assert text.decode("utf-8", "strict")
    assert b"\0" not in text


@given(st.text(alphabet=st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"])))
def test_valid_text_comes_through_as_it_is(text):
    if text.encode().strip():
        assert decode(text.encode()) == decode(text.encode("utf-16")) == text.encode()
