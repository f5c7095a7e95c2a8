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
_TEST_FILE = re.compile(
    r"(?:^|/)(?:test_[^/]*|[^/]*(?:_test|_spec|\.test|\.spec|Tests?|IT))\.[^/.]+$|(?:^|/)conftest\.py$"
)
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
    if _GENERATED.search(path):
        roles.add("generated")
    if stem in _COMPAT_FOLDERS or stem == "_compat":
        roles.add("compat")
    if name == "__init__.py":
        roles.add("init")
    if name.endswith((".d.ts", ".pyi")):
        roles.add("declaration")
    if language in _DOCUMENTATION:
        roles.add("documentation")
    if language in _CONFIGURATION:
        roles.add("configuration")
    return frozenset(roles)
