"""Where a repository begins, what tells it apart, and its commit."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from codebase_core.errors import PathUnusable
from codebase_core.projects.repository import Repository, normalised

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(autouse=True)
def nobodys_git(monkeypatch, tmp_path):
    """Keep the tester's own settings of git away."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def folder(tmp_path) -> Path:
    """Return a folder with a source file two folders deep; nothing above it is under version control."""
    folder = tmp_path / "work" / "shop"
    (folder / "src" / "db").mkdir(parents=True)
    (folder / "src" / "db" / "pool.py").write_text("x = 1\n")
    return folder


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", folder, *identity, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_root_is_the_nearest_folder_with_git_in_it(folder):
    (folder / ".git").mkdir()

    assert Repository.at(folder) == Repository(root=folder, scope="")
    assert Repository.at(folder / "src" / "db") == Repository(root=folder, scope="src/db")
    assert Repository.at(folder / "src" / "db" / "pool.py") == Repository(root=folder, scope="src/db/pool.py")
    assert Repository.at(folder).is_git


def test_a_repository_within_a_repository_is_its_own(folder):
    (folder / ".git").mkdir()
    (folder / "src" / ".git").mkdir()

    assert Repository.at(folder / "src" / "db") == Repository(root=folder / "src", scope="db")


def test_a_worktree_has_a_file_called_git(folder):
    (folder / ".git").write_text("gitdir: /elsewhere/.git/worktrees/shop\n")

    assert Repository.at(folder / "src") == Repository(root=folder, scope="src")
    assert Repository.at(folder).is_git


def test_without_git_the_folder_itself_is_the_root(folder):
    found = Repository.at(folder / "src")

    assert found == Repository(root=folder / "src", scope="")
    assert not found.is_git


def test_without_git_a_files_folder_is_the_root(folder):
    assert Repository.at(folder / "src" / "db" / "pool.py") == Repository(root=folder / "src" / "db", scope="pool.py")


def test_a_root_reached_by_a_link_is_where_it_really_is(folder, tmp_path):
    (folder / ".git").mkdir()
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "deep-link").symlink_to(folder / "src")

    assert Repository.at(tmp_path / "link") == Repository(root=folder, scope="")
    assert Repository.at(tmp_path / "deep-link" / "db") == Repository(root=folder, scope="src/db")


def test_a_relative_path_is_taken_from_the_current_folder(folder, monkeypatch):
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder / "src")

    assert Repository.at(Path("db")) == Repository(root=folder, scope="src/db")
    assert Repository.at(Path("..")) == Repository(root=folder, scope="")


def test_a_path_that_does_not_exist_is_an_error(folder):
    with pytest.raises(PathUnusable, match=r"gone does not exist"):
        Repository.at(folder / "gone")


def test_a_link_that_leads_to_itself_is_an_error(tmp_path):
    (tmp_path / "loop").symlink_to("loop")

    with pytest.raises(PathUnusable, match="cannot read"):
        Repository.at(tmp_path / "loop")


def test_a_path_that_is_too_long_is_an_error(tmp_path):
    with pytest.raises(PathUnusable, match="cannot read"):
        Repository.at(tmp_path / ("x" * 300))


def test_the_same_place_seen_from_a_root_above(folder):
    assert Repository(root=folder / "src", scope="db").within(folder) == Repository(root=folder, scope="src/db")
    assert Repository(root=folder, scope="").within(folder) == Repository(root=folder, scope="")


@needs_git
def test_commit_and_origin_come_from_git(folder):
    git(folder, "init", "-q")
    assert Repository.at(folder).commit() is None
    assert Repository.at(folder).origin() is None

    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    git(folder, "remote", "add", "origin", "https://ann:hunter2@Example.org/Acme/shop.git")

    assert Repository.at(folder / "src").commit() == git(folder, "rev-parse", "HEAD")
    assert Repository.at(folder / "src").origin() == "example.org/Acme/shop"


@needs_git
def test_checkouts_of_one_origin_are_one_repository_and_others_are_told_apart_by_their_place(folder):
    git(folder, "init", "-q")
    one, other = uuid4(), uuid4()
    plain = Repository.at(folder)

    assert plain.identity(one) == Repository.at(folder / "src").identity(one)
    assert (
        len({plain.identity(one), plain.identity(other), Repository(root=folder / "src", scope="").identity(one)}) == 3
    )

    git(folder, "remote", "add", "origin", "git@example.org:acme/shop.git")

    assert plain.identity(one) == plain.identity(other) == "example.org/acme/shop"


@needs_git
def test_a_worktree_has_its_own_commit_and_the_same_origin(folder, tmp_path):
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    git(folder, "remote", "add", "origin", "git@example.org:acme/shop.git")
    git(folder, "worktree", "add", "-q", str(tmp_path / "tree"))
    git(tmp_path / "tree", "commit", "-qm", "second", "--allow-empty")

    there = Repository.at(tmp_path / "tree" / "src")

    assert there.root == tmp_path / "tree"
    assert there.commit() == git(tmp_path / "tree", "rev-parse", "HEAD") != Repository.at(folder).commit()
    assert there.origin() == "example.org/acme/shop"


@needs_git
def test_a_hook_of_another_repository_does_not_lend_its_commit(folder, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    for each in (folder, other):
        git(each, "init", "-q")
        git(each, "commit", "-qm", str(each), "--allow-empty")
        git(each, "remote", "add", "origin", f"https://example.org/{each.name}")
    own = git(folder, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))

    assert Repository.at(folder).commit() == own
    assert Repository.at(folder).origin() == "example.org/shop"


@needs_git
@pytest.mark.parametrize("url", ["https://[broken/shop.git", "git@[::1:shop.git"])
def test_an_origin_that_is_no_url_is_none(folder, url):
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", url)

    assert Repository.at(folder).origin() is None


@needs_git
def test_an_origin_in_another_encoding_stops_nothing(folder):
    git(folder, "init", "-q")
    with (folder / ".git" / "config").open("ab") as file:
        file.write(b'[remote "origin"]\n\turl = https://example.org/caf\xe9\n')

    assert Repository.at(folder).origin().startswith("example.org/caf")


def test_without_git_there_is_neither_commit_nor_origin(folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))

    assert Repository.at(folder).commit() is None
    assert Repository.at(folder).origin() is None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/Acme/shop",
        "https://example.org/Acme/shop.git",
        "https://example.org/Acme/shop.git/",
        "https://ann@example.org/Acme/shop.git",
        "https://ann:hunter2@Example.ORG:8443/Acme/shop.git",
        "ssh://git@example.org:2222/Acme/shop.git",
        "git@example.org:Acme/shop.git",
        "example.org:Acme/shop",
        "git://example.org/Acme/shop.git",
    ],
)
def test_the_ways_to_name_one_origin_agree(url):
    assert normalised(url) == "example.org/Acme/shop"


def test_a_local_origin_is_its_path():
    assert normalised("/srv/git/shop.git") == normalised("file:///srv/git/shop.git") == "/srv/git/shop"
