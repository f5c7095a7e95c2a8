"""Ignore files as git reads them, from the root down; what the user names is never ignored."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebase_core.sources.scan import Scan

SOURCES = ("a.py", "b.py", "build/c.py", "build/keep.py", "src/a.py", "src/build/d.py", "src/gen/e.py")


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["a.py"], ["b.py", "build/c.py", "build/keep.py", "src/build/d.py", "src/gen/e.py"]),
        (["/a.py"], ["b.py", "build/c.py", "build/keep.py", "src/a.py", "src/build/d.py", "src/gen/e.py"]),
        (["build/"], ["a.py", "b.py", "src/a.py", "src/gen/e.py"]),
        (["/build"], ["a.py", "b.py", "src/a.py", "src/build/d.py", "src/gen/e.py"]),
        (["*", "!*/", "!a.py"], ["a.py", "src/a.py"]),
        (["build/*", "!build/keep.py"], ["a.py", "b.py", "build/keep.py", "src/a.py", "src/build/d.py", "src/gen/e.py"]),
        (["build/**", "!build/keep.py"], ["a.py", "b.py", "build/keep.py", "src/a.py", "src/build/d.py", "src/gen/e.py"]),
        (["build/", "!build/keep.py"], ["a.py", "b.py", "src/a.py", "src/gen/e.py"]),
        (["src/**/e.py"], ["a.py", "b.py", "build/c.py", "build/keep.py", "src/a.py", "src/build/d.py"]),
        (["# build/", "", "src"], ["a.py", "b.py", "build/c.py", "build/keep.py"]),
        (["!a.py", "a.py"], ["b.py", "build/c.py", "build/keep.py", "src/build/d.py", "src/gen/e.py"]),
    ],
)  # fmt: skip
def test_the_last_matching_line_counts(tree, lines, left):
    tree.add({".gitignore": "\n".join(lines)}, *SOURCES)

    assert [path for path in tree.taken() if path != ".gitignore"] == left


def test_a_deeper_file_overrides_those_above(tree):
    tree.add(
        {".gitignore": "*.py\n", "src/.gitignore": "!*.py\n", "src/gen/.gitignore": "e.py\n"}, *SOURCES, "src/gen/f.py"
    )

    assert [path for path in tree.taken() if path.endswith(".py")] == ["src/a.py", "src/build/d.py", "src/gen/f.py"]


def test_a_deeper_file_that_takes_folders_back_takes_no_files_back(tree):
    """``!*/`` means folders: it used to bring back every file in them that a file above ignores."""
    tree.add({".gitignore": "e.py\n", "src/.gitignore": "!*/\n"}, *SOURCES)

    assert "src/gen/e.py" not in tree.taken()


def test_a_pattern_with_a_slash_is_relative_to_its_file(tree):
    tree.add({"src/.gitignore": "/gen/\nbuild/d.py\n"}, *SOURCES, "gen/x.py")

    assert [path for path in tree.taken() if path.startswith(("src/", "gen/"))] == [
        "gen/x.py",
        "src/.gitignore",
        "src/a.py",
    ]


def test_an_ignore_file_of_ours_and_gits_private_one_count_too(tree):
    tree.add({".gitignore": "a.py\n", ".ignore": "!/a.py\nb.py\n", ".git/info/exclude": "build\n"}, *SOURCES)

    assert [path for path in tree.taken() if path.endswith(".py")] == ["a.py", "src/gen/e.py"]


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tree):
    tree.add({".gitignore": b"\xef\xbb\xbf/build/\r\n/src/\r\n"}, *SOURCES)

    assert [path for path in tree.taken() if path.endswith(".py")] == ["a.py", "b.py"]


@pytest.mark.parametrize("line", ["!", "\\", "a\\", "[z-a]", "[[:alpha:]]x", "[", "\x00"])
def test_a_line_that_is_no_pattern_is_passed_over(tree, line):
    tree.add({".gitignore": f"{line}\nb.py\n"}, "a.py", "b.py")

    assert tree.taken() == [".gitignore", "a.py"]


def test_an_unreadable_ignore_file_ignores_nothing(tree):
    tree.add({}, "a.py")
    (tree.root / ".gitignore").mkdir()

    assert tree.taken() == ["a.py"]


def test_a_path_that_is_named_is_never_ignored(tree):
    tree.add({".gitignore": "build/\na.py\n"}, *SOURCES)

    assert tree.taken("build") == ["build/c.py", "build/keep.py"]
    assert tree.taken("a.py") == ["a.py"]
    assert tree.taken("src/build") == ["src/build/d.py"]
    assert tree.taken("src") == ["src/gen/e.py"]


@pytest.mark.parametrize("rule", ["build/", "build", "build/**", "/build/*", "*"])
def test_a_named_folder_keeps_what_other_rules_say_of_its_files(tree, rule):
    tree.add({".gitignore": f"{rule}\n*_pb2.py\n"}, "build/gen/a.py", "build/gen/a_pb2.py", "build/gen/deep/b.py")

    assert tree.taken("build/gen") == ["build/gen/a.py", "build/gen/deep/b.py"]


def test_the_ignore_files_above_a_named_folder_count(tree):
    tree.add({".gitignore": "e.py\n", "src/.gitignore": "f.py\n"}, *SOURCES, "src/gen/f.py", "src/gen/g.py")

    assert tree.taken("src/gen") == ["src/gen/g.py"]


def test_the_configuration_may_exclude(tree):
    tree.add({}, *SOURCES)

    assert tree.taken(exclude=("build/", "/a.py")) == ["b.py", "src/a.py", "src/gen/e.py"]


def test_the_configuration_may_say_what_alone_is_taken(tree):
    tree.add({}, *SOURCES)

    assert tree.taken(include=("src/",)) == ["src/a.py", "src/build/d.py", "src/gen/e.py"]
    assert tree.taken(include=("a.py", "build/")) == [
        "a.py",
        "build/c.py",
        "build/keep.py",
        "src/a.py",
        "src/build/d.py",
    ]
    assert tree.taken(include=("src/",), exclude=("build/",)) == ["src/a.py", "src/gen/e.py"]


NAMES = st.sampled_from(["a", "b", "ab", "a.b", "x.py", "y.py"])
PATTERNS = r"""
a b * *.py /a a/ /a/ !a !*.py !/a !a/ **/b a/** a/* !a/b a/b */b [ab] ? !*/ a* /* !b/ b/*.py **/a/** ** /** !**/x.py a/**/b #a \#a
**/ !**/ [!a] a.b *b
"""
LINES = st.sampled_from(PATTERNS.split())
FOLDERS = st.lists(NAMES, max_size=2).map("/".join)
FILES = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the reference")
@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(FOLDERS, st.lists(LINES, min_size=1, max_size=4), min_size=1, max_size=3),
    st.sets(FILES),
    st.lists(LINES, max_size=3),
    st.sets(FILES),
)
def test_the_same_files_are_left_as_by_git(ignored, files, excluded, tracked):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path in sorted(files | tracked):
            if not any((root / parent).is_file() for parent in Path(path).parents) and not (root / path).is_dir():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text("x")
        for path, lines in ignored.items():
            if (root / path).is_dir():
                (root / path / ".gitignore").write_text("\n".join(lines))
        git = ["git", "-C", folder, "-c", "core.excludesFile="]
        subprocess.run([*git, "init", "-q"], check=True)
        (root / ".git" / "info" / "exclude").write_text("\n".join(excluded))
        added = [path for path in tracked if (root / path).is_file()]
        if added:
            subprocess.run([*git, "add", "-f", "--", *added], check=True)
        listed = subprocess.run([*git, "ls-files", "-zco", "--exclude-standard"], check=True, capture_output=True)

        found = {entry.path for entry in Scan(root=root).entries()}

    assert found == {path for path in listed.stdout.decode().split("\0") if path}
