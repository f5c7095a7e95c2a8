"""The file that anybody may commit: where it is looked for, and what it may say."""

from __future__ import annotations

import json
import os
from pathlib import Path
from uuid import UUID

import pytest

from codebase_core.errors import ConfigFileError
from codebase_core.projects.config_file import ConfigFile, find_config, read_config

ID = UUID("12345678-1234-4234-8234-123456789abc")


def write(folder: Path, content: object = None) -> Path:
    """Write a folder's file: an object as JSON, bytes as they are."""
    file = folder / ".codebase-mcp" / "config.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"project": {"name": folder.name}} if content is None else content
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def refused(tmp_path: Path, content: object) -> ConfigFileError:
    file = write(tmp_path, content)
    with pytest.raises(ConfigFileError) as caught:
        read_config(file)
    assert str(file) in caught.value.message
    assert caught.value.hint
    return caught.value


def test_a_file_says_all_that_it_may(tmp_path):
    file = write(
        tmp_path,
        {
            "version": "1.0",
            "project": {"name": "shop", "id": str(ID)},
            "auto_switch": False,
            "strict_mode": True,
            "description": "The shop.\nAnd its pools.",
            "include": ["src/"],
            "exclude": ["*.gen.py", "!keep.gen.py", "# a comment", ""],
            "max_file_bytes": 5_000,
        },
    )

    assert read_config(file) == ConfigFile(
        path=file,
        name="shop",
        id=ID,
        auto_switch=False,
        strict_mode=True,
        description="The shop.\nAnd its pools.",
        include=("src/",),
        exclude=("*.gen.py", "!keep.gen.py", "# a comment", ""),
        max_file_bytes=5_000,
    )


def test_an_empty_object_says_nothing(tmp_path):
    file = write(tmp_path, {})

    assert read_config(file) == ConfigFile(path=file)


@pytest.mark.parametrize(
    "key", ["database_name", "database_url", "server", "embedder", "model", "ollama_base_url", "plugins", "store"]
)
def test_a_file_may_not_choose_databases_servers_models_or_plugins(tmp_path, key):
    for content in ({key: "x"}, {"project": {"name": "shop", key: "x"}}):
        error = refused(tmp_path, content)

        assert f"a repository may not set {key!r}" in error.message
        assert "belong into the user's own settings" in error.hint


def test_a_misspelt_key_is_refused_and_the_nearest_suggested(tmp_path):
    assert "did you mean 'exclude'" in refused(tmp_path, {"exlude": []}).hint


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"project": {"name": "shop"},}',
        b"[" * 60_000,
        b"caf\xe9",
        b"\xff\xfe",
        b" " * 70_000,
        b"null",
        b"[]",
        b'"shop"',
        b"5",
    ],
)
def test_a_broken_file_is_an_error(tmp_path, content):
    refused(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"project": "shop"}, "project is 'shop': it should be an object"),
        ({"project": None}, "project is None: it should be an object"),
        ({"project": ["shop"]}, "project is ['shop']: it should be an object"),
        ({"project": {"name": 5}}, "project.name is 5: it should be a valid string"),
        ({"project": {"name": ""}}, "'' is not a valid project name"),
        ({"project": {"name": "../other"}}, "'../other' is not a valid project name"),
        ({"project": {"name": "a\0b"}}, "project.name"),
        ({"project": {"name": "\ud800"}}, "Invalid JSON"),
        ({"project": {"id": 5}}, "project.id is 5: "),
        ({"project": {"id": "shop"}}, "project.id is 'shop': it should be a valid UUID"),
        ({"auto_switch": "yes"}, "auto_switch is 'yes': it should be a valid boolean"),
        ({"auto_switch": 1}, "auto_switch is 1: it should be a valid boolean"),
        ({"strict_mode": []}, "strict_mode is []: it should be a valid boolean"),
        ({"description": ["a"]}, "description is ['a']: it should be a valid string"),
        ({"description": "a\0b"}, "description is 'a\\x00b': it holds a character"),
        ({"include": "src/"}, "include"),
        ({"include": [5]}, "include"),
        ({"exclude": {"a": 1}}, "exclude is {'a': 1}: it should be a valid array"),
        ({"exclude": ["a", "[z-a]"]}, "exclude.1 is '[z-a]': "),
        ({"include": ["!"]}, "include.0 is '!': "),
        ({"max_file_bytes": "5"}, "max_file_bytes is '5': it should be a valid integer"),
        ({"max_file_bytes": 1.5}, "max_file_bytes is 1.5: it should be a valid integer"),
        ({"max_file_bytes": True}, "max_file_bytes is True: it should be a valid integer"),
        ({"max_file_bytes": 0}, "max_file_bytes is 0: it should be greater than or equal to 1"),
        ({"max_file_bytes": -1}, "max_file_bytes is -1: it should be greater than or equal to 1"),
    ],
)
def test_a_value_of_a_wrong_type_or_form_is_an_error(tmp_path, content, named):
    assert named in refused(tmp_path, content).message


