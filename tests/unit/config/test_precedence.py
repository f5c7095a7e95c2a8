"""Flag before environment before the user's file before default, and every value knows where it came from."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import Option

from codebase_core.config.options import Sources, environment_name
from codebase_core.config.settings import load_settings
from codebase_core.jobs.spool import Jobs


def test_a_value_comes_from_the_strongest_source(load, tmp_path):
    file = 'store = "of the file"'
    environ = {"CODEBASE_CORE_STORE": "of the environment"}

    found = [
        load().values["store"],
        load(file).values["store"],
        load(file, environ=environ).values["store"],
        load(file, environ=environ, store="of the flag").values["store"],
    ]

    assert [(f.value, f.origin) for f in found] == [
        ("postgres-database", "default"),
        ("of the file", str(tmp_path / "config.toml")),
        ("of the environment", "CODEBASE_CORE_STORE"),
        ("of the flag", "command line"),
    ]


def test_a_flag_that_was_not_given_overrides_nothing(load):
    assert load('store = "of the file"', store=None)["store"] == "of the file"


def test_an_empty_variable_counts_as_not_set(load):
    assert load(environ={"CODEBASE_CORE_STORE": ""})["store"] == "postgres-database"


def test_a_false_value_in_the_file_is_a_value(load):
    assert load("workers = 0").values["workers"].origin != "default"


def test_the_state_folder_may_be_set_in_the_users_file(tmp_path, load):
    settings = load(f'home = "{tmp_path}/state"', environ={"CODEBASE_CORE_HOME": "", **config(tmp_path)})

    assert settings.home == tmp_path / "state"
    assert settings["home"] == settings.home


def test_the_environment_moves_the_state_folder_whatever_the_file_says(load, tmp_path):
    settings = load('home = "/elsewhere"')

    assert settings.home == settings["home"] == tmp_path


def test_the_settings_file_lies_in_the_state_folder_that_was_chosen(load, tmp_path):
    assert load()["config"] == tmp_path / "config.toml"


def test_the_settings_file_may_lie_elsewhere(load, tmp_path):
    (tmp_path / "other.toml").write_text('store = "of another file"')

    settings = load(environ={"CODEBASE_CORE_CONFIG": str(tmp_path / "other.toml")})

    assert settings["store"] == "of another file"
    assert settings["config"] == tmp_path / "other.toml"


def config(folder) -> dict[str, str]:
    return {"CODEBASE_CORE_CONFIG": str(folder / "config.toml")}


MODEL = Option(name="model-name", summary="Model.", env=("OLD_MODEL", "OLDER_MODEL"), default="mini")


@pytest.mark.parametrize(
    ("environ", "value", "origin"),
    [
        ({}, "mini", "default"),
        ({"CODEBASE_CORE_ACME_MODEL_NAME": "own"}, "own", "CODEBASE_CORE_ACME_MODEL_NAME"),
        ({"OLDER_MODEL": "older", "CODEBASE_CORE_ACME_MODEL_NAME": "own"}, "older", "OLDER_MODEL"),
        ({"OLDER_MODEL": "older", "OLD_MODEL": "old"}, "old", "OLD_MODEL"),
        ({"CODEBASE_CORE_MODEL_NAME": "not this plugin's"}, "mini", "default"),
    ],
)
def test_a_plugins_option_has_a_variable_of_its_own_and_those_it_declares(environ, value, origin):
    found = Sources(environ=environ, table={}, file="config.toml").resolve(MODEL, section="acme")

    assert (found.value, found.origin) == (value, origin)


def test_a_plugins_option_is_read_from_the_table_of_its_section():
    table = {"model-name": "not here", "plugins": {"acme": {"model-name": "here"}, "bolt": {"model-name": "nor here"}}}

    found = Sources(environ={}, table=table, file="config.toml").resolve(MODEL, section="acme")

    assert (found.value, found.origin) == ("here", "config.toml")


def test_the_variable_of_an_option_is_made_of_section_and_name():
    assert environment_name("pool_max_size", section="postgres") == "CODEBASE_CORE_POSTGRES_POOL_MAX_SIZE"
    assert environment_name("store", section=None) == "CODEBASE_CORE_STORE"
    assert environment_name("base-url", section="my-models") == "CODEBASE_CORE_MY_MODELS_BASE_URL"


def test_a_job_reads_a_list_that_was_given_in_python_as_it_was_given(load):
    given = load(disable_plugins=("acme", "bolt"))
    read = load_settings(environ=Jobs(given)._environ())
    assert read["disable_plugins"] == ("acme", "bolt")
