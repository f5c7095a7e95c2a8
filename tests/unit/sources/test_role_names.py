"""Roles as people call them."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import Filters, InvalidRequest

from codebase_core.cli.completion import complete_roles
from codebase_core.search.ranking import ROLE_FACTORS
from codebase_core.sources.role_names import CODE, ROLE_NAMES, with_roles
from codebase_core.sources.roles import roles_of

FILES = {
    "src/pool.py": "python",
    "tests/test_pool.py": "python",
    "examples/demo.py": "python",
    "docs/pool.md": "markdown",
    "setup.toml": "toml",
    "vendor/lib.c": "c",
    "api_pb2.py": "python",
    "pool.pyi": "python",
    "examples/tests/test_demo.py": "python",
}


def passing(only=(), without=()):
    filters = with_roles(Filters(roles=frozenset(only), without_roles=frozenset(without)))
    return [
        path
        for path, language in FILES.items()
        if not (roles := roles_of(path, language)) & filters.without_roles
        and (not filters.roles or roles & filters.roles)
    ]


@pytest.mark.parametrize(
    ("only", "without", "expected"),
    [
        (["tests"], [], ["tests/test_pool.py", "examples/tests/test_demo.py"]),
        (["Test"], ["examples"], ["tests/test_pool.py"]),
        (["docs"], [], ["docs/pool.md"]),
        (["doc", "config"], [], ["docs/pool.md", "setup.toml"]),
        (["code"], [], ["src/pool.py", "pool.pyi"]),
        (["code", "tests"], [], ["src/pool.py", "tests/test_pool.py", "pool.pyi"]),
        (["code"], ["declarations"], ["src/pool.py"]),
        (["third-party"], [], ["vendor/lib.c"]),
        ([], ["tests", "docs", "examples"], ["src/pool.py", "setup.toml", "vendor/lib.c", "api_pb2.py", "pool.pyi"]),
        ([], ["code", "tests"], ["examples/demo.py", "docs/pool.md", "setup.toml", "vendor/lib.c", "api_pb2.py"]),
    ],
)
def test_files_are_those_of_the_roles(only, without, expected):
    assert passing(only, without) == expected


def test_an_unknown_role_lists_the_roles():
    with pytest.raises(InvalidRequest) as caught:
        with_roles(Filters(roles=frozenset({"toast"})))
    assert "'toast'" in caught.value.message
    assert all(name in str(caught.value.hint) for name in (CODE, *ROLE_NAMES))


def test_every_role_that_ranking_holds_back_has_a_name():
    assert set(ROLE_NAMES.values()) == ROLE_FACTORS.keys() - {"init"}


def test_the_shell_completes_roles():
    assert complete_roles(None, None, "co") == ["code", "config", "compat"]
