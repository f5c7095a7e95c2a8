"""The command ``codebase-core serve``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click
from codebase_core_hookspecs import CodebaseCoreError

from .plugin import REQUIRES

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address; another than loopback needs TLS or a proxy."
)
@click.option("--port", type=click.IntRange(0, 65_535), default=8_766, show_default=True, help="Port; 0 for any.")
@click.option("--unix", type=click.Path(path_type=Path), metavar="PATH", help="Listen on a Unix socket instead.")
@click.option("--certfile", type=click.Path(exists=True, path_type=Path), metavar="FILE", help="TLS certificate chain.")
@click.option("--keyfile", type=click.Path(exists=True, path_type=Path), metavar="FILE", help="Key of the certificate.")
@click.option(
    "--behind-proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Trust the forwarded headers of this proxy, which does TLS; may be repeated.",
)
@click.pass_obj
def serve(
    context: PluginContext,
    *,
    host: str,
    port: int,
    unix: Path | None,
    certfile: Path | None,
    keyfile: Path | None,
    proxies: tuple[str, ...],
) -> None:
    """Serve an API and a page to search and read, to whoever has a token.

    The address that is printed logs its reader in: it is for you alone.
    """
    try:
        from .server import Listening, run  # noqa: PLC0415 - a web framework
    except ModuleNotFoundError as exc:
        raise CodebaseCoreError(f"this command lacks a library: {exc}", hint=f"pip install {REQUIRES!r}") from exc
    listening = Listening(host=host, port=port, unix=unix, certfile=certfile, keyfile=keyfile, proxies=proxies)
    asyncio.run(run(context, listening))
