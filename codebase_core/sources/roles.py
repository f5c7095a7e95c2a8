"""Roles of a file, by its path: ranking holds back what is rarely the answer."""

from __future__ import annotations

import re
from functools import lru_cache

_TEST_FOLDERS = frozenset({"test", "tests", "testing", "__tests__", "spec", "specs", "testdata", "e2e"})
_EXAMPLE_FOLDERS = frozenset({"example", "examples", "sample", "samples", "demo", "demos"})
_VENDORED_FOLDERS = frozenset(
    {"vendor", "vendored", "_vendor", "third_party", "thirdparty", "third-party", "node_modules"}
)
_COMPAT_FOLDERS = frozenset({"compat", "legacy", "deprecated"})
_DOCUMENTATION = frozenset({"markdown", "rst", "text", "tex"})
_CONFIGURATION = frozenset({"json", "yaml", "toml", "ini", "xml"})
_PROJECT_TEXTS = frozenset(
    {
        "authors",
        "changelog",
        "changes",
        "code_of_conduct",
        "contributing",
        "contributors",
        "copying",
        "credits",
        "governance",
        "history",
        "install",
        "licence",
        "license",
        "maintainers",
        "news",
        "notice",
        "readme",
        "releases",
        "security",
        "support",
        "thanks",
        "todo",
        "upgrading",
    }
)
"""What files about a project are called, with any extension that is not a program's."""

_DOCUMENTATION_FOLDERS = frozenset({"doc", "docs", "documentation", "man"})
_TRANSLATION_FOLDERS = frozenset({"lc_messages", "locale", "locales", "translations", "i18n", "l10n"})
_TRANSLATION_FILE = re.compile(r"\.(?:po|pot|mo|xlf|xliff|arb)$", re.IGNORECASE)
_TEST_FILE = re.compile(
    r"(?:^|/)(?:test_[^/]*|[^/]*(?:_test|_spec|\.test|\.spec|Tests?|IT))\.[^/.]+$|(?:^|/)conftest\.py$"
)
_EXAMPLE_FILE = re.compile(r"(?:^|/)(?:example|sample|demo)s?(?:[_-][^/]*)?\.[^/.]+$", re.IGNORECASE)
_RELEASE = re.compile(r"-v?\d+\.\d+(?:\.\d+)*(?:[.-]min)?\.(?:js|mjs|css)$", re.IGNORECASE)
"""A file with a release in its name is somebody else's: ``jquery-3.5.1.js``."""

_GENERATED = re.compile(
    r"\.(?:pb|g|gen|generated|designer)\.[^/.]+$|_pb2(?:_grpc)?\.pyi?$|\.pb\.go$|(?:^|/)generated/", re.IGNORECASE
)


@lru_cache(maxsize=1 << 12)
def _of_folders(folders: tuple[str, ...]) -> frozenset[str]:
    names = {folder.lower() for folder in folders}
    roles = {
        "test": _TEST_FOLDERS,
        "example": _EXAMPLE_FOLDERS,
        "vendored": _VENDORED_FOLDERS,
        "compat": _COMPAT_FOLDERS,
    }
    return frozenset(role for role, known in roles.items() if names & known)


def roles_of(path: str, language: str | None) -> frozenset[str]:
    """Return the roles of a file, given its path relative to the repository root."""
    *folders, name = path.split("/")
    roles = set(_of_folders(tuple(folders)))
    stem = name.partition(".")[0].lower()
    if _TEST_FILE.search(path):
        roles.add("test")
    if _EXAMPLE_FILE.search(path):
        roles.add("example")
    if _RELEASE.search(name):
        roles.add("vendored")
    if _GENERATED.search(path):
        roles.add("generated")
    if stem in _COMPAT_FOLDERS or stem == "_compat":
        roles.add("compat")
    if name == "__init__.py":
        roles.add("init")
    if name.endswith((".d.ts", ".pyi")):
        roles.add("declaration")
    return frozenset(roles | _of_texts(folders, name, stem, language))


def _of_texts(folders: list[str], name: str, stem: str, language: str | None) -> set[str]:
    """Return the roles of what is no program: documentation, configuration, translations."""
    roles = set()
    plain, data = language is None or language in _DOCUMENTATION, language in _CONFIGURATION
    around = {folder.lower() for folder in folders}
    about = stem.replace("-", "_") in _PROJECT_TEXTS or around & _DOCUMENTATION_FOLDERS
    if language in _DOCUMENTATION or (plain and about):
        roles.add("documentation")
    if data:
        roles.add("configuration")
    in_catalogue = (plain or data) and around & _TRANSLATION_FOLDERS
    if _TRANSLATION_FILE.search(name) or "lc_messages" in around or in_catalogue:
        roles.add("translation")
    return roles
