"""The forms in which an answer is printed."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codebase_core.search.window import best_line, numbered_lines, patterns

from .output import ago, print_json, print_json_line, printable
from .refreshed import print_freshness

if TYPE_CHECKING:
    from codebase_core_hookspecs import Answer, Hit

FORMATS = ("text", "json", "jsonl", "markdown", "path:line")
SNIPPET_LINES = 8

COPIES = 3
"""So many paths of equal files are named."""

_MARKS = {
    "changed": "changed since",
    "missing": "file is gone",
    "unknown": "not checked",
    "elsewhere": "of another checkout",
}


def print_answer(answer: Answer, *, output_format: str, explain: bool, full: bool, line: bool = False) -> None:
    """Print an answer; ``line`` asks for one line of JSON whatever stdout is."""
    if output_format == "json" and line:
        print_json_line(answer.as_dict(explain=explain))
        sys.stdout.flush()
    elif output_format == "json":
        print_json(answer.as_dict(explain=explain))
    elif output_format == "jsonl":
        for hit in answer.hits:
            print_json_line(hit.as_dict(explain=explain))
    else:
        print_hits(answer, output_format=output_format, explain=explain, full=full)
        print_provenance(answer)


def print_hits(answer: Answer, *, output_format: str, explain: bool, full: bool) -> None:
    """Print the hits alone, in a form for people or editors."""
    if output_format == "markdown":
        _markdown(answer)
    elif output_format == "path:line":
        for hit in answer.hits:
            print_place(hit, answer)
    else:
        _text(answer, explain=explain, full=full)


def print_place(hit: Hit, answer: Answer) -> None:
    """Print the line of a hit that matches best, for editors: path, number and text."""
    line = best_line(hit, answer.focus or answer.query)
    content = hit.text.split("\n")[line - hit.start_line].strip()
    click.echo(f"{printable(_openable(hit, answer))}:{line}: {printable(content)}")


def _text(answer: Answer, *, explain: bool, full: bool) -> None:
    words = [] if answer.focus else patterns(answer.query)
    for number, hit in enumerate(answer.hits, 1):
        place = click.style(
            f"{printable(answer.display_path(hit))}:{hit.start_line}-{hit.end_line}", fg="cyan", bold=True
        )
        names = printable(hit.title)
        mark = click.style(f"  [{_MARKS[hit.state]}]", fg="yellow") if hit.state in _MARKS else ""
        click.echo(f"{number}. {place}{f'  {click.style(names, dim=True)}' if names else ''}{mark}")
        if hit.copies:
            click.echo(click.style(f"   also in {printable(', '.join(hit.copies[:COPIES]))}{_more(hit)}", dim=True))
        if explain:
            stages = "  ".join(f"{name} {value:.3f}" for name, value in hit.stages.items())
            click.echo(click.style(f"   score {hit.score:.3f} from {stages}", dim=True))
        for line in numbered_lines(hit, answer.focus or answer.query, None if full else SNIPPET_LINES):
            if line is None:
                click.echo(click.style("     …", dim=True))
            else:
                gutter = click.style(f"{line[0]:>6} ", dim=True)
                click.echo(f"{gutter}{_highlighted(printable(line[1]), words)}")
        click.echo()


def _more(hit: Hit) -> str:
    left = len(hit.copies) - COPIES
    return f" and {left} more" if left > 0 else ""


def _markdown(answer: Answer) -> None:
    for hit in answer.hits:
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", hit.text))])
        names = printable(hit.title)
        place = f"{printable(answer.display_path(hit))}:{hit.start_line}-{hit.end_line}"
        click.echo(f"**{place}**{f' {names}' if names else ''}\n")
        opening = f"{hit.opening} …\n" if hit.within is not None and hit.within.line < hit.start_line else ""
        click.echo(f"{fence}{hit.language or ''}\n{opening}{hit.text.rstrip()}\n{fence}\n")


def print_provenance(answer: Answer) -> None:
    """Say on stderr where an answer comes from."""
    if answer.note or not answer.hits:
        click.echo(printable(answer.note or "no result"), err=True)
    if answer.freshness is not None and answer.freshness.state != "elsewhere":  # that is in the note
        print_freshness(answer.freshness)
    project = answer.project
    if project is not None:
        evidence = printable(f"by {project.tier}: {project.evidence}")
        click.echo(f"project {project.name!r} ({evidence}), {answer.timings['total']:.0f} ms", err=True)
    for state in answer.repositories:
        commit = f" at {state.commit[:10]}" if state.commit else ""
        running = ", being indexed now" if state.running else ""
        click.echo(f"{printable(state.name)}: indexed {ago(state.indexed_at)}{commit}{running}", err=True)


def _openable(hit: Hit, answer: Answer) -> str:
    """Return a path that opens from the current folder, where the file is on this machine: relative if it lies below."""
    file = answer.file(hit)
    if not file.exists():
        return answer.display_path(hit)
    return os.path.relpath(file) if file.is_relative_to(Path.cwd()) else str(file)


def _highlighted(line: str, words: list[str]) -> str:
    if not words or not sys.stdout.isatty():
        return line
    return re.sub("|".join(words), lambda found: click.style(found[0], fg="red", bold=True), line, flags=re.IGNORECASE)
