"""Write docs/reference from the code: ``python -m tests.docs.reference``. A test holds the two together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from inspect import cleandoc
from pathlib import Path

import click
from codebase_core_hookspecs import Option

from codebase_core.cli.app import cli
from codebase_core.config.options import environment_name
from codebase_core.config.settings import CORE_OPTIONS, load_settings
from codebase_core.engine import Engine

from .contract import PARTS, contract_page, hook_page
from .python import python_page

_BAR = "\\|"
FOLDER = Path(__file__).parents[2] / "docs" / "reference"


def commands() -> str:
    """Return docs/reference/commands.md."""
    lines = ["# Commands", "", "Written from the code by `python -m tests.docs.reference`.", ""]
    lines += [
        "Data goes to stdout, talk to stderr. Exit codes: 0 answered (no result is an answer), 1 error, 2 usage,",
        "130 interrupted.",
        "",
        'With `--json` an error is one object on stderr, `{"error": …, "hint": …, "kind": …}`: what failed, what to do',
        "(or null), and the name of the error's class.",
    ]
    for name, command in _walk(cli, "codebase-core"):
        lines += ["", f"## {name}", "", cleandoc(command.help or "")]
        rows = [row for parameter in command.params if (row := _row(parameter))]
        if rows:
            lines += ["", "| option | meaning |", "| --- | --- |", *rows]
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Return docs/reference/settings.md."""
    lines = [
        "# Settings",
        "",
        "Written from the code by `python -m tests.docs.reference`. Flags override the environment, the environment the file,",
        "the file the defaults; `codebase-core config show` says where each value comes from. The file is TOML: core settings",
        "at the top, those of plugins in `[plugins.SECTION]`, servers in `[servers.NAME]` (`url`, `admin_url`, `pooling`).",
        "",
        "| setting | type | default | environment | meaning |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [_setting(option, section=None) for option in CORE_OPTIONS]
    plugins = Engine(load_settings(environ={})).plugins.plugins
    sections = {d.table: d.options for p in plugins if p.bundled for d in p.provides if d.options}
    for section, options in sorted(sections.items()):
        lines += [_setting(option, section=section) for option in options]
    return "\n".join(lines) + "\n"


def _setting(option: Option, *, section: str | None) -> str:
    name = f"plugins.{section}.{option.name}" if section else option.name
    variables = ", ".join(f"`{each}`" for each in (*option.env, environment_name(option.name, section=section)))
    default = "" if option.default in (None, ()) else f"`{option.default}`"
    return f"| `{name}` | {option.type.__name__} | {default} | {variables} | {option.summary} |"


def _walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from _walk(found, f"{path} {name}")


def _row(parameter: click.Parameter) -> str | None:
    if isinstance(parameter, click.Argument):
        return _cells(parameter.make_metavar(click.Context(cli)), "")
    assert isinstance(parameter, click.Option)
    value = "" if parameter.is_flag else f" {parameter.make_metavar(click.Context(cli))}"
    names = ", ".join(parameter.opts)
    return _cells(f"{names}{value}", parameter.help or "") if parameter.name != "help" else None


def _cells(option: str, meaning: str) -> str:
    """Return a row of a table: a bar ends a cell even within code, a bracket in prose would begin a link."""
    cells = [f"`{option}`", meaning.replace("[", "\\[")]
    return f"| {' | '.join(cell.replace('|', _BAR) for cell in cells)} |"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "settings.md": settings,
    "contract.md": contract_page,
    "python.md": python_page,
    **{f"hooks/{name}.md": partial(hook_page, name) for name in PARTS},
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
