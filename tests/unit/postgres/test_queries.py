"""The statements in files: each named and explained once, each used."""

from __future__ import annotations

import re
from difflib import ndiff
from importlib import resources
from pathlib import Path

import codebase_core_postgres
import pytest
from codebase_core_postgres.sql.loader import queries, query

_PACKAGE = Path(codebase_core_postgres.__path__[0])
_FILES = sorted(file.stem for file in (_PACKAGE / "sql" / "queries").glob("*.sql"))


@pytest.mark.parametrize("file", _FILES)
def test_every_query_is_explained_and_used(file: str) -> None:
    text = resources.files("codebase_core_postgres.sql").joinpath("queries", f"{file}.sql").read_text(encoding="utf-8")
    names = re.findall(r"^-- name: (\w+)\n-- \w", text, re.MULTILINE)
    assert names == list(queries(file)) != []
    sources = "".join(source.read_text(encoding="utf-8") for source in _PACKAGE.rglob("*.py"))
    for name in names:
        whole = file if names == [file] else f"{file}.{name}"
        assert f'"{whole}"' in sources or (f'f"{file}.{{name}}"' in sources and f'("{name}")' in sources), whole


def test_a_filtered_search_differs_in_its_filters_only() -> None:
    plain, filtered = queries("retrieve")["retrieve"], queries("retrieve_filtered")["retrieve_filtered"]
    changed = [line for line in ndiff(plain.splitlines(), filtered.splitlines()) if line[0] in "+-"]
    removed = [line[2:] for line in changed if line[0] == "-"]
    added = "\n".join(line[2:] for line in changed if line[0] == "+")
    eligible, rest = re.split(r"(?<=\[\]\)\),)\n", added, maxsplit=1)
    assert eligible.startswith("eligible AS (")
    assert set(re.findall(r"\$(\d+)", eligible)) == {"6", "7", "8", "9", "10"}
    assert re.findall(r"(\w)\.\w+ IN \(SELECT id FROM eligible\)", rest) == ["t", "e", "y", "c"]
    without = re.sub(r"(  WHERE|(?:    |(?<= ))AND) \w\.\w+ IN \(SELECT id FROM eligible\)(  --.*)?\n?", "", rest)
    without = without.replace("(e.", "e.").replace("given)) + 0", "given)")
    assert without.split() == "\n".join(removed).split()


def test_a_search_in_another_checkout_filters_and_weighs_as_one_in_the_main_one() -> None:
    main, other = (_steps(queries(name)[name]) for name in ("retrieve_filtered", "retrieve_checkout"))
    for name in ("weighed", "known_terms", "wanted", "eligible", "found"):
        there = other[name].replace("{chunks}", "{s}.code_chunks").replace("{files}", "{s}.code_files")
        assert main[name] == there, name


def _steps(sql: str) -> dict[str, str]:
    """Return the steps of a statement by their names."""
    return {each.partition(" ")[0]: each for each in re.split(r"^(?=\w+ AS |SELECT )", sql, flags=re.MULTILINE)}


def test_schemas_are_quoted_and_doubled_braces_are_one() -> None:
    text = query(
        "retrieve", schema='odd"name', vector="public", d=3, end_line="NULL", of_main="", generation=1, rows=7, chunks=8
    )
    assert '"odd""name".manifest' in text
    assert "'{}'" in text
    assert "{{" not in text
    assert text.splitlines()[-1].startswith("-- For at most 8 chunks")
