"""What people call the roles of files: tests, docs, examples, …, and code for all that has none of these."""

from __future__ import annotations

from dataclasses import replace

from codebase_core_hookspecs import Filters, InvalidRequest

CODE = "code"
ROLE_NAMES = {
    "tests": "test",
    "docs": "documentation",
    "examples": "example",
    "config": "configuration",
    "vendored": "vendored",
    "generated": "generated",
    "minified": "minified",
    "declarations": "declaration",
    "compat": "compat",
    "translations": "translation",
}
"""The role of an index by the name that is shown."""

_ALIASES = {
    "test": "spec specs testing",
    "documentation": "doc",
    "example": "sample samples demo demos",
    "configuration": "configs settings",
    "vendored": "vendor third-party third_party",
    "compat": "legacy deprecated",
    "translation": "locale locales i18n",
}
_BY_NAME = (
    {role: role for role in ROLE_NAMES.values()}
    | ROLE_NAMES
    | {alias: role for role, group in _ALIASES.items() for alias in group.split()}
)
_ASIDE = frozenset(
    {"test", "documentation", "example", "configuration", "vendored", "generated", "minified", "translation"}
)
"""What a file of code is not; a declaration or a compatibility layer is code."""


def with_roles(filters: Filters) -> Filters:
    """Return the filters with roles as an index names them; raise InvalidRequest for a name that is none.

    ``code`` beside other roles adds to them: code and tests are all but documentation, examples and so on.
    """
    if not filters.roles and not filters.without_roles:
        return filters
    roles, without = _named(filters.roles), _named(filters.without_roles)
    if CODE in roles:
        roles, without = frozenset(), (without | _ASIDE) - roles
    if CODE in without:
        roles, without = roles or _ASIDE, without - {CODE}
    return replace(filters, roles=roles, without_roles=without)


def _named(names: frozenset[str]) -> frozenset[str]:
    return frozenset(_role(name) for name in names)


def _role(name: str) -> str:
    folded = name.strip().lower()
    if folded == CODE:
        return CODE
    if folded not in _BY_NAME:
        raise InvalidRequest(f"{name!r} is not a role of files", hint=f"roles: {', '.join([CODE, *ROLE_NAMES])}")
    return _BY_NAME[folded]
