"""Values are converted to their type, and what cannot be is refused where it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from codebase_core_hookspecs import Option

from codebase_core.config.options import Sources
from codebase_core.errors import SettingsError


def resolve(kind: type, raw: object, *, secret: bool = False, flag: bool = False):
    option = Option(name="thing", summary="What it is for.", type=kind, secret=secret)
    if flag:
        return Sources(environ={}, table={}, file="/home/me/config.toml").resolve(option, flag=raw)
    if isinstance(raw, str):
        return Sources(environ={"CODEBASE_CORE_THING": raw}, table={}, file="").resolve(option)
    return Sources(environ={}, table={"thing": raw}, file="/home/me/config.toml").resolve(option)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (str, "text", "text"),
        (int, "12", 12),
        (int, 12, 12),
        (float, "0.5", 0.5),
        (float, 2, 2.0),
        (bool, "Yes", True),
        (bool, "on", True),
        (bool, "1", True),
        (bool, "FALSE", False),
        (bool, "0", False),
        (bool, "off", False),
        (bool, True, True),
        (Path, "/srv/data", Path("/srv/data")),
        (Path, "~/data", Path.home() / "data"),
        (tuple, "a, b ,,c", ("a", "b", "c")),
        (tuple, ["a", "b"], ("a", "b")),
    ],
)
def test_a_value_gets_its_type(kind, raw, value):
    found = resolve(kind, raw).value

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (str, 5, "a text"),
        (str, True, "a text"),
        (int, "many", "a whole number"),
        (int, "1.5", "a whole number"),
        (int, 1.5, "a whole number"),
        (int, True, "a whole number"),
        (int, [1], "a whole number"),
        (float, "fast", "a number"),
        (float, True, "a number"),
        (bool, "perhaps", "true or false"),
        (bool, 1, "true or false"),
        (Path, 7, "a path"),
        (Path, "~nobody-of-this-name/data", "a path"),
        (tuple, 7, "a list of texts"),
        (tuple, [1, 2], "a list of texts"),
        (tuple, {"a": "b"}, "a list of texts"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_origin(kind, raw, expected):
    with pytest.raises(SettingsError) as caught:
        resolve(kind, raw)

    origin = "CODEBASE_CORE_THING" if isinstance(raw, str) else "/home/me/config.toml"
    assert caught.value.message.startswith(f"{origin}: thing must be ")
    assert expected in caught.value.message
    assert repr(raw) in caught.value.message
    assert caught.value.hint == "What it is for."


def test_a_flag_of_another_type_is_refused_as_the_command_lines():
    with pytest.raises(SettingsError, match="command line: thing must be a whole number, not 'many'"):
        resolve(int, "many", flag=True)


def test_a_secret_is_masked_where_it_is_shown():
    found = resolve(str, "hunter2", secret=True)

    assert found.value == "hunter2"
    assert found.shown() == "****"


def test_a_secret_that_is_not_set_is_shown_as_not_set():
    option = Option(name="key", summary="", secret=True)

    assert Sources(environ={}, table={}, file="").resolve(option).shown() is None


def test_a_secret_of_a_wrong_type_does_not_show_in_the_error():
    with pytest.raises(SettingsError) as caught:
        resolve(int, "hunter2", secret=True)

    assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"


def test_what_is_no_secret_is_shown_as_it_is():
    assert resolve(int, "12").shown() == 12
