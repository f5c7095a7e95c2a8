"""Compare what the registry says with what a server holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_hookspecs import Binding, Problem

if TYPE_CHECKING:
    from codebase_core_hookspecs import FormatTooNew, Project


def compare(
    store: str, server: str, marked: Mapping[tuple[str, str], UUID], projects: Sequence[Project]
) -> Iterator[Problem]:
    """Yield every disagreement: namespaces without a project, projects without a namespace, changes that were cut short."""
    known = {(p.binding.location["database"], p.binding.location["schema"]): p for p in projects}
    for namespace, project in sorted(marked.items()):
        if namespace not in known or known[namespace].id != project:
            where = _shown(store, namespace)
            yield Problem(
                kind="orphan" if namespace not in known else "foreign",
                where=where,
                message=f"{where} carries the mark of project {project}, which this registry does not bind to it",
                command="codebase-core projects repair --drop-orphans" if namespace not in known else None,
                project=project,
                repair="drop" if namespace not in known else None,
                binding=Binding(
                    store=store, server=server, location={"database": namespace[0], "schema": namespace[1]}
                ),
            )
    for namespace, found in known.items():
        if namespace not in marked and found.status == "active":
            where = _shown(store, namespace)
            yield Problem(
                kind="missing",
                where=where,
                message=f"project {found.name!r} has no {where}",
                command="codebase-core projects repair",
                project=found.id,
                repair="provision",
            )
        elif found.status != "active":
            yield Problem(
                kind="unfinished",
                where=f"project {found.name}",
                message=f"project {found.name!r} is {found.status}: an earlier command was cut short",
                command="codebase-core projects repair",
                project=found.id,
                repair="forget" if found.status == "dropping" else "provision",
            )


def outdated(project: Project, exc: FormatTooNew) -> Problem:
    """Return the problem of an index that a newer version has written."""
    return Problem(
        kind="outdated",
        where=f"project {project.name}",
        message=exc.message,
        command=exc.hint,
        project=project.id,
    )


def unprovisioned(project: Project, message: str) -> Problem:
    """Return the problem of a namespace that exists and holds no index, or not all of it."""
    return Problem(
        kind="missing",
        where=f"project {project.name}",
        message=message,
        command="codebase-core projects repair",
        project=project.id,
        repair="provision",
    )


def _shown(store: str, namespace: tuple[str, str]) -> str:
    database, schema = namespace
    return f"database {database!r}" if store == "postgres-database" else f"schema {schema!r} in database {database!r}"
