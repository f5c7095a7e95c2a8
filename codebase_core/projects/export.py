"""A registry as one JSON document, and back: databases stay where they are and are found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from codebase_core.errors import ArchiveUnreadable, CodebaseCoreError

from .as_json import checkout_fields, checkout_of, project_fields, project_of
from .machine import actor
from .names import check_metadata, check_name, check_tag, check_text

if TYPE_CHECKING:
    from codebase_core_hookspecs import Checkout, Project, Registry

FORMAT = 1
_KIND = "codebase-core projects"
_HINT = "give a file that codebase-core projects export has written"
_STATUSES = ("provisioning", "active", "dropping", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one record of a document."""

    name: str
    outcome: Literal["imported", "known", "refused"]
    reason: str | None = None


async def exported(registry: Registry) -> dict[str, Any]:
    """Return every record, deleted ones included, with its checkouts."""
    checkouts: dict[object, list[dict[str, Any]]] = {}
    for each in await registry.all_checkouts():
        checkouts.setdefault(each.project, []).append(checkout_fields(each))
    projects = [*await registry.list(), *await registry.list(deleted=True)]
    return {
        _KIND: FORMAT,
        "projects": [project_fields(p) | {"checkouts": checkouts.get(p.id, [])} for p in sorted(projects, key=_order)],
    }


async def imported(registry: Registry, document: object) -> list[Imported]:
    """Store the records of a document; what is there already is left alone. Everything is checked before anything is stored."""
    return [await _stored(registry, project, checkouts) for project, checkouts in _read(document)]


async def _stored(registry: Registry, project: Project, checkouts: Sequence[Checkout]) -> Imported:
    if await registry.get(project.id) is not None:
        return Imported(name=project.name, outcome="known", reason="a project with this id is there")
    try:
        await registry.create(project, actor=actor())
        for each in checkouts:
            await registry.attach(each, actor=actor())
    except CodebaseCoreError as exc:
        return Imported(name=project.name, outcome="refused", reason=exc.message)
    return Imported(name=project.name, outcome="imported")


def _read(document: object) -> list[tuple[Project, list[Checkout]]]:
    if not isinstance(document, Mapping) or _KIND not in document:
        raise ArchiveUnreadable("this is no export of projects", hint=_HINT)
    if document[_KIND] != FORMAT:
        raise ArchiveUnreadable(
            f"this export is of format {document[_KIND]!r}, this version reads {FORMAT}",
            hint="pip install --upgrade codebase-core",
        )
    records = document.get("projects")
    if not isinstance(records, list):
        raise ArchiveUnreadable("this export holds no list of projects", hint=_HINT)
    return [record(each, number) for number, each in enumerate(records, 1)]


def record(fields: Any, number: int) -> tuple[Project, list[Checkout]]:
    """Return a project and its checkouts from JSON; raise ArchiveUnreadable."""
    try:
        project = project_of(fields)
        checkouts = [checkout_of(each | {"project": fields["id"]}) for each in fields["checkouts"]]
        _check(project)
        for each in checkouts:
            check_text(each.root, "a checkout"), check_text(each.identity, "a checkout")
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise ArchiveUnreadable(f"project {number} of this export is malformed: {exc!r}", hint=_HINT) from exc
    return project, checkouts


def _check(project: Project) -> None:
    check_name(project.name)
    check_text(project.description or "", "a description")
    check_metadata(project.metadata)
    for tag in project.tags:
        check_tag(tag)
    location = project.binding.location
    texts = [project.binding.store, project.binding.server, *location, *location.values()]
    if not all(isinstance(each, str) for each in texts) or project.status not in _STATUSES:
        raise ValueError("its place or status is malformed")
    if project.created_at.tzinfo is None:
        raise ValueError("a time without its zone")


def _order(project: Project) -> tuple[object, ...]:
    return project.created_at, project.id
