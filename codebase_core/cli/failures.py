"""What a command says when it fails, on standard error: lines for people, one JSON object with ``--json``."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

JSON_FLAG = "--json"


def wants_json(words: Sequence[str]) -> bool:
    """Tell whether a command line asks for JSON: a command that could not be parsed has no options yet."""
    options = words[: words.index("--")] if "--" in words else words
    return JSON_FLAG in options


def tell(message: str, hint: str | None, *, kind: str, as_json: bool) -> None:
    """Say what failed and what to do; ``kind`` is the name of the error's class."""
    if as_json:
        click.echo(json.dumps({"error": message, "hint": hint, "kind": kind}), err=True)
        return
    from .output import printable_lines  # noqa: PLC0415 - only for a mistake

    for label, text in (("error", message), ("hint", hint)):
        if text:
            click.echo(printable_lines(f"{label}: {text}"), err=True)
