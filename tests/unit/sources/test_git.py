"""The files of a tree are those that git lists, read from repositories that git made."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from codebase_core.sources import git as sources_git
from codebase_core.sources.ignore import DEFAULT_FOLDERS
from codebase_core.sources.scan import Scan

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is the reference")

OTHERS = os.environ.get("CODEBASE_CORE_TESTED_REPOSITORIES", "")
"""A folder of checkouts that are compared as well."""

REPOSITORIES = [Path(__file__).parents[3], *(sorted(Path(OTHERS).iterdir()) if OTHERS else [])]


def git(root, *arguments):
    options = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always")
    command = ["git", "-C", str(root), *options, *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "surrogateescape")


def add(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"{path}\n")


def taken(root, **options):
    return {entry.path for entry in Scan(root=root, **options).entries()}


@pytest.fixture(autouse=True)
def users(tmp_path, monkeypatch):
    """A user without a configuration, whose file for all repositories can be written."""
    home = tmp_path / "home"
    (home / "git").mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "config"))
    (home / "config").touch()
    return home


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    return root


def test_what_git_tracks_is_taken_although_a_rule_ignores_it(repository):
    add(repository, "build/kept.py", "build/deep/er.py", "a.log", "node_modules/lib/index.js", ".cache/x.py")
    git(repository, "add", "-f", ".")
    (repository / ".gitignore").write_text("build/\n*.log\n.cache\n")
    add(repository, "build/new.py", "build/deep/new.py", "b.log", "node_modules/other/index.js", ".cache/new/x.py")

    assert taken(repository) == {
        ".gitignore",
        "build/kept.py",
        "build/deep/er.py",
        "a.log",
        "node_modules/lib/index.js",
        ".cache/x.py",
    }


def test_what_is_not_tracked_any_more_is_left_out_again(repository):
    add(repository, "build/kept.py")
    (repository / ".gitignore").write_text("build/\n")
    git(repository, "add", "-f", ".")
    assert "build/kept.py" in taken(repository)

    git(repository, "rm", "-q", "--cached", "build/kept.py")

    assert taken(repository) == {".gitignore"}


def test_rules_that_are_not_of_git_hold_for_what_it_tracks(repository):
    add(repository, "generated/a.py", "secret/b.py", "c.py")
    git(repository, "add", ".")
    (repository / ".ignore").write_text("generated/\n")

    assert taken(repository, exclude=("secret/",)) == {".ignore", "c.py"}


@pytest.mark.parametrize("configured", [True, False])
def test_the_rules_of_the_user_count_least(repository, users, configured):
    everywhere = users / ("mine" if configured else "git/ignore")
    everywhere.write_text("*.tmp\n*.bak\n*.log\n")
    if configured:
        git(repository, "config", "core.excludesFile", str(everywhere))
    (repository / ".git" / "info" / "exclude").write_text("!*.bak\n")
    (repository / ".gitignore").write_text("!*.log\n")
    add(repository, "a.tmp", "b.bak", "c.log")

    assert taken(repository) == {".gitignore", "b.bak", "c.log"}


def test_a_worktree_has_the_exclude_file_of_its_repository(repository, tmp_path):
    add(repository, "a.py")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "a")
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"))
    (repository / ".git" / "info" / "exclude").write_text("notes/\n")
    add(tmp_path / "tree", "notes/n.py")

    assert taken(tmp_path / "tree") == {"a.py"}


def test_a_submodule_has_rules_of_its_own(repository, tmp_path):
    library = tmp_path / "library"
    library.mkdir()
    git(library, "init", "-q")
    add(library, "l.py", "out/kept.py")
    git(library, "add", ".")
    git(library, "commit", "-qm", "l")
    git(repository, "submodule", "--quiet", "add", str(library), "sub")
    (repository / ".git" / "modules" / "sub" / "info" / "exclude").write_text("secret/\nout/\n")
    (repository / ".gitignore").write_text("*.txt\n")
    add(repository, "sub/secret/s.py", "sub/out/new.py", "sub/read.txt", "read.txt")

    assert taken(repository) == {".gitignore", ".gitmodules", "sub/l.py", "sub/out/kept.py", "sub/read.txt"}
    assert taken(repository, scope=("sub",)) == {"sub/l.py", "sub/out/kept.py", "sub/read.txt"}


def test_no_program_that_a_repository_names_is_run(repository, tmp_path):
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    add(repository, "build/a.py")
    git(repository, "add", ".")
    (repository / ".gitignore").write_text("build/\n")
    for key in ("core.fsmonitor", "core.pager", "core.editor", "diff.external", "filter.x.clean", "alias.ls-files"):
        git(repository, "config", key, str(program) if not key.startswith("alias") else f"!{program}")

    assert "build/a.py" in taken(repository)
    assert not (tmp_path / "ran").exists()


def test_without_git_the_rules_alone_count(repository, monkeypatch):
    add(repository, "build/a.py", "b.py")
    git(repository, "add", ".")
    (repository / ".gitignore").write_text("build/\n")
    monkeypatch.setenv("PATH", "")
    sources_git._lists.clear()

    assert taken(repository) == {".gitignore", "b.py"}


@pytest.mark.parametrize("root", REPOSITORIES, ids=lambda root: root.name)
def test_the_files_of_a_repository_are_those_of_git(root):
    if not (root / ".git").exists():
        pytest.skip("it was not checked out by git")
    wanted = set()
    for path in git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        place = root / path
        untracked_default = DEFAULT_FOLDERS & set(Path(path).parts[:-1]) and not git(root, "ls-files", "--", path)
        if path and not untracked_default and (place.is_symlink() or place.is_file()):
            wanted.add(path)
    ours = (root / ".gitmodules").exists()
    found = {entry.path for entry in Scan(root=root).entries()}
    submodules = git(root, "config", "-f", ".gitmodules", "--get-regexp", "path").split()[1::2] if ours else []

    assert {path for path in found if not any(path.startswith(f"{sub}/") for sub in submodules)} == wanted
