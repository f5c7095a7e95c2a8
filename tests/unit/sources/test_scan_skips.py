"""What is found and not read, each with its reason; and what stops a scan."""

from __future__ import annotations

import contextlib
import os
import re
import socket

import pytest

from codebase_core.errors import PathUnusable
from codebase_core.sources.scan import Scan


def test_a_regular_file_is_taken_with_size_and_time(tree):
    tree.add({"a.py": "x = 1\n"})
    os.utime(tree.root / "a.py", ns=(1, 1_700_000_000_123_456_789))

    (entry,) = tree.scan()

    assert (entry.path, entry.size, entry.mtime_ns, entry.skip) == ("a.py", 6, 1_700_000_000_123_456_789, None)


def test_links_are_not_followed(tree, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.py").write_text("x")
    tree.add({}, "a.py")
    (tree.root / "to-file.py").symlink_to("a.py")
    (tree.root / "to-folder").symlink_to(tmp_path / "outside")
    (tree.root / "to-nothing").symlink_to("gone")
    (tree.root / "to-itself").symlink_to(".")

    assert tree.taken() == ["a.py"]
    assert tree.skipped() == dict.fromkeys(["to-file.py", "to-folder", "to-itself", "to-nothing"], "symbolic link")


def test_the_link_of_a_worktree_to_its_repository_is_no_source(tree):
    tree.add(
        {".git": "gitdir: /elsewhere/.git/worktrees/this\n", "part/.git": "gitdir: ../.git/modules/part\n"}, "a.py"
    )

    assert tree.taken() == ["a.py"]
    assert tree.skipped() == {}


def test_a_pipe_is_never_opened(tree):
    os.mkfifo(tree.root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        with contextlib.chdir(tree.root):  # the path of a socket is short
            server.bind("talk.py")

        assert tree.skipped() == dict.fromkeys(["pipe.py", "talk.py"], "not a regular file")


def test_a_name_that_is_not_utf8_is_recorded_escaped(tree):
    (tree.root / os.fsdecode(b"caf\xe9.py")).write_text("x")
    (tree.root / os.fsdecode(b"d\xff")).mkdir()
    (tree.root / os.fsdecode(b"d\xff") / "a.py").write_text("x")

    assert tree.skipped() == dict.fromkeys(["caf\\xe9.py", "d\\xff/a.py"], "name is not UTF-8")


def test_a_path_that_is_too_long_is_recorded_as_far_as_it_goes(tree):
    folder = "/".join(["d" * 200] * 10)
    tree.add({}, folder + "/a.py", "short.py")

    ((path, reason),) = tree.skipped().items()

    assert reason == "path over 2,000 bytes"
    assert path == f"{folder}/a.py"[:2000]
    assert tree.taken() == ["short.py"]


def test_a_path_of_exactly_the_limit_is_taken(tree):
    path = "/".join(["d" * 200] * 9) + "/" + "f" * (2_000 - 9 * 201 - 3) + ".py"
    tree.add({}, path)

    assert tree.taken() == [path]
    assert len(path) == 2_000


@pytest.mark.parametrize("name", [".env", ".env.local", "prod.env", "id_rsa", "server.key", "tls.pem", ".npmrc"])
def test_a_likely_secret_is_left_alone_unless_it_is_named(tree, name):
    tree.add({}, name)

    assert tree.skipped() == {name: "likely a secret"}
    assert tree.taken(name) == [name]


def test_data_is_left_alone_unless_it_is_named(tree):
    tree.add({}, "logo.png", "app.min.js", "package-lock.json", "table.csv")

    assert tree.skipped() == dict.fromkeys(
        ["app.min.js", "logo.png", "package-lock.json", "table.csv"], "no source by its name"
    )
    assert tree.taken("table.csv") == ["table.csv"]


def test_a_file_over_the_cap_is_not_read_even_if_it_is_named(tree):
    tree.add({"big.py": b"x" * 101, "fits.py": b"x" * 100})

    assert tree.taken(max_file_bytes=100) == ["fits.py"]
    assert tree.skipped(max_file_bytes=100) == {"big.py": "too large"}
    assert tree.skipped("big.py", max_file_bytes=100) == {"big.py": "too large"}


def test_folders_that_nobody_searches_are_not_entered(tree):
    tree.add({}, "node_modules/a/index.js", ".git/config", "src/__pycache__/a.py", ".venv/lib/a.py", "src/a.py")

    assert [entry.path for entry in tree.scan()] == ["src/a.py"]


def test_a_folder_that_nobody_searches_is_entered_if_it_is_named(tree):
    tree.add({}, "node_modules/a/index.js", "node_modules/a/node_modules/b/index.js", "src/a.py")

    assert tree.taken("node_modules/a") == ["node_modules/a/index.js"]
    assert tree.taken("node_modules") == ["node_modules/a/index.js"]


def test_a_file_named_like_such_a_folder_is_a_file(tree):
    tree.add({}, "venv", "src/site-packages")

    assert tree.taken() == ["src/site-packages", "venv"]


def test_an_unreadable_folder_is_reported_and_the_rest_goes_on(tree, without_rights):
    tree.add({}, "a.py", "closed/b.py", "d.py")
    (tree.root / os.fsdecode(b"shut\xff")).mkdir()
    for folder in ("closed", os.fsdecode(b"shut\xff")):
        (tree.root / folder).chmod(0)

    with without_rights():
        entries = tree.scan()

    assert [(e.path, e.skip, e.folder) for e in entries] == [
        ("a.py", None, False),
        ("closed/", "unreadable", True),
        ("d.py", None, False),
        ("shut\\xff/", "unreadable", True),
    ]


def test_an_unreadable_root_stops_the_scan(tree, without_rights):
    tree.root.chmod(0)

    with without_rights(), pytest.raises(PathUnusable, match=f"cannot read {re.escape(str(tree.root))}"):
        tree.scan()


def test_an_unreadable_folder_that_is_named_stops_the_scan(tree, without_rights):
    tree.add({}, "closed/b.py")
    (tree.root / "closed").chmod(0)

    with without_rights(), pytest.raises(PathUnusable) as caught:
        tree.scan("closed")

    assert caught.value.hint == "check the folder's permissions"


@pytest.mark.parametrize("path", ["gone.py", "gone/deeper.py", "a.py/below"])
def test_a_named_path_that_does_not_exist_stops_the_scan(tree, path):
    tree.add({}, "a.py")

    with pytest.raises(PathUnusable):
        tree.scan(path)


def test_a_nested_worktree_or_a_foreign_repository_is_not_part_of_the_tree(tree):
    tree.add(
        {".git/HEAD": "ref: refs/heads/main\n"}, "a.py", "vendor/foreign/b.py", ".claude/worktrees/f1/a.py", "c/d.py"
    )
    (tree.root / "vendor" / "foreign" / ".git").mkdir()
    (tree.root / ".claude" / "worktrees" / "f1" / ".git").write_text("gitdir: ../../../.git/worktrees/f1\n")

    assert tree.taken() == ["a.py", "c/d.py"]
    assert tree.skipped() == {}
    assert [prefix for prefix, _ in Scan(root=tree.root).folders() if "f1" in prefix or "foreign" in prefix] == []


def test_submodules_are_part_of_the_tree_also_within_submodules(tree):
    modules = '[submodule "lib"]\n\tpath = {}\n\turl = https://example.org/lib\n'
    tree.add({".git/HEAD": "", ".gitmodules": modules.format("lib/one")}, "a.py", "lib/one/b.py", "lib/one/x/c.py")
    tree.add({"lib/one/.gitmodules": modules.format("x")}, "lib/other/d.py")
    (tree.root / "lib" / "one" / ".git").write_text("gitdir: ../../.git/modules/one\n")
    (tree.root / "lib" / "one" / "x" / ".git").write_text("gitdir: ../../../.git/modules/one/modules/x\n")
    (tree.root / "lib" / "other" / ".git").mkdir()

    assert [path for path in tree.taken() if path.endswith(".py")] == ["a.py", "lib/one/b.py", "lib/one/x/c.py"]
    within = Scan(root=tree.root, scope=("lib/one/x",))
    assert [entry.path for entry in within.entries()] == ["lib/one/x/c.py"]


@pytest.mark.parametrize("modules", ["[submodule", "\x00", "path = x\n", '[submodule "x"]\npath\n'])
def test_a_broken_list_of_submodules_registers_none(tree, modules):
    tree.add({".git/HEAD": "", ".gitmodules": modules, "x/.git": ""}, "a.py", "x/b.py")

    assert "x/b.py" not in tree.taken()


def test_a_folder_of_repositories_holds_them_but_no_worktree_of_theirs(tree):
    tree.add({}, "one/a.py", "two/b.py", "feature/a.py")
    for name in ("one", "two"):
        (tree.root / name / ".git" / "worktrees" / "feature").mkdir(parents=True)
    (tree.root / "one/.git/worktrees/feature/commondir").write_text("../..\n")
    (tree.root / "feature" / ".git").write_text(f"gitdir: {tree.root}/one/.git/worktrees/feature\n")

    assert tree.taken() == ["one/a.py", "two/b.py"]
