"""The command group, loaded piece by piece, and the one place where errors become messages."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from codebase_core_hookspecs.errors import CodebaseCoreError

from codebase_core import __version__
from codebase_core.errors import SettingsError

from .failures import tell, wants_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codebase_core_hookspecs import CommandPlugin

_COMMANDS = {
    "init": ("codebase_core.cli.init:init", "Make sure that a folder has a project."),
    "index": ("codebase_core.cli.index:index", "Bring the index of a folder up to date."),
    "reindex": (
        "codebase_core.cli.reindex:reindex",
        "Build an index anew, with another embedding model if one is named.",
    ),
    "search": ("codebase_core.cli.search:search", "Ask in words or by name."),
    "related": ("codebase_core.cli.related:related", "Show code that resembles a passage."),
    "outline": ("codebase_core.cli.outline:outline", "Show what a file defines."),
    "evaluate": ("codebase_core.cli.evaluate:evaluate", "Score answers to labelled queries of your own."),
    "status": ("codebase_core.cli.status:status", "Show what is indexed, and how fresh it is."),
    "watch": ("codebase_core.cli.watch:watch", "Keep the index of a folder current while files change."),
    "jobs": ("codebase_core.cli.jobs:jobs", "Show and cancel index runs in processes of their own."),
    "projects": ("codebase_core.cli.projects.group:projects", "Find, change, remove, verify and repair projects."),
    "embedders": ("codebase_core.cli.embedders:embedders", "Show the embedding models that can be used, and try one."),
    "plugins": ("codebase_core.cli.plugins:plugins", "Show what is installed and what became of it."),
    "doctor": ("codebase_core.cli.doctor:doctor", "Check the installation and say how to fix what is wrong."),
    "config": ("codebase_core.cli.config:config", "Show the settings and where they come from."),
}


class Commands(click.Group):
    """Core's commands and the plugins', each imported when it is used; ``--help`` imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return core's names, then those of plugins; core's alone where the settings cannot be read."""
        try:
            return [*_COMMANDS, *sorted(_commands_of_plugins(ctx))]
        except SettingsError:  # said by --help, and by what needs them
            return [*_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; for a list of commands a stand-in is enough."""
        if cmd_name in _COMMANDS:
            target = _COMMANDS[cmd_name][0]
        elif cmd_name in _commands_of_plugins(ctx):
            target = _commands_of_plugins(ctx)[cmd_name].target
        else:
            return None
        module, _, attribute = target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; it is no error when whoever reads its output has enough (click would exit with 1)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Nothing more may be flushed into the pipe at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list from the summaries, without loading a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])
        try:
            added = [(name, plugin.summary) for name, plugin in sorted(_commands_of_plugins(ctx).items())]
        except SettingsError as exc:
            added = [("?", f"Unknown: {exc.message}")]
        if added:
            with formatter.section("Commands of plugins"):
                formatter.write_dl(added)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for an unknown one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as exc:
            from codebase_core.errors import choices  # noqa: PLC0415 - only for a mistake

            raise click.UsageError(f"{exc.message} ({choices(args[0], self.list_commands(ctx))})", ctx=ctx) from None


def _commands_of_plugins(ctx: click.Context) -> dict[str, CommandPlugin]:
    """Return the commands of plugins by name; the plugins are loaded once an invocation, those disabled not at all."""
    if "commands" not in ctx.meta:
        from codebase_core.config.settings import load_settings  # noqa: PLC0415 - not for core's commands
        from codebase_core.plugins.manager import PluginManager  # noqa: PLC0415 - 10 ms

        disabled = load_settings()["disable_plugins"]
        third_party = not ctx.params.get("no_plugins", False)
        commands = PluginManager.load(disabled=disabled, third_party=third_party).commands()
        ctx.meta["commands"] = {command.name: command for command in commands if command.name not in _COMMANDS}
    found: dict[str, CommandPlugin] = ctx.meta["commands"]
    return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="codebase-core")
@click.option("--verbose", is_flag=True, help="Log what happens, on stderr.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option("--no-plugins", is_flag=True, help="Load no third-party plugin.")
@click.pass_context
def cli(ctx: click.Context, *, verbose: bool, debug: bool, no_plugins: bool) -> None:
    """Index source code into PostgreSQL and ask it questions."""
    from .session import CliSession  # noqa: PLC0415 - not for --help

    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":  # https://no-color.org
        ctx.color = False
    session = CliSession(verbose=verbose or debug, plugins=not no_plugins)
    name = ctx.invoked_subcommand
    ctx.obj = session if name in _COMMANDS or not name else session.context(_commands_of_plugins(ctx)[name])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 answered, 1 error, 2 usage, 130 interrupted."""
    if sys.stdout is None:  # the caller closed it
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug, as_json = "--debug" in words, wants_json(words)
    try:
        result: Any = cli.main(args=words, prog_name="codebase-core", standalone_mode=False)
    except CodebaseCoreError as exc:
        if debug:
            raise
        tell(exc.message, exc.hint, kind=type(exc).__name__, as_json=as_json)
        return 1
    except click.ClickException as exc:
        if as_json:
            help_of = f"{exc.ctx.command_path} --help" if isinstance(exc, click.UsageError) and exc.ctx else None
            tell(exc.format_message(), help_of, kind=type(exc).__name__, as_json=True)
        else:
            exc.show()
        return exc.exit_code
    except (KeyboardInterrupt, click.Abort) as exc:
        if isinstance(exc, click.Abort) and exc.__cause__ is None:  # a question, answered with no or by nobody
            click.echo("nothing was done; --yes goes on without asking", err=True)
            return 1
        click.echo("interrupted", err=True)
        return 130
    except Exception as exc:
        if debug:
            raise
        hint = "run it again with --debug and report the traceback"
        tell(f"unexpected {type(exc).__name__}: {exc}", hint, kind=type(exc).__name__, as_json=as_json)
        return 1
    return result if isinstance(result, int) else 0
