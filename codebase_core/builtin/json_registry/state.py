"""The records in memory, and the rules that hold between them: names, places and folders are taken once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import AUDIT_LIMIT

from codebase_core.errors import BindingTaken, CheckoutTaken, NameTaken, VersionConflict
from codebase_core.projects.as_json import (
    checkout_fields,
    checkout_of,
    entry_fields,
    entry_of,
    project_fields,
    project_of,
    projects_of,
)

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import AuditEntry, Checkout, Project


@dataclass(slots=True)
class Row:
    """A line of the file; the value is made when it is first asked for: most never are."""

    line: str
    fields: Mapping[str, Any]
    project: Project | None = None

    def value(self) -> Project:
        """Return the project."""
        if self.project is None:
            self.project = project_of(self.fields)
        return self.project


def values(rows: Sequence[Row]) -> list[Project]:
    """Return the projects of many lines, at once."""
    unread = [row for row in rows if row.project is None]
    for row, project in zip(unread, projects_of([row.fields for row in unread]), strict=True):
        row.project = project
    return [row.value() for row in rows]


@dataclass(slots=True)
class State:
    """All records. Ids are texts in keys. A change is made on a copy, which replaces the old state when it is stored."""

    projects: dict[str, Row] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    bindings: dict[tuple[Any, ...], str] = field(default_factory=dict)
    checkouts: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    homes: dict[tuple[str, str], str] = field(default_factory=dict)
    folders: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    identities: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)

    def copy(self) -> State:
        """Return a state that can be changed without changing this one."""
        return State(
            projects=self.projects.copy(),
            names=self.names.copy(),
            bindings=self.bindings.copy(),
            checkouts=self.checkouts.copy(),
            homes=self.homes.copy(),
            folders=self.folders.copy(),
            identities=self.identities.copy(),
            entries=self.entries.copy(),
        )

    def lines(self) -> Iterator[str]:
        """Return the line of every record."""
        for rows in (self.projects.values(), self.checkouts.values()):
            for row in rows:
                yield row.line
        yield from self.entries

    def load(self, kind: str, fields: Mapping[str, Any], text: str) -> None:
        """Take one line of a file; raise KeyError for a kind that nobody knows, ValueError for one that is there already."""
        row = Row(line=text, fields=fields)
        if kind == "checkout":
            if fields["project"] not in self.projects:
                raise ValueError(f"the checkout {fields['root']!r} belongs to no project")
            self._place(row)
        elif kind == "project":
            id, key = fields["id"], fields["name"].casefold()
            if id in self.projects or (fields["deleted_at"] is None and self.names.setdefault(key, id) != id):
                raise ValueError(f"project {fields['name']!r} is there twice")
            self.projects[id] = row
            self.bindings[_binding(fields)] = id
        else:
            raise KeyError(kind)

    def get(self, project: UUID) -> Project | None:
        """Return a record by id."""
        row = self.projects.get(str(project))
        return row.value() if row is not None else None

    def find(self, name: str) -> Project | None:
        """Return a live record by name."""
        id = self.names.get(name.casefold())
        return self.projects[id].value() if id is not None else None

    def create(self, project: Project) -> Project:
        """Add a record."""
        if str(project.id) in self.projects:
            raise NameTaken(f"a project with the id {project.id} exists already", hint=f"--project {project.id}")
        return self._store(project)

    def update(self, project: Project) -> Project:
        """Replace a record of the version before."""
        old = self.get(project.id)
        if old is None or old.version != project.version - 1:
            raise VersionConflict(
                f"project {project.name!r} was changed by somebody else meanwhile", hint="run it again"
            )
        if self.names.get(old.name.casefold()) == str(old.id):
            del self.names[old.name.casefold()]
        self.bindings.pop(_binding(project_fields(old)), None)
        if project.deleted_at is not None:
            self._release(str(project.id))
        return self._store(project)

    def purge(self, project: UUID) -> Project | None:
        """Remove a record that is being dropped, and return it."""
        old = self.get(project)
        if old is None or old.status != "dropping":
            return None
        if self.names.get(old.name.casefold()) == str(old.id):
            del self.names[old.name.casefold()]
        self.bindings.pop(_binding(project_fields(old)), None)
        self._release(str(project))
        del self.projects[str(project)]
        return old

    def attach(self, checkout: Checkout) -> bool:
        """Add or replace a checkout; return whether anything changed."""
        fields = checkout_fields(checkout)
        if fields["project"] not in self.projects:
            raise VersionConflict(f"project {checkout.project} is gone", hint="run it again")
        taken = self.homes.get((fields["machine"], checkout.root))
        if checkout.home and taken not in (None, fields["project"]):
            hint = "name the project with --project; codebase-core projects list shows them"
            raise CheckoutTaken(f"{checkout.root} already belongs to another project", hint=hint)
        known = self.checkouts.get((fields["project"], fields["machine"], checkout.root))
        if known is not None and known.fields == fields:
            return False
        self._place(Row(line=_line("checkout", fields), fields=fields))
        return True

    def live_checkouts(self) -> Iterator[Checkout]:
        """Return the checkouts of live projects, in the order in which they came."""
        return self._live(self.checkouts)

    def checkouts_at(self, machine: UUID, roots: Iterable[str], identity: str | None) -> Iterator[Checkout]:
        """Return the checkouts of live projects in these folders, or with this identity."""
        host = str(machine)
        keys = {(project, host, root) for root in roots for project in self.folders.get((host, root), ())}
        keys.update(self.identities.get(identity, ()) if identity is not None else ())
        return self._live(sorted(keys))

    def trail(self, project: UUID | None, limit: int | None) -> list[AuditEntry]:
        """Return the newest entries of the audit trail, oldest first; they are read when they are asked for."""
        wanted = None if project is None else str(project)
        lines = [each for each in self.entries if wanted is None or wanted in each]
        found = [entry_of(fields) for fields in (json.loads(each)["entry"] for each in lines)]
        found = [each for each in found if project is None or each.project == project]
        return found if limit is None else found[-limit:]

    def record(self, entry: AuditEntry) -> None:
        """Add an entry to the audit trail, and forget the oldest of too many."""
        self.entries.append(_line("entry", entry_fields(entry)))
        del self.entries[:-AUDIT_LIMIT]

    def _live(self, keys: Iterable[tuple[str, str, str]]) -> Iterator[Checkout]:
        for key in keys:
            if self.projects[key[0]].fields["deleted_at"] is None:
                yield checkout_of(self.checkouts[key].fields)

    def _store(self, project: Project) -> Project:
        fields, id = project_fields(project), str(project.id)
        if project.deleted_at is None and self.names.get(project.name.casefold(), id) != id:
            hint = "choose another name, or use that project with --project"
            raise NameTaken(f"a project called {project.name!r} exists already", hint=hint)
        if self.bindings.get(_binding(fields), id) != id:
            raise BindingTaken(f"another project is stored at {dict(project.binding.location)}")
        if project.deleted_at is None:
            self.names[project.name.casefold()] = id
        self.bindings[_binding(fields)] = id
        self.projects[id] = Row(line=_line("project", fields), fields=fields, project=project)
        return project

    def _place(self, row: Row) -> None:
        project, machine, root = key = row.fields["project"], row.fields["machine"], row.fields["root"]
        if key in self.checkouts:
            self._drop(key)
        self.checkouts[key] = row
        self.folders[machine, root] = (*self.folders.get((machine, root), ()), project)
        identity = row.fields["identity"]
        self.identities[identity] = (*self.identities.get(identity, ()), key)
        if row.fields["home"]:
            self.homes[machine, root] = project

    def _release(self, project: str) -> None:
        for key in [key for key in self.checkouts if key[0] == project]:
            self._drop(key)

    def _drop(self, key: tuple[str, str, str]) -> None:
        project, machine, root = key
        folder = (machine, root)
        identity = self.checkouts.pop(key).fields["identity"]
        _without(self.identities, identity, key)
        _without(self.folders, folder, project)
        if self.homes.get(folder) == project:
            del self.homes[folder]


def _binding(fields: Mapping[str, Any]) -> tuple[Any, ...]:
    return fields["store"], fields["server"], tuple(sorted(fields["location"].items()))


def _without(index: dict[Any, tuple[Any, ...]], key: Any, value: Any) -> None:
    """Take a value out of an index; the tuples are shared with older states and are replaced, never changed."""
    left = tuple(each for each in index[key] if each != value)
    if left:
        index[key] = left
    else:
        del index[key]


def _line(kind: str, fields: Mapping[str, Any]) -> str:
    return json.dumps({kind: fields}, ensure_ascii=False, separators=(", ", ": "))
