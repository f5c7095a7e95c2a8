"""The documents say what the code does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from codebase_core_hookspecs import hooks

from .reference import FOLDER, PAGES

DOCS = FOLDER.parent
ROOT = DOCS.parent


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m tests.docs.reference"


def _hooks() -> dict[str, str]:
    found = inspect.getmembers(hooks, inspect.isfunction)
    return {name: str(inspect.signature(f)).replace("'", "") for name, f in found if name.startswith("codebase_core_")}


@pytest.mark.parametrize(("name", "signature"), _hooks().items())
def test_every_hook_is_documented_with_its_signature(name: str, signature: str) -> None:
    assert f"`{name}{signature}`" in (DOCS / "plugins.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]), ids=lambda p: p.name
)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
