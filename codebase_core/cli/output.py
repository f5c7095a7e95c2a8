"""How answers are printed: data on stdout, talk on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

_ENDS_OF_LINES = {ord(end): f"\\u{ord(end):04x}" for end in "\u0085\u2028\u2029"}


def printable(line: str) -> str:
    """Return a line without control characters: source and the names of files must not steer the terminal."""
    return line if line.isprintable() else "".join(c if c.isprintable() or c == "\t" else "�" for c in line)


def printable_lines(text: str) -> str:
    """Return a text of several lines without other control characters."""
    return "\n".join(map(printable, text.split("\n")))


def print_json(value: Any) -> None:
    """Print an object, indented on a terminal, on one line elsewhere."""
    if sys.stdout.isatty():
        click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
    else:
        print_json_line(value)


def print_json_line(value: Any) -> None:
    """Print an object on one line, also for readers that take U+0085, U+2028 and U+2029 for the end of a line."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    click.echo(text.translate(_ENDS_OF_LINES))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns, as wide as needed."""
    cells = [[printable(str(cell)) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(headings), *cells]) for i in range(len(headings))]
    for number, row in enumerate([list(headings), *cells]):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        click.echo(click.style(line, bold=True) if number == 0 else line)


def readable(value: Any) -> str:
    """Return a value of JSON as a person reads it: nothing as -, a list with commas, an object as KEY=VALUE."""
    match value:
        case list():
            return ", ".join(map(_plain, value)) or "-"
        case dict():
            return ", ".join(f"{key}={_plain(each)}" for key, each in value.items()) or "-"
        case _:
            return _plain(value)


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "-"
    return value if isinstance(value, str) and value.isprintable() else json.dumps(value, ensure_ascii=False)


def ago(moment: datetime | None) -> str:
    """Return how long ago something was."""
    if moment is None:
        return "never"
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 file, 1,234 files."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
