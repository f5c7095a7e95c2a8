"""Questions before something is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def confirm(question: str, *, yes: bool) -> None:
    """Ask on stderr unless told not to."""
    if not yes:
        click.confirm(question, abort=True, err=True)


def yes_option(command: F) -> F:
    """Add ``--yes``."""
    return click.option("--yes", is_flag=True, help="Do not ask.")(command)
