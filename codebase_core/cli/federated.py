"""The answers of several projects, printed as one: each hit names its project."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from codebase_core.operations.federated_search import NOT_COMPARED

from .answers import print_hits, print_place, print_provenance
from .output import print_json, print_json_line, printable
from .refreshed import print_freshness

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit

    from codebase_core.operations.federated_search import FederatedAnswer, ProjectHit

    from .answer_options import AnswerOptions


def print_federated_answer(answer: FederatedAnswer, options: AnswerOptions, *, explain: bool, line: bool) -> None:
    """Print what several projects answer; ``line`` asks for one line of JSON."""
    shown = answer.as_dict(explain=explain)
    if line:
        print_json_line(shown)
        sys.stdout.flush()
    elif options.output_format == "json":
        print_json(shown)
    elif options.output_format == "jsonl":
        for hit in shown["hits"]:
            print_json_line(hit)
    else:
        found = answer.hits()
        if not found:
            click.echo("no result", err=True)
        elif options.output_format == "path:line":
            for each in found:
                print_place(each.hit, each.answer)
        else:
            whole = options.full or bool(options.context) or options.max_tokens is not None
            merged = replace(found[0].answer, hits=[_named(each) for each in found], repositories=())
            print_hits(merged, output_format=options.output_format, explain=explain, full=whole)
        for own in answer.answers:
            print_provenance(replace(own, freshness=None) if own.freshness is NOT_COMPARED else own)
        print_freshness(NOT_COMPARED)
    for name, error in answer.unavailable.items():
        click.echo(f"project {name!r} could not be asked: {printable(str(error))}", err=True)


def _named(found: ProjectHit) -> Hit:
    return replace(found.hit, path=f"{found.project}: {found.answer.display_path(found.hit)}")
