"""What every command must hold."""

from __future__ import annotations

from importlib import import_module

import click
import pytest
from click.testing import CliRunner
from codebase_core_hookspecs import CommandPlugin, PluginContext

from .base import Conformance


class CommandConformance(Conformance):
    """A click command that is found where it is said to be, and says what it does."""

    @pytest.fixture
    def command(self, plugin: CommandPlugin) -> click.Command:
        """The command, imported as core does."""
        module, _, attribute = plugin.target.partition(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command), f"{plugin.target} is a {type(found).__name__}, not a click command"
        return found

    def test_its_target_is_a_click_command(self, plugin: CommandPlugin, command: click.Command) -> None:
        """By the name that it is declared with: else help and errors speak of another."""
        assert command.name == plugin.name

    def test_its_help_says_what_it_does(
        self, plugin: CommandPlugin, command: click.Command, context: PluginContext
    ) -> None:
        """Without doing it."""
        shown = CliRunner().invoke(command, ["--help"], obj=context, prog_name=plugin.name)
        assert shown.exit_code == 0, shown.output
        assert command.help, "a command without a docstring"

    def test_an_option_that_it_does_not_know_is_an_error_of_usage(
        self, plugin: CommandPlugin, command: click.Command, context: PluginContext
    ) -> None:
        """Exit code 2, as everywhere."""
        shown = CliRunner().invoke(command, ["--no-such-option-at-all"], obj=context, prog_name=plugin.name)
        assert shown.exit_code == click.UsageError.exit_code, shown.output

    def test_every_option_says_what_it_is_for(self, command: click.Command) -> None:
        """Those of subcommands as well."""
        silent = [
            f"{each.name} {parameter.opts[0]}"
            for each in _with_subcommands(command)
            for parameter in each.params
            if isinstance(parameter, click.Option) and not parameter.help and not parameter.hidden
        ]
        assert not silent


def _with_subcommands(command: click.Command) -> list[click.Command]:
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return [command, *(found for each in below for found in _with_subcommands(each))]
