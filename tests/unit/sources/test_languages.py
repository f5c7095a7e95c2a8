"""Languages by name or first line, data by name, roles by path."""

from __future__ import annotations

import pytest

from codebase_core.sources.languages import holds_no_source, language_of
from codebase_core.sources.roles import roles_of


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a.py", "python"),
        ("A.PY", "python"),
        ("a.test.tsx", "tsx"),
        ("a.d.ts", "typescript"),
        ("Dockerfile", "dockerfile"),
        ("Dockerfile.prod", "dockerfile"),
        ("makefile", "make"),
        ("CMakeLists.txt", "cmake"),
        ("dev.Dockerfile", "dockerfile"),
        ("Makefile.am", "make"),
        ("Podfile", "ruby"),
        ("BUILD", "starlark"),
        ("build", None),
        ("rules.bzl", "starlark"),
        (".bashrc", "bash"),
        (".zshrc", "bash"),
        (".profile", "bash"),
        (".envrc", "bash"),
        ("notes.txt", "text"),
        (".gitignore", None),
        ("LICENSE", None),
        ("a.unknown", None),
        ("ends.with.dot.", None),
    ],
)
def test_a_language_is_known_by_the_name(name, language):
    assert language_of(name) == language


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("#!/bin/sh", "bash"),
        ("#! /bin/bash -e", "bash"),
        ("#!/usr/bin/env python3", "python"),
        ("#!/usr/bin/env python3.12\r", "python"),
        ("#!/usr/bin/env -S python3 -u", "python"),
        ("#!/usr/bin/env -S LANG=C node --inspect", "javascript"),
        ("#!/opt/ruby/bin/ruby", "ruby"),
        ("#!/bin/dash", "bash"),
        ("#!/bin/ksh", "bash"),
        ("#!/bin/ksh93", "bash"),
        ("#!/bin/busybox ash", "bash"),
        ("#!/usr/bin/nodejs", "javascript"),
        ("#!/usr/bin/env bun", "javascript"),
        ("#!/usr/bin/env -S deno run --allow-net", "typescript"),
        ("#!/usr/bin/env -Spython3 -u", "python"),
        ("#!/usr/bin/env -i -u HOME perl", "perl"),
        ("#!/usr/bin/env Rscript", "r"),
        ("#!/usr/bin/env pwsh", "powershell"),
        ("#!/usr/bin/env", None),
        ("#!", None),
        ("# python", None),
        ("", None),
    ],
)
def test_a_script_without_extension_is_known_by_its_first_line(line, language):
    assert language_of("run", first_line=line) == language


def test_the_name_counts_before_the_first_line():
    assert language_of("run.rb", first_line="#!/usr/bin/env python3") == "ruby"


@pytest.mark.parametrize("name", ["a.PNG", "app.min.js", "app.js.map", "Cargo.lock", "go.sum", "package-lock.json"])
def test_data_is_known_by_its_name(name):
    assert holds_no_source(name)


@pytest.mark.parametrize("name", ["a.py", "min.js", "README", "png", "Makefile", "lock.py", "data.json", ".env"])
def test_source_is_not_taken_for_data(name):
    assert not holds_no_source(name)


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("src/pool.py", set()),
        ("tests/pool.py", {"test"}),
        ("src/test_pool.py", {"test"}),
        ("src/pool_test.go", {"test"}),
        ("src/pool.spec.ts", {"test"}),
        ("src/PoolTests.cs", {"test"}),
        ("src/Contest.java", set()),
        ("src/latest.py", set()),
        ("conftest.py", {"test"}),
        ("Examples/pool.py", {"example"}),
        ("third_party/zlib/zlib.c", {"vendored"}),
        ("src/compat.py", {"compat"}),
        ("src/legacy/pool.py", {"compat"}),
        ("src/pool_pb2.py", {"generated"}),
        ("api/pool.pb.go", {"generated"}),
        ("src/generated/pool.py", {"generated"}),
        ("src/__init__.py", {"init"}),
        ("doc/example_pool.py", {"example"}),
        ("src/examples.py", {"example"}),
        ("src/exampled.py", set()),
        ("static/jquery-3.5.1.js", {"vendored"}),
        ("static/lib-2.1.min.js", {"vendored"}),
        ("src/step-2.js", set()),
        ("CHANGES", {"documentation"}),
        ("CHANGES.old", {"documentation"}),
        ("CODE-OF-CONDUCT.txt", {"documentation"}),
        ("src/history.py", set()),
        ("docs/pool.inc", {"documentation"}),
        ("docs/build.py", set()),
        ("src/locale/de/LC_MESSAGES/app.po", {"translation"}),
        ("src/locale/de/LC_MESSAGES/app.js", {"translation"}),
        ("src/locales/de.json", {"configuration", "translation"}),
        ("src/locale/reader.py", set()),
        ("src/pool.d.ts", {"declaration"}),
        ("src/pool.pyi", {"declaration"}),
        ("tests/vendor/__init__.py", {"test", "vendored", "init"}),
    ],
)
def test_a_role_is_known_by_the_path(path, roles):
    assert roles_of(path, language_of(path.rpartition("/")[2])) == roles


def test_prose_and_configuration_have_roles_of_their_own():
    assert roles_of("README.md", "markdown") == {"documentation"}
    assert roles_of("pyproject.toml", "toml") == {"configuration"}
