"""The commands ``codebase-core tokens``."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from codebase_core_hookspecs import AccessToken, PluginContext, TeamService, TokenScope

T = TypeVar("T")

_SHOWN_ONCE = "This is shown once; it is kept nowhere:"
_DAYS = {"d": 1, "w": 7, "y": 365}
_LIFETIME = re.compile(r"([1-9]\d{0,4})([dwy])")


def _lifetime(text: str) -> timedelta:
    """Read a time to live, as ``90d``, ``12w`` or ``1y``."""
    if (found := _LIFETIME.fullmatch(text)) is None:
        raise click.BadParameter(f"{text!r} is no time: 90d, 12w or 1y")
    return timedelta(days=int(found[1]) * _DAYS[found[2]])


_expires = click.option("--expires", "lifetime", type=_lifetime, metavar="TIME", help="Time to live: 90d, 12w, 1y.")


@click.group()
def tokens() -> None:
    """Give others access to the server, to some projects or all, and take it away."""


@tokens.command()
@click.argument("name")
@click.option("--project", "projects", multiple=True, metavar="PROJECT", help="Only for this project; may be repeated.")
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="PATTERN",
    help="Only for projects with such a tag, as team-*; may be repeated.",
)
@click.option(
    "--scope",
    type=click.Choice(["search", "index", "admin"]),
    default="search",
    show_default=True,
    help="To search and read; to start index jobs as well; to change projects as well.",
)
@_expires
@click.pass_obj
def create(
    context: PluginContext,
    /,
    *,
    name: str,
    projects: tuple[str, ...],
    tags: tuple[str, ...],
    scope: TokenScope,
    lifetime: timedelta | None,
) -> None:
    """Make a token and print it. Without --project and --tag it is for every project."""

    async def work(service: TeamService) -> str:
        made = await service.create_token(name, scope=scope, projects=projects, tags=tags, lifetime=lifetime)
        return made[1]

    click.echo(_SHOWN_ONCE, err=True)
    click.echo(_run(context, work))


@tokens.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_tokens(context: PluginContext, /, *, as_json: bool) -> None:
    """List the tokens: what each is for, and until when."""

    async def work(service: TeamService) -> list[dict[str, Any]]:
        names = {project.id: project.name for project in await service.projects()}
        return [
            {
                "name": token.name,
                "scope": token.scope,
                "projects": sorted(names.get(id, str(id)) for id in token.projects),
                "tags": sorted(token.tags),
                "created_at": token.created_at.isoformat(),
                "expires_at": token.expires_at.isoformat() if token.expires_at else None,
                "expired": token.expired,
            }
            for token in await service.tokens()
        ]

    found = _run(context, work)
    if as_json:
        click.echo(json.dumps(found))
        return
    for token in found:
        where = ", ".join([*token["projects"], *(f"tag {tag}" for tag in token["tags"])]) or "every project"
        until = f"until {token['expires_at'][:10]}" if token["expires_at"] else "for ever"
        click.echo(f"{token['name']}: {token['scope']}, {where}, {'expired' if token['expired'] else until}")
    if not found:
        click.echo("no tokens; codebase-core tokens create makes one", err=True)


@tokens.command()
@click.argument("name")
@_expires
@click.pass_obj
def rotate(context: PluginContext, /, *, name: str, lifetime: timedelta | None) -> None:
    """Print a new secret for a token; the old one is nobody's at once. It lives as long again, or as --expires says."""

    async def work(service: TeamService) -> str:
        return (await service.rotate_token(name, lifetime=lifetime))[1]

    secret = _run(context, work)
    click.echo(_SHOWN_ONCE, err=True)
    click.echo(secret)


@tokens.command()
@click.argument("name")
@click.pass_obj
def revoke(context: PluginContext, /, *, name: str) -> None:
    """Take a token away; who is logged in with it is logged out."""

    async def work(service: TeamService) -> AccessToken:
        return await service.revoke_token(name)

    click.echo(f"revoked {_run(context, work).name}", err=True)


def _run(context: PluginContext, work: Callable[[TeamService], Awaitable[T]]) -> T:
    async def within() -> T:
        assert context.service is not None  # noqa: S101 - commands get one
        async with context.service() as service:
            return await work(service)

    return asyncio.run(within())
