"""Questions before something is lost."""

from __future__ import annotations

import click


def confirm(question: str, *, yes: bool) -> None:
    """Ask on stderr unless told not to."""
    if not yes:
        click.confirm(question, abort=True, err=True)
