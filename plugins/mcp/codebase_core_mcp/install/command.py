"""The command ``codebase-core install-agent``."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import click
from codebase_core_hookspecs import CodebaseCoreError

from codebase_core_mcp.plugin import REQUIRES

from . import toml
from .catalogue import AGENTS, SERVER, SHARED, Agent, Launch, in_repository, launch, plain
from .changes import Change, installing, is_installed, uninstalling
from .instructions import TEXT


def _complete(context: click.Context, parameter: click.Parameter, begin: str) -> list[str]:  # noqa: ARG001 - click's
    return [name for name in AGENTS if name.startswith(begin)]


@click.command("install-agent")
@click.argument("name", required=False, shell_complete=_complete)
@click.option("--list", "listed", is_flag=True, help="List the agents that are known, and which have it.")
@click.option(
    "--scope",
    type=click.Choice(["user", "repository"]),
    default="user",
    show_default=True,
    help="For you everywhere, or for everybody who works in this repository.",
)
@click.option("--uninstall", is_flag=True, help="Take out what was written.")
@click.option("--print", "printed", is_flag=True, help="Print the entry and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def install_agent(
    context: click.Context, *, name: str | None, listed: bool, scope: str, uninstall: bool, printed: bool, yes: bool
) -> None:
    """Write the MCP server and a short instruction into the settings of a coding agent.

    The change is shown first; everything else in the files stays. For an agent that is not known, the entry is printed. With
    ``--scope repository`` the entry goes into the repository's own file (``.mcp.json``, ``.cursor/mcp.json`` …), to be committed.
    """
    start = launch() if scope == "user" else SHARED
    if listed:
        for agent in AGENTS.values():
            click.echo(f"{agent.name:<12} {'installed' if is_installed(agent) else '-':<10} {agent.file()}")
    elif name is None:
        raise click.UsageError(f"name an agent: {', '.join(AGENTS)}", ctx=context)
    elif name not in AGENTS and uninstall:
        raise click.UsageError(f"no agent is called {name!r}; known: {', '.join(AGENTS)}", ctx=context)
    elif name not in AGENTS or printed:
        _print(AGENTS.get(name), start)
    else:
        agent = AGENTS[name] if scope == "user" else _shared(AGENTS[name])
        if not uninstall and find_spec("mcp") is None:
            raise CodebaseCoreError(
                "the server that the agent would start lacks a library", hint=f"pip install {REQUIRES!r}"
            )
        _apply(uninstalling(agent) if uninstall else installing(agent, start), agent, yes=yes)


def _apply(changes: list[Change], agent: Agent, *, yes: bool) -> None:
    if not changes:
        click.echo(f"{agent.title}: nothing to change", err=True)
        return
    for change in changes:
        click.echo("".join(change.diff()), nl=False)
    if not yes:
        click.confirm("Write this?", abort=True, err=True)
    for change in changes:
        change.write()
    click.echo(f"{agent.title}: written; start it anew to see the change", err=True)


def _shared(agent: Agent) -> Agent:
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    try:
        return in_repository(agent, root)
    except ValueError as exc:
        known = ", ".join(name for name, each in AGENTS.items() if each.shared)
        raise CodebaseCoreError(str(exc), hint=f"leave --scope out, or choose one that does: {known}") from None


def _print(agent: Agent | None, start: Launch) -> None:
    entry = agent.entry(start) if agent is not None else plain(start)
    key = agent.key if agent is not None else "mcpServers"
    where = agent.file() if agent is not None else "the agent's settings of MCP servers"
    if agent is not None and agent.form == "toml":
        click.echo(toml.with_table("", f"{key}.{SERVER}", entry), nl=False)
    else:
        click.echo(json.dumps({key: {SERVER: entry}}, indent=2))
    click.echo(f"belongs into {where}; and for its instructions:\n{TEXT}", err=True)
