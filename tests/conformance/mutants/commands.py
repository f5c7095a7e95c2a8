"""Wrong commands."""

from __future__ import annotations

import sys
from functools import partial

import click
import pytest
from codebase_core_hookspecs import CommandPlugin

from codebase_core.testing import CommandConformance

from . import caught_by


@click.command("fake")
@click.option("--count", default=1, help="How often.")
def fake(*, count):
    """Say hello."""
    click.echo("hello " * count)


class Suite(CommandConformance):
    """The kit over a small command."""

    @pytest.fixture
    def wrong(self):
        return fake

    @pytest.fixture
    def plugin(self, wrong, monkeypatch):
        monkeypatch.setattr(sys.modules[__name__], "tested", wrong, raising=False)
        return CommandPlugin(name="fake", summary="Say hello", target=f"{__name__}:tested")


caught = partial(caught_by, Suite)


@caught("test_its_target_is_a_click_command")
@click.command("other")
def of_another_name():
    """Say hello."""


@caught("test_its_help_says_what_it_does")
@click.command("fake")
def silent():
    pass


@caught("test_its_help_says_what_it_does")
@click.command("fake", add_help_option=False)
def without_help():
    """Say hello."""


@caught("test_an_option_that_it_does_not_know_is_an_error_of_usage")
@click.command("fake", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1)
def swallows_options(words):
    """Say hello."""


@caught("test_every_option_says_what_it_is_for")
@click.command("fake")
@click.option("--count")
def unexplained(count):
    """Say hello."""
