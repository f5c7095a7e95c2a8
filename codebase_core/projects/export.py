"""A registry as one JSON document, and back: databases stay where they are and are found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from codebase_core.errors import ArchiveUnreadable, CodebaseCoreError

from .json_records import CheckoutRecord, ProjectRecord, explain_invalid
from .machine import actor
from .names import check_metadata, check_name, check_tag, check_text

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Checkout, Project, Registry

FORMAT = 1
_KIND = "codebase-core projects"
_HINT = "give a file that codebase-core projects export has written"


class _ExportedProject(ProjectRecord):
    checkouts: list[CheckoutRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one record of a document."""

    name: str
    outcome: Literal["imported", "known", "refused"]
    reason: str | None = None


async def exported(registry: Registry) -> dict[str, Any]:
    """Return every record, deleted ones included, with its checkouts."""
    checkouts: dict[UUID, list[Checkout]] = {}
    for checkout in await registry.all_checkouts():
        checkouts.setdefault(checkout.project, []).append(checkout)
    projects = [*await registry.list(), *await registry.list(deleted=True)]
    return {
        _KIND: FORMAT,
        "projects": [record_of(project, checkouts.get(project.id, [])) for project in sorted(projects, key=_order)],
    }


def record_of(project: Project, checkouts: Sequence[Checkout]) -> dict[str, Any]:
    """Return a project with its checkouts as JSON."""
    records = [CheckoutRecord.of(checkout).as_json() for checkout in checkouts]
    return ProjectRecord.of(project).as_json() | {"checkouts": records}


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
        raise ArchiveUnreadable("this is not an export of projects", hint=_HINT)
    if document[_KIND] != FORMAT:
        raise ArchiveUnreadable(
            f"this export is of format {document[_KIND]!r}, this version reads {FORMAT}",
            hint="pip install --upgrade codebase-core",
        )
    records = document.get("projects")
    if not isinstance(records, list):
        raise ArchiveUnreadable("this export holds no list of projects", hint=_HINT)
    return [read_record(record, number) for number, record in enumerate(records, 1)]


def read_record(fields: object, number: int) -> tuple[Project, list[Checkout]]:
    """Return a project and its checkouts from JSON; raise ArchiveUnreadable, which names the field that is wrong."""
    try:
        record = _ExportedProject.model_validate(fields)
    except ValidationError as exc:
        why = explain_invalid(exc)
        raise ArchiveUnreadable(f"project {number} of this export is malformed: {why}", hint=_HINT) from exc
    project = record.project()
    check_name(project.name)
    check_text(project.description or "", "a description")
    check_metadata(project.metadata)
    for tag in project.tags:
        check_tag(tag)
    checkouts = [checkout.checkout(project.id) for checkout in record.checkouts]
    for checkout in checkouts:
        check_text(checkout.root, "a checkout")
        check_text(checkout.identity, "a checkout")
    return project, checkouts


def _order(project: Project) -> tuple[object, ...]:
    return project.created_at, project.id
