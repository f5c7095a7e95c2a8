"""What `plugins new` writes: under the name that was asked for, never over something."""

from __future__ import annotations

import ast
import tomllib

import pytest

from codebase_core.plugins.scaffold import KINDS, SkeletonRefused, write


@pytest.mark.parametrize("kind", KINDS)
def test_everything_bears_the_name(kind, tmp_path):
    written = write("my-thing", kind=kind, folder=tmp_path / "new")

    project = tomllib.loads((tmp_path / "new" / "pyproject.toml").read_text())["project"]
    assert project["name"] == "codebase-core-my-thing"
    assert project["entry-points"]["codebase_core"] == {"my-thing": "codebase_core_my_thing.plugin"}
    assert tmp_path / "new" / "codebase_core_my_thing" / "plugin.py" in written
    assert tmp_path / "new" / "tests" / "test_conformance.py" in written
    for file in written:
        text = file.read_text()
        assert "acme" not in text
        assert "codebase_core_sqlite" not in text
        if file.suffix == ".py":
            ast.parse(text)


@pytest.mark.parametrize("name", ["", "My", "a_b", "a--b", "1a", "a/b", "ä"])
def test_a_name_that_is_none_is_refused(name, tmp_path):
    with pytest.raises(SkeletonRefused, match="is not a valid"):
        write(name, kind="command", folder=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(SkeletonRefused, match="exists already"):
        write("my-thing", kind="command", folder=tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_says_what_comes_next(site):
    done = site.command("plugins", "new", "my-thing", "--kind", "chunker", "--folder", str(site.folder / "new"))

    assert done.returncode == 0, done.stderr
    assert f"pip install -e '{site.folder / 'new'}[testing]'" in done.stderr
    assert str(site.folder / "new" / "pyproject.toml") in done.stdout.splitlines()


def test_a_check_of_what_is_not_installed_lists_what_is(site):
    done = site.command("plugins", "check", "statik")

    assert done.returncode == 1
    assert "did you mean 'static'" in done.stderr
