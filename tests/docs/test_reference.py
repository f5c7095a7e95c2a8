"""The documents say what the code does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from codebase_core_hookspecs import hooks

from codebase_core.testing import PackageConformance, checked

from .contract import PARTS
from .reference import FOLDER, PAGES

DOCS = FOLDER.parent
ROOT = DOCS.parent
TESTED = ("conformance/test_bundled.py", "integration/test_stores.py", "integration/test_registry.py")


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m tests.docs.reference"


def _hooks() -> dict[str, str]:
    found = inspect.getmembers(hooks, inspect.isfunction)
    return {name: str(inspect.signature(f)).replace("'", "") for name, f in found if name.startswith("codebase_core_")}


@pytest.mark.parametrize(("name", "signature"), _hooks().items())
def test_every_hook_has_a_page_with_its_signature_and_is_in_the_list(name: str, signature: str) -> None:
    page = f"reference/hooks/{name.removeprefix('codebase_core_')}.md"
    text = (DOCS / page).read_text(encoding="utf-8")
    assert f"`{name}{signature}`" in text
    for part in ("When it is called", "Arguments", "What it returns", "Order", "Plugins that use it"):
        assert f"**{part}.**" in text
    assert f"[`{name}`]({page})" in (DOCS / "plugins.md").read_text(encoding="utf-8")


def test_every_hook_is_covered_by_a_kit_that_bundled_plugins_pass() -> None:
    assert {kind.__name__ for kind in checked.KITS} == {descriptor for descriptor, _ in PARTS.values()}
    assert {f"codebase_core_{name}" for name in PARTS} == set(_hooks())
    tested = "".join((ROOT / "tests" / file).read_text() for file in TESTED)
    for kit in (*checked.KITS.values(), PackageConformance):
        assert f"({kit.__name__})" in tested, kit


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda p: p.name)
def test_every_page_is_in_the_table_of_contents(page: Path) -> None:
    name = page.relative_to(DOCS).with_suffix("").as_posix()
    assert name == "index" or f"\n{name}\n" in (DOCS / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]), ids=lambda p: p.name
)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
