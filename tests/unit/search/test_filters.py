"""Filters as people type them."""

from __future__ import annotations

import re

import pytest
from codebase_core_hookspecs import Filters, glob_expression

from codebase_core.search.filters import place, with_languages


def matches(glob, path):
    return re.search(glob_expression(glob), path, re.DOTALL) is not None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ts", {"typescript", "tsx"}),
        ("TypeScript", {"typescript", "tsx"}),
        (".ts", {"typescript", "tsx"}),
        ("tsx", {"tsx"}),
        ("jsx", {"javascript"}),
        ("js", {"javascript"}),
        ("py", {"python"}),
        ("python3", {"python"}),
        ("c++", {"cpp"}),
        ("h", {"c"}),
        ("C#", {"csharp"}),
        ("golang", {"go"}),
        ("shell", {"bash", "fish"}),
        ("sh", {"bash"}),
        ("zsh", {"bash"}),
        ("objc", {"objective-c"}),
        ("Objective C", {"objective-c"}),
        ("rb", {"ruby"}),
        ("rs", {"rust"}),
        ("kt", {"kotlin"}),
        ("tf", {"terraform"}),
        ("docker", {"dockerfile"}),
        ("yml", {"yaml"}),
        ("node", {"javascript"}),
        ("cobra", {"cobra"}),
    ],
)
def test_a_language_is_known_by_its_other_names(typed, meant):
    assert with_languages(Filters(languages=frozenset({typed}))).languages == meant


@pytest.mark.parametrize(
    ("glob", "inside", "outside"),
    [
        ("*.{ts,tsx}", ["a.ts", "src/a.tsx"], ["a.js", "a.t"]),
        ("{src,lib}/**/*.py", ["src/a.py", "lib/b/c.py"], ["tests/a.py", "x/src/a.py"]),
        ("src/{a,b{c,d}}/x.py", ["src/a/x.py", "src/bd/x.py"], ["src/b/x.py"]),
        ("{only}.py", ["{only}.py"], ["only.py"]),
        ("[ab]*.py", ["a1.py", "x/b.py"], ["c.py"]),
        ("[!a]x.py", ["bx.py"], ["ax.py"]),
        ("v[0-9].py", ["v7.py"], ["v-.py", "vx.py"]),
        ("app/[id]/page.tsx", ["app/[id]/page.tsx", "app/i/page.tsx"], ["app/x/page.tsx"]),
        ("[z-a].py", ["[z-a].py"], ["b.py"]),
        ("/app", ["app/a.py"], ["lib/app/a.py"]),
        ("app", ["app/a.py", "lib/app/a.py"], ["apple/a.py"]),
        ("**", ["a", "a/b"], []),
    ],
)
def test_a_glob_is_read_as_in_a_shell(glob, inside, outside):
    assert [path for path in inside if not matches(glob, path)] == []
    assert [path for path in outside if matches(glob, path)] == []


def test_a_glob_of_a_million_alternatives_costs_nothing():
    assert len(glob_expression("{a,b}" * 20)) < 1_000


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "shop" / "app" / "models").mkdir(parents=True)
    (tmp_path / "shop" / "app" / "models" / "user.py").touch()
    return tmp_path / "shop"


@pytest.mark.parametrize(
    ("folder", "typed", "placed"),
    [
        (".", "./app", "/app"),
        (".", "app/", "/app"),
        (".", "app/models/*.py", "/app/models/*.py"),
        (".", "{root}/app", "/app"),
        (".", "{root}", "**"),
        (".", ".", "**"),
        ("app", ".", "/app"),
        ("app", "models/user.py", "/app/models/user.py"),
        ("app", "./*.{{py,pyi}}", "/app/*.{{py,pyi}}"),
        ("app/models", "..", "/app"),
        ("app/models", "../**/*.py", "/app/**/*.py"),
        ("app/models", "../../lib", "/lib"),
    ],
)
def test_a_path_is_where_a_shell_has_it(shop, folder, typed, placed):
    written = typed.format(root=shop)
    assert place(written, folder=shop / folder, roots={"shop": str(shop)}) == ("shop", placed.format())


@pytest.mark.parametrize("typed", ["*.py", "models", "src/**/*.py", "**/models", "/elsewhere/app", "../../other"])
def test_other_paths_mean_any_repository(shop, typed):
    assert place(typed, folder=shop / "app", roots={"shop": str(shop)}) == (None, typed)


def test_of_repositories_that_lie_in_one_another_the_inner_one_is_meant(shop):
    roots = {"shop": str(shop), "models": str(shop / "app" / "models")}
    assert place("./models/user.py", folder=shop / "app", roots=roots) == ("models", "/user.py")


def test_a_place_is_found_through_a_link(shop, tmp_path):
    (tmp_path / "link").symlink_to(shop)
    assert place(f"{tmp_path}/link/app", folder=tmp_path, roots={"shop": str(shop)}) == ("shop", "/app")
