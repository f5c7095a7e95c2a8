"""Statements from the ``.sql`` files of this package.

Templates are those of ``str.format`` and ``psycopg.sql``: ``{s}`` is the project's schema, ``{v}`` pgvector's, quoted; two braces
are one. Values never go this way, they are parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, LiteralString

from .identifiers import quote

_NAME = re.compile(r"^-- name: (\w+)\n((?:--.*\n)*)", re.MULTILINE)


@cache
def template(name: str) -> LiteralString:
    """Return the text of ``sql/NAME.sql`` as it is written."""
    return resources.files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


@cache
def queries(file: str) -> Mapping[str, LiteralString]:
    """Return the templates of ``sql/queries/FILE.sql`` by name.

    Each begins with a line ``-- name: NAME`` and the comment that explains it, which stay behind.
    """
    _, *parts = _NAME.split(template(f"queries/{file}"))
    names, bodies = parts[::3], parts[2::3]
    return {name: body.strip() for name, body in zip(names, bodies, strict=True)}


@lru_cache(maxsize=2_000)
def query(name: str, *, schema: str = "", vector: str = "", **constants: LiteralString | int) -> LiteralString:
    """Return the query ``FILE.NAME``, or the only one of ``FILE``, with schemas and constants of the program put in."""
    file, _, part = name.partition(".")
    s, v = quote(schema) if schema else "", quote(vector) if vector else ""
    return queries(file)[part or file].format(s=s, v=v, **constants)


def numbered(kind: Literal["project", "registry"]) -> Iterator[tuple[int, str]]:
    """Return (number, name of the template) of every migration, in order."""
    folder = resources.files(__package__).joinpath("migrations", kind)
    for name in sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql")):
        yield int(name.partition("_")[0]), f"migrations/{kind}/{name.removesuffix('.sql')}"
