"""The user's file: what it may hold, and how a slip in it is answered."""

from __future__ import annotations

import pytest

from codebase_core.errors import SettingsError


def refused(load, text: str, **keywords: object) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(text, **keywords)
    return caught.value


def test_a_missing_file_is_no_fault(load):
    assert load()["embedder"] == "static"


def test_an_unknown_setting_is_refused_and_the_nearest_suggested(load, tmp_path):
    error = refused(load, 'embeder = "static"')

    assert error.message == f"{tmp_path / 'config.toml'}: unknown setting 'embeder'"
    assert "did you mean 'embedder'" in error.hint
    assert "registry_server" in error.hint


def test_a_broken_file_is_refused_with_its_name_and_place(load, tmp_path):
    error = refused(load, "store = \n")

    assert str(tmp_path / "config.toml") in error.message
    assert "line 1" in error.message
    assert error.hint


def test_a_file_in_another_encoding_is_refused(load, tmp_path):
    (tmp_path / "config.toml").write_bytes(b'store = "caf\xe9"')

    with pytest.raises(SettingsError, match=r"config\.toml"):
        load()


def test_a_folder_in_place_of_the_file_is_refused(load, tmp_path):
    (tmp_path / "config.toml").mkdir()

    with pytest.raises(SettingsError, match=r"config\.toml"):
        load()


@pytest.mark.parametrize(
    "text",
    ["servers = 5", "servers = ['a']", "plugins = 'acme'", "plugins = []", "plugins = {acme = 5}", "[[servers]]"],
)
def test_a_table_that_is_none_is_refused(load, text):
    error = refused(load, text)

    assert "config.toml" in error.message
    assert "table" in error.message + error.hint


def test_the_file_cannot_name_another_settings_file(load):
    assert "unknown setting 'config'" in refused(load, 'config = "/elsewhere.toml"').message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("workers", -1),
        ("max_file_bytes", 0),
        ("max_file_bytes", -5),
        ("file_timeout", 0),
        ("file_timeout", -1.5),
        ("file_timeout", float("nan")),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(load, name, value):
    """A negative number of workers indexed nothing, and said that it was done."""
    error = refused(load, f"{name} = {value}")

    assert "config.toml" in error.message
    assert name in error.message


def test_a_number_that_makes_no_sense_is_refused_by_the_name_of_its_variable(load):
    error = refused(load, "", environ={"CODEBASE_CORE_WORKERS": "-2"})

    assert "CODEBASE_CORE_WORKERS: workers must be at least 0, not -2" in error.message


def test_the_least_numbers_are_allowed(load):
    settings = load("workers = 0\nmax_file_bytes = 1\nfile_timeout = 0.01")

    assert (settings["workers"], settings["max_file_bytes"], settings["file_timeout"]) == (0, 1, 0.01)


def test_a_list_of_plugins_to_disable(load):
    assert load('disable_plugins = ["acme", "bolt"]')["disable_plugins"] == ("acme", "bolt")
    assert load("", environ={"CODEBASE_CORE_DISABLE_PLUGINS": "acme, bolt"})["disable_plugins"] == ("acme", "bolt")
