"""The answers of several projects, printed as one: each hit names its project."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from .answers import print_hits, print_provenance
from .output import print_json, printable

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit

    from codebase_core.operations.federated_search import FederatedAnswer, ProjectHit

    from .answer_options import AnswerOptions


def print_federated_answer(answer: FederatedAnswer, options: AnswerOptions, *, explain: bool, line: bool) -> None:
    """Print what several projects answer; ``line`` asks for one line of JSON."""
    shown = answer.as_dict(explain=explain)
    if line:
        click.echo(json.dumps(shown, ensure_ascii=False))
        sys.stdout.flush()
    elif options.output_format == "json":
        print_json(shown)
    elif options.output_format == "jsonl":
        for hit in shown["hits"]:
            click.echo(json.dumps(hit, ensure_ascii=False))
    else:
        found = answer.hits()
        placed = _placed if options.output_format == "path:line" else _named
        whole = options.full or bool(options.context) or options.max_tokens is not None
        if found:
            merged = replace(found[0].answer, hits=[placed(each) for each in found], repositories=())
            print_hits(merged, output_format=options.output_format, explain=explain, full=whole)
        else:
            click.echo("no result", err=True)
        for own in answer.answers:
            print_provenance(own)
    for name, error in answer.unavailable.items():
        click.echo(f"project {name!r} could not be asked: {printable(str(error))}", err=True)


def _named(found: ProjectHit) -> Hit:
    return replace(found.hit, path=f"{found.project}: {found.answer.display_path(found.hit)}")


def _placed(found: ProjectHit) -> Hit:
    """Return a hit with the place of its file where it was indexed, for editors."""
    return replace(found.hit, path=str(found.answer.file(found.hit)))
