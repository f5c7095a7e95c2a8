"""A project's namespace: the database and schema that a binding names, and its mark of ownership."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_postgres.sql.identifiers import quote

if TYPE_CHECKING:
    from codebase_core_hookspecs import Binding

_MARK = re.compile(r"codebase-core project ([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """Where a project's tables are."""

    server: str
    database: str
    schema: str

    @classmethod
    def of(cls, binding: Binding) -> Namespace:
        """Read a binding; quoting both names proves that PostgreSQL can hold them."""
        database, schema = binding.location["database"], binding.location["schema"]
        quote(database), quote(schema)
        return cls(server=binding.server, database=database, schema=schema)

    @property
    def next(self) -> Namespace:
        """Where the next generation of the index is built: a schema beside."""
        return replace(self, schema=f"{self.schema}__next")


def mark(project: UUID) -> str:
    """Return the COMMENT that a project's database or schema carries. Nothing is dropped without it."""
    return f"codebase-core project {project}"


def mark_next(project: UUID) -> str:
    """Return the COMMENT of a next generation's schema; it names no owner, so that nobody takes it for a project's namespace."""
    return f"{mark(project)}, next generation"


def owner(comment: str | None) -> UUID | None:
    """Return the project that a COMMENT names."""
    found = _MARK.fullmatch(comment or "")
    return UUID(found[1]) if found else None