def test_a_cap_of_one_byte_is_a_cap(tmp_path):
    assert read_config(write(tmp_path, {"max_file_bytes": 1})).max_file_bytes == 1


def test_a_file_may_have_64_kib_and_no_more(tmp_path):
    assert read_config(write(tmp_path, b"{" + b" " * (64 * 1024 - 2) + b"}")).name is None
    assert "larger than 64 KiB" in refused(tmp_path, b"{" + b" " * (64 * 1024 - 1) + b"}").message


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert read_config(write(tmp_path, b'\xef\xbb\xbf{"project": {"name": "shop"}}')).name == "shop"


@pytest.fixture
def root(tmp_path) -> Path:
    root = tmp_path / "root"
    root.mkdir(mode=0o755)
    return root


def test_no_file_is_none(root):
    assert find_config(root, root=root) is None


def test_the_nearest_file_counts(root):
    (root / "a" / "b").mkdir(parents=True)
    write(root)
    write(root / "a")

    assert find_config(root / "a" / "b", root=root).name == "a"
    assert find_config(root / "a", root=root).name == "a"
    assert find_config(root, root=root).name == "root"


def test_the_nearest_file_counts_even_if_it_is_broken(root):
    (root / "a").mkdir()
    write(root)
    write(root / "a", b"{")

    with pytest.raises(ConfigFileError):
        find_config(root / "a", root=root)


def test_a_folder_of_that_name_without_the_file_is_passed_by(root):
    (root / "a" / ".codebase-mcp").mkdir(parents=True)
    (root / "b").mkdir()
    (root / "b" / ".codebase-mcp").write_text("a file")
    write(root)

    assert find_config(root / "a", root=root).name == "root"
    assert find_config(root / "b", root=root).name == "root"


def test_a_file_that_cannot_be_reached_is_an_error(root, without_rights):
    write(root).parent.chmod(0)

    with without_rights(), pytest.raises(ConfigFileError, match="Permission denied"):
        find_config(root, root=root)


def test_a_link_that_leads_to_itself_is_an_error(root):
    file = write(root)
    file.unlink()
    file.symlink_to(file)

    with pytest.raises(ConfigFileError):
        find_config(root, root=root)


def test_twenty_parents_are_looked_at_and_no_more(root):
    deep = root.joinpath(*["d"] * 21)
    deep.mkdir(parents=True)
    write(root)

    assert find_config(deep.parent, root=root).name == "root"
    assert find_config(deep, root=root) is None


def test_above_the_root_a_file_counts_where_nobody_else_can_write(root):
    (root / "shop").mkdir()
    write(root)

    assert find_config(root / "shop", root=root / "shop").name == "root"


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o1777, 0o757])
def test_above_the_root_a_folder_that_others_can_write_is_not_trusted(root, mode):
    (root / "shop").mkdir()
    write(root)
    root.chmod(mode)

    assert find_config(root / "shop", root=root / "shop") is None


def test_nothing_above_a_folder_that_others_can_write_is_trusted_either(root):
    (root / "open" / "shop").mkdir(parents=True)
    (root / "open").chmod(0o777)
    write(root)

    assert find_config(root / "open" / "shop", root=root / "open" / "shop") is None


def test_within_the_root_every_folder_counts(root):
    (root / "open").mkdir()
    (root / "open").chmod(0o777)
    write(root / "open")

    assert find_config(root / "open", root=root).name == "open"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_above_the_root_a_folder_of_another_user_is_not_trusted(root):
    (root / "shop").mkdir()
    write(root)
    os.chown(root, 12_345, -1)

    assert find_config(root / "shop", root=root / "shop") is None
