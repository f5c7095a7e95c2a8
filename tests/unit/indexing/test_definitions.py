"""Definitions found by keyword, in the languages that people use."""

from __future__ import annotations

import time

import pytest

from codebase_core.builtin.definitions import definitions

CASES = [
    ("python", "class Pool:\n    def get(self):\n", [("Pool", "type", 1), ("get", "function", 2)]),
    ("python", "class Pool(Base):\n\n    async def get(self):\n", [("Pool", "type", 1), ("get", "function", 3)]),
    ("javascript", "export default class Pool extends Base {\n", [("Pool", "type", 1)]),
    ("javascript", "export async function get() {\nconst a = 1\n", [("get", "function", 1), ("a", "const", 2)]),
    (
        "typescript",
        "export interface Pool<T> {\nexport const size: number = 1\n",
        [("Pool", "type", 1), ("size", "const", 2)],
    ),
    ("go", "package db\nfunc (p *Pool) Get() {\n", [("db", "namespace", 1), ("Get", "function", 2)]),
    ("go", "type Pool struct {\n", [("Pool", "type", 1)]),
    (
        "rust",
        "pub(crate) struct Pool<T> {\nimpl Pool {\npub fn get(&self) {\n",
        [("Pool", "type", 1), ("Pool", "impl", 2), ("get", "function", 3)],
    ),
    ("rust", "const MAX: usize = 1;\nmacro_rules! pool {\n", [("MAX", "const", 1), ("pool", "function", 2)]),
    ("java", "public abstract class Pool<T> extends Base {\n", [("Pool", "type", 1)]),
    ("java", "Connection get(int wait) throws Busy {\n", [("get", "function", 1)]),
    ("kotlin", "data class Pool(val size: Int)\nfun <T> get(): T\n", [("Pool", "type", 1), ("get", "function", 2)]),
    ("csharp", "namespace Acme.Data\npublic sealed class Pool : Base\n", [("Data", "namespace", 1), ("Pool", "type", 2)]),
    ("ruby", "module Db::Pool\n  def self.get?\n", [("Pool", "namespace", 1), ("get?", "function", 2)]),
    ("elixir", "defmodule Db.Pool do\n  def get!(x) do\n", [("Pool", "namespace", 1), ("get!", "function", 2)]),
    ("c", "static int pool_get(struct pool *p, int n)\n{\n", [("pool_get", "function", 1)]),
    ("c", "#define POOL_MAX 8\n", [("POOL_MAX", "const", 1)]),
    ("cpp", "enum class Mode : int {\nvoid Pool::get() const {\n", [("Mode", "type", 1), ("get", "function", 2)]),
    ("bash", "get_pool() {\nfunction put_pool {\n", [("get_pool", "function", 1), ("put_pool", "function", 2)]),
    ("swift", "extension Pool: Closable {\n", [("Pool", "impl", 1)]),
    ("php", "final class Pool\n  public function get($n)\n", [("Pool", "type", 1), ("get", "function", 2)]),
    ("scala", "case class Pool(n: Int)\nobject Pool:\n", [("Pool", "type", 1), ("Pool", "type", 2)]),
    ("python", "\n\n\ndef pooled():\n", [("pooled", "function", 4)]),
    ("python", "def größe():\n", [("größe", "function", 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "found"), CASES)
def test_definitions_are_found_with_kind_and_line(language, text, found):
    assert [(s.name, s.kind, s.line) for s in definitions(text.encode(), 1, language)] == found


def test_a_qualified_name_is_kept_beside_the_last_part():
    (symbol,) = definitions(b"module Db::Pool\n", 7, "ruby")

    assert (symbol.name, symbol.qualified_name, symbol.line, symbol.weak) == ("Pool", "Db::Pool", 7, True)


@pytest.mark.parametrize(
    "text", ["classes = 1\n", "x = type(y)\n", "    if (ready()) {\n", "# a class of\n", "define x\n"]
)
def test_what_only_resembles_a_definition_is_none(text):
    assert definitions(text.encode(), 1, "python") == ()


@pytest.mark.parametrize("language", ["markdown", "json", "text", "html"])
def test_prose_and_data_define_nothing(language):
    assert definitions(b"class Pool\ndef get\n", 1, language) == ()


def test_a_name_of_hundreds_of_characters_is_data():
    assert definitions(b"def " + b"a" * 201 + b"():\n", 1, "python") == ()
    assert len(definitions(b"def " + b"a" * 200 + b"():\n", 1, "python")) == 1


@pytest.mark.parametrize(
    "unit", [b"a ", b"(", b"a(", b"a\n", b"a *", b"static ", b"<", b"(a)", b"type <a>", b"a b()\n", b"class ", b"\t", b"a::b"]
)  # fmt: skip
def test_no_chunk_takes_long(unit):
    text = b"int f " + unit * (1_500 // len(unit))
    began = time.perf_counter()

    definitions(text, 1, "cpp")

    assert time.perf_counter() - began < 0.25
