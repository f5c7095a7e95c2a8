"""The forms in which an answer is printed."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

import click

from codebase_core.search.window import best_line, best_window, line_scores, patterns

from .output import ago, print_json, printable

if TYPE_CHECKING:
    from codebase_core_hookspecs import Answer, Hit

FORMATS = ("text", "json", "jsonl", "markdown", "path:line")
SNIPPET_LINES = 8

_MARKS = {
    "changed": "changed since",
    "missing": "file is gone",
    "unknown": "not checked",
    "elsewhere": "of another checkout",
}


def print_answer(answer: Answer, *, output_format: str, explain: bool, full: bool, line: bool = False) -> None:
    """Print an answer; ``line`` asks for one line of JSON whatever stdout is."""
    if output_format == "json" and line:
        click.echo(json.dumps(answer.as_dict(explain=explain), ensure_ascii=False))
        sys.stdout.flush()
    elif output_format == "json":
        print_json(answer.as_dict(explain=explain))
    elif output_format == "jsonl":
        for hit in answer.hits:
            click.echo(json.dumps(hit.as_dict(explain=explain), ensure_ascii=False))
    else:
        print_hits(answer, output_format=output_format, explain=explain, full=full)
        print_provenance(answer)


def print_hits(answer: Answer, *, output_format: str, explain: bool, full: bool) -> None:
    """Print the hits alone, in a form for people or editors."""
    if output_format == "markdown":
        _markdown(answer)
    elif output_format == "path:line":
        for hit in answer.hits:
            line = best_line(hit, answer.focus or answer.query)
            click.echo(f"{printable(_openable(hit, answer))}:{line}: {_first_line(hit)}")
    else:
        _text(answer, explain=explain, full=full)


def _text(answer: Answer, *, explain: bool, full: bool) -> None:
    words = [] if answer.focus else patterns(answer.query)
    for number, hit in enumerate(answer.hits, 1):
        place = click.style(
            f"{printable(answer.display_path(hit))}:{hit.start_line}-{hit.end_line}", fg="cyan", bold=True
        )
        names = printable(", ".join(dict.fromkeys(symbol.name for symbol in hit.symbols[:4])))
        mark = click.style(f"  [{_MARKS[hit.state]}]", fg="yellow") if hit.state in _MARKS else ""
        click.echo(f"{number}. {place}{f'  {click.style(names, dim=True)}' if names else ''}{mark}")
        if explain:
            stages = "  ".join(f"{name} {value:.3f}" for name, value in hit.stages.items())
            click.echo(click.style(f"   score {hit.score:.3f} = {stages}", dim=True))
        lines = hit.text.rstrip("\n").split("\n")
        first = 0 if full else best_window(line_scores(hit, answer.focus or answer.query), SNIPPET_LINES)
        shown = lines if full else lines[first : first + SNIPPET_LINES]
        for offset, content in enumerate(shown, hit.start_line + first):
            gutter = click.style(f"{offset:>6} ", dim=True)
            click.echo(f"{gutter}{_highlighted(printable(content), words)}")
        click.echo()


def _markdown(answer: Answer) -> None:
    for hit in answer.hits:
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", hit.text))])
        click.echo(f"**{printable(answer.display_path(hit))}:{hit.start_line}-{hit.end_line}**\n")
        click.echo(f"{fence}{hit.language or ''}\n{hit.text.rstrip()}\n{fence}\n")


def print_provenance(answer: Answer) -> None:
    """Say on stderr where an answer comes from."""
    if answer.note or not answer.hits:
        click.echo(printable(answer.note or "no result"), err=True)
    project = answer.project
    if project is not None:
        evidence = printable(f"by {project.tier}: {project.evidence}")
        click.echo(f"project {project.name!r} ({evidence}), {answer.timings['total']:.0f} ms", err=True)
    for state in answer.repositories:
        commit = f" at {state.commit[:10]}" if state.commit else ""
        running = ", being indexed now" if state.running else ""
        click.echo(f"{printable(state.name)}: indexed {ago(state.indexed_at)}{commit}{running}", err=True)


def _openable(hit: Hit, answer: Answer) -> str:
    """Return a path that an editor opens: of several repositories on this machine, from the current folder."""
    if len(answer.repositories) > 1:
        file = answer.file(hit)
        return os.path.relpath(file) if file.exists() else answer.display_path(hit)
    return hit.path


def _first_line(hit: Hit) -> str:
    return printable(next((line.strip() for line in hit.text.split("\n") if line.strip()), ""))


def _highlighted(line: str, words: list[str]) -> str:
    if not words or not sys.stdout.isatty():
        return line
    return re.sub("|".join(words), lambda found: click.style(found[0], fg="red", bold=True), line, flags=re.IGNORECASE)
