"""One project to a file and back, by pg_dump and pg_restore of the bundled PostgreSQL: any server up to its version."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from codebase_core_hookspecs import CodebaseCoreError

from codebase_core_postgres.embedded.binaries import locate

if TYPE_CHECKING:
    from codebase_core_postgres.connection.address import Address

    from .namespace import Namespace

_COMMON = ("--no-password", "--no-owner", "--no-privileges")


class DumpFailed(CodebaseCoreError):
    """A program of PostgreSQL refused; the message is its own."""


async def dump(address: Address, namespace: Namespace, file: Path) -> None:
    """Write a project's schema, one snapshot of it, with its mark; searching and indexing go on meanwhile."""
    await _run(
        "pg_dump", address, namespace, "--format=custom", f"--schema={_pattern(namespace.schema)}", f"--file={file}"
    )


async def load(address: Address, namespace: Namespace, file: Path) -> None:
    """Make the schema of a dump in a database, all of it or nothing."""
    await _run("pg_restore", address, namespace, "--single-transaction", "--exit-on-error", str(file))


async def _run(program: str, address: Address, namespace: Namespace, *arguments: str) -> None:
    target, secret = _connection(address, namespace.database)
    process = await asyncio.create_subprocess_exec(
        *(str(locate().root / "bin" / program), *_COMMON, f"--dbname={target}", *arguments),
        env={**os.environ, **secret},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        text = said.decode(errors="replace").strip() or f"exit code {process.returncode}"
        hint = "check rights and versions: codebase-core doctor"
        raise DumpFailed(f"{address.where(namespace.database)}: {text}", hint=hint)


def _connection(address: Address, database: str) -> tuple[str, dict[str, str]]:
    """Return a URL without the password, which other users could read in the list of processes, and the environment with it."""
    arguments = address.arguments
    if "dsn" not in arguments:
        local = urlencode(
            {"host": arguments["host"], "port": arguments["port"], "user": arguments["user"]}, quote_via=quote
        )
        return f"postgresql:///{quote(database, safe='')}?{local}", {}
    dsn: str = arguments["dsn"]
    parts = urlsplit(dsn)
    who, _, hosts = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    query = dict(parse_qsl(parts.query))
    secret = query.pop("password", "") or unquote(password)
    netloc = f"{user}@{hosts}" if user else hosts
    url = urlunsplit(("postgresql", netloc, f"/{quote(database, safe='')}", urlencode(query, quote_via=quote), ""))
    return url, {"PGPASSWORD": secret} if secret else {}


def _pattern(schema: str) -> str:
    """Return a pattern of psql that matches one schema: in quotes no character is special."""
    return '"' + schema.replace('"', '""') + '"'
