"""What is read out of a name that somebody asks for."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.search.names import folded, readings


def asked(text):
    return {spelling for reading in readings(text) for spelling in reading.spellings()}


@pytest.mark.parametrize(
    ("asked_for", "defined"),
    [
        ("hello/1", "hello"),
        ("f()", "f"),
        ("f(int, char *)", "f"),
        ("Pool.get(key)", "get"),
        ("Box<T>", "Box"),
        ("r#type", "type"),
        ("type", "r#type"),
        ("openDoor", "#openDoor"),
        ("Vault#openDoor", "#openDoor"),
        ("$total", "total"),
        ("total", "$total"),
        ("@name", "name"),
        ("Zoo::~Zed", "~Zed"),
        ("~Zed", "Zed"),
        ("`acquire`", "acquire"),
        ("acquire?", "acquire"),
        ("admin?()", "admin?"),
        ("App\\Db\\Pool", "Pool"),
        ("pool->get", "get"),
        ("pool:get", "get"),
        ("std::vector<int>::push_back", "push_back"),
        (normalize("NFD", "Größe"), normalize("NFC", "Größe")),
        (normalize("NFC", "Größe"), normalize("NFD", "Größe")),
    ],
)
def test_a_name_is_looked_up_in_the_spellings_of_every_language(asked_for, defined):
    assert defined.lower() in asked(asked_for)


@given(name=st.text(min_size=1).map(str.strip).filter(bool), scope=st.text(alphabet="ab.:#"))
def test_whatever_a_name_holds_it_is_looked_up_as_it_is_written(name, scope):
    assert name.lower() in asked(name)
    assert any(reading.is_spelled(name) for reading in readings(f"{scope}.{name}"))


def test_qualifiers_are_what_stands_before_the_name():
    assert [(r.name, r.qualifiers) for r in readings("Zoo::Vault.#open")] == [
        ("Zoo::Vault.#open", ()),
        ("Vault.#open", ("zoo",)),
        ("#open", ("zoo", "vault")),
        ("open", ("zoo", "vault")),
    ]


def test_a_long_chain_is_cheap():
    assert len(readings("a." * 4_000)) < 40


@given(st.text())
def test_folding_a_folded_name_changes_nothing_more_than_composition(text):
    assert folded(normalize("NFD", text)) == folded(normalize("NFC", text))
