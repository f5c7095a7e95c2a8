"""Servers by name, and the environment of the systems that came before."""

from __future__ import annotations

import pytest

from codebase_core.errors import SettingsError

TEAM = """
[servers.team]
url = "postgresql://index@db.example/index"
admin_url = "postgresql://admin@db.example/postgres"
pooling = "transaction"
"""


def test_without_settings_there_is_the_embedded_server(load):
    settings = load()

    assert set(settings.servers) == {"embedded"}
    assert settings["server"] == settings["registry_server"] == "embedded"
    assert settings.server("embedded").url is None


def test_a_server_of_the_file_is_known_by_its_name(load):
    team = load(TEAM).server("team")

    assert (team.name, team.url) == ("team", "postgresql://index@db.example/index")
    assert (team.admin_url, team.pooling) == ("postgresql://admin@db.example/postgres", "transaction")


def test_a_server_of_the_file_is_not_chosen_by_being_there(load):
    assert load(TEAM)["server"] == "embedded"


def test_a_lasting_choice_of_server_takes_the_registry_along(load):
    for settings in (load('server = "team"\n' + TEAM), load(TEAM, environ={"CODEBASE_CORE_SERVER": "team"})):
        assert settings["server"] == settings["registry_server"] == "team"


def test_a_flag_places_one_project_and_leaves_the_registry_where_it_is(load):
    settings = load(TEAM, server="team")

    assert (settings["server"], settings["registry_server"]) == ("team", "embedded")


def test_a_flag_leaves_the_registry_on_the_lasting_server(load):
    settings = load('server = "team"\n' + TEAM, server="embedded")

    assert (settings["server"], settings["registry_server"]) == ("embedded", "team")


def test_the_registry_may_have_a_server_of_its_own(load):
    settings = load('server = "team"\nregistry_server = "embedded"\n' + TEAM)

    assert (settings["server"], settings["registry_server"]) == ("team", "embedded")


def test_an_unknown_server_lists_the_choices(load):
    with pytest.raises(SettingsError) as caught:
        load(TEAM).server("taem")

    assert "no server is called 'taem'" in caught.value.message
    assert "did you mean 'team'? known: embedded, team" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "[servers.team]\n",
        "[servers.team]\nurl = 5",
        "[servers]\nteam = 'postgresql://db'",
        "[servers.embedded]\nurl = 'postgresql://db'",
        "[servers.registry]\nurl = 'postgresql://db'",
        "[servers.environment]\nurl = 'postgresql://db'",
        "[servers.team]\nurl = 'postgresql://db'\npooling = 'statement'",
        "[servers.team]\nurl = 'postgresql://db'\npooling = 5",
        "[servers.team]\nurl = 'postgresql://db'\npassword = 'hunter2'",
        "[servers.team]\nurl = 'postgresql://db'\nadmin_url = ['hunter2']",
    ],
)
def test_a_malformed_server_is_refused_by_its_name(load, text):
    with pytest.raises(SettingsError) as caught:
        load(text)

    assert "[servers." in caught.value.message
    assert caught.value.hint
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_the_registrys_variable_gives_registry_and_projects_a_server(load):
    settings = load(environ={"REGISTRY_DATABASE_URL": "postgresql+asyncpg://old/registry"})

    assert settings.server("registry").url == "postgresql+asyncpg://old/registry"
    assert settings.server("environment").url == "postgresql+asyncpg://old/registry"
    assert (settings["server"], settings["registry_server"]) == ("environment", "registry")


def test_database_url_alone_is_somebody_elses_database(load):
    settings = load(environ={"DATABASE_URL": "postgresql://production/shop"})

    assert set(settings.servers) == {"embedded"}
    assert settings["server"] == settings["registry_server"] == "embedded"


def test_database_url_beside_the_registrys_holds_the_projects(load):
    settings = load(environ={"REGISTRY_DATABASE_URL": "postgresql://a/r", "DATABASE_URL": "postgresql://b/p"})

    assert settings.server("environment").url == "postgresql://b/p"
    assert settings.server("registry").url == "postgresql://a/r"


def test_a_flag_does_not_move_the_registry_of_the_environment(load):
    settings = load(TEAM, environ={"REGISTRY_DATABASE_URL": "postgresql://a/r"}, server="team")

    assert (settings["server"], settings["registry_server"]) == ("team", "registry")
