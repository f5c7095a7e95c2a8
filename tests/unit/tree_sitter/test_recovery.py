"""A broken function costs that function only; what keywords find in it is marked weak."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import SourceFile, Symbol
from codebase_core_tree_sitter.plugin import chunk

BROKEN = {
    "c": "int broken( {\n",
    "cpp": "int broken( {\n",
    "csharp": "class Broken { void broken( { }\n",
    "go": "func broken( {\n",
    "haskell": "broken = ( 2\n",
    "java": "class Broken { void broken( { }\n",
    "javascript": "function broken( {\n",
    "kotlin": "fun broken( {\n}\n",
    "php": "function broken( {\n}\n",
    "python": "def broken(:\n    pass\n",
    "rust": "fn broken( {\n",
    "typescript": "function broken( {\n",
}
FIRST_AND_LAST = {
    "c": ("int first(void) { return 1; }\n", "int last(void) { return 1; }\n"),
    "cpp": ("int first() { return 1; }\n", "class last { };\n"),
    "csharp": ("class first { }\n", "class last { }\n"),
    "go": ("func first() {}\n", "func last() {}\n"),
    "haskell": ("first = 1\n", "last = 3\n"),
    "java": ("class first { }\n", "class last { }\n"),
    "javascript": ("function first() {}\n", "function last() {}\n"),
    "kotlin": ("fun first() {}\n", "fun last() {}\n"),
    "php": ("<?php\nfunction first() {}\n", "function last() {}\n"),
    "python": ("def first(): ...\n", "def last(): ...\n"),
    "rust": ("fn first() {}\n", "fn last() {}\n"),
    "typescript": ("function first() {}\n", "function last() {}\n"),
}


def symbols(text: str, language: str) -> list[Symbol]:
    chunks = chunk(SourceFile(path="x", language=language, text=text.encode()), {})
    assert chunks is not None
    return [symbol for each in chunks for symbol in each.symbols]


@pytest.mark.parametrize("language", BROKEN)
def test_a_broken_function_costs_that_function_only(language: str) -> None:
    first, last = FIRST_AND_LAST[language]
    found = {each.name for each in symbols(first + BROKEN[language] + last, language)}
    assert {"first", "last"} <= found


def test_both_sides_of_a_conflict_are_read() -> None:
    text = "class A {\n<<<<<<< HEAD\n  void b() {}\n=======\n  void c() {}\n>>>>>>> other\n  void d() {}\n}\n"
    assert [(each.qualified_name, each.weak) for each in symbols(text, "java")] == [
        ("A", False),
        ("A.b", False),
        ("A.c", False),
        ("A.d", False),
    ]


def test_what_keywords_find_is_weak() -> None:
    found = symbols("SYSCALL_DEFINE1(close, unsigned int, fd)\n{\n  return 0;\n}\nint after(void) { return 1; }\n", "c")
    assert [(each.name, each.weak) for each in found] == [("close", True), ("after", False)]


def test_a_namespace_without_braces_holds_the_rest_of_the_file() -> None:
    text = "namespace Acme.App;\npublic class Repo { public void Save() { } }\n"
    assert [each.qualified_name for each in symbols(text, "csharp")] == [
        "Acme.App",
        "Acme.App.Repo",
        "Acme.App.Repo.Save",
    ]
