"""``codebase-core projects``: create, rename, tag and describe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from codebase_core.cli.options import json_option, project_argument
from codebase_core.cli.output import print_json, readable

from .record import record_as_dict

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.app import App
    from codebase_core.cli.session import CliSession


@click.command()
@click.argument("name")
@click.option("--description", metavar="TEXT", help="What it is.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Tag it; may be repeated.")
@click.option(
    "--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Set metadata; a VALUE that is JSON is stored as such."
)
@click.option("--store", metavar="NAME", help="Isolation strategy.")
@click.option("--server", metavar="NAME", help="Server.")
@click.option("--embedder", metavar="PLUGIN[:MODEL]", help="Embedding model.")
@json_option
@click.pass_obj
def create(session: CliSession, /, *, name: str, pairs: tuple[str, ...], as_json: bool, **choices: Any) -> None:
    """Create a project without a folder. It is filled by index --project NAME."""
    made = session.run(lambda app: app.create(name, metadata=_metadata(pairs), **choices))
    _say(made, f"created {made.name!r}", as_json=as_json)


@click.command()
@project_argument()
@click.argument("new_name")
@json_option
@click.pass_obj
def rename(session: CliSession, *, name: str, new_name: str, as_json: bool) -> None:
    """Give a project another name. Its database or schema keeps its own."""

    async def work(app: App) -> Project:
        return await (await app.projects()).rename(await app.find(name), new_name)

    made = session.run(work)
    _say(made, f"renamed {name!r} to {made.name!r}", as_json=as_json)


@click.command()
@project_argument(many=True)
@click.option("--add", multiple=True, metavar="TAG", help="Add a tag; may be repeated.")
@click.option("--remove", multiple=True, metavar="TAG", help="Remove a tag; may be repeated.")
@json_option
@click.pass_obj
def tag(
    session: CliSession, *, names: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...], as_json: bool
) -> None:
    """Add tags to projects, and remove some."""

    async def work(app: App) -> list[Project]:
        projects = await app.projects()
        found = [await app.find(name) for name in names]
        return [await projects.tag(each, add=add, remove=remove) for each in found]

    changed = session.run(work)
    if as_json:
        print_json([record_as_dict(each) for each in changed])
    for each in changed if not as_json else ():
        click.echo(f"{each.name}: {', '.join(sorted(each.tags)) or 'no tags'}")


@click.command()
@project_argument()
@click.argument("description", required=False)
@click.option(
    "--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Set metadata; a VALUE that is JSON is stored as such."
)
@click.option("--unset", multiple=True, metavar="KEY", help="Remove metadata.")
@json_option
@click.pass_obj
def describe(
    session: CliSession,
    *,
    name: str,
    description: str | None,
    pairs: tuple[str, ...],
    unset: tuple[str, ...],
    as_json: bool,
) -> None:
    """Set a project's description and metadata. An empty DESCRIPTION removes it."""
    metadata = _metadata(pairs) | dict.fromkeys(unset)

    async def work(app: App) -> Project:
        project = await app.find(name)
        return await (await app.projects()).describe(project, description=description, metadata=metadata)

    made = session.run(work)
    text = f"{made.name}: {readable(made.description or 'no description')}; {readable(dict(made.metadata))}"
    _say(made, text, as_json=as_json)


def _metadata(pairs: tuple[str, ...]) -> dict[str, Any]:
    found = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise click.BadParameter(f"{pair!r} is not KEY=VALUE", param_hint="--set")
        try:
            found[key] = json.loads(value)
        except ValueError:
            found[key] = value
    return found


def _say(project: Project, text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(record_as_dict(project))
    else:
        click.echo(text)
