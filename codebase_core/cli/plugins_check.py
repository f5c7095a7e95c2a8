"""``codebase-core plugins check``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from codebase_core.engine import Engine
from codebase_core.errors import UnknownPlugin, Unsupported, choices

from .options import json_option
from .output import print_json, print_table

if TYPE_CHECKING:
    from codebase_core.testing.check import Checked

    from .session import CliSession


@click.command()
@click.argument("name")
@click.option("--model", help="Model of an embedder; by default its own.")
@json_option
@click.pass_obj
def check(session: CliSession, *, name: str, model: str | None, as_json: bool) -> int:
    """Hold an installed plugin, by the name of its entry point, to the conformance kit; exit code 1 if it fails.

    Nothing of yours is touched: it works in a folder of its own, and on a PostgreSQL of its own where it needs one.
    """
    known = [plugin.name for plugin in Engine(session.settings()).plugins.plugins]
    if name not in known:
        raise UnknownPlugin(f"no plugin is called {name!r}", hint=choices(name, known))
    if find_spec("pytest") is None or find_spec("pytest_asyncio") is None:
        raise Unsupported("the conformance kit needs pytest", hint="pip install 'codebase-core[testing]'")
    from codebase_core.testing.check import run  # noqa: PLC0415 - pytest: only here

    found = run(name, model=model)
    if as_json:
        print_json(found.as_dict())
    else:
        _print(found)
    return 0 if found.passed else 1


def _print(found: Checked) -> None:
    rows = [(s.subject, str(s.passed), str(s.failed), str(s.skipped)) for s in found.suites]
    print_table(("WHAT", "PASSED", "FAILED", "SKIPPED"), rows)
    if found.capabilities:
        click.echo()
        print_table(("CAPABILITY", "RESULT"), [(f"{c.subject}: {c.name}", c.result) for c in found.capabilities])
    tests: dict[str, list[str]] = {}
    for fault in found.faults:
        tests.setdefault(fault.text, []).append(fault.test)
    for text, failed in tests.items():
        more = f" and {len(failed) - 1} more" if failed[1:] else ""
        click.echo(f"\n{failed[0]}{more}\n{text}", err=True)
