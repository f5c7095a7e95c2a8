"""Ask before something is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def agreed(question: str, *, yes: bool) -> bool:
    """Ask on stderr unless told not to."""
    return yes or click.confirm(question, err=True)


def confirm(question: str, *, yes: bool) -> None:
    """Ask on stderr unless told not to; any answer but yes ends the command."""
    if not agreed(question, yes=yes):
        raise click.Abort


def yes_option(command: F) -> F:
    """Add ``--yes``."""
    return click.option("--yes", is_flag=True, help="Do not ask.")(command)
