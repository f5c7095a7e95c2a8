"""The records in memory, and the rules that hold between them: names, places and folders are taken once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from codebase_core_hookspecs import AUDIT_LIMIT, Binding, Checkout

from codebase_core.errors import BindingTaken, CheckoutTaken, NameTaken, VersionConflict
from codebase_core.projects.json_records import AuditRecord, CheckoutRecord, ProjectRecord, TokenRecord

if TYPE_CHECKING:
    from codebase_core_hookspecs import AccessToken, AuditEntry, Project

CheckoutKey: TypeAlias = tuple[UUID, UUID, str]
"""Project, machine and root."""

Folder: TypeAlias = tuple[UUID, str]
"""Machine and root."""


@dataclass(slots=True)
class State:
    """All records. A change is made on a copy, which replaces the old state when it is stored.

    The audit trail is kept as lines and read when it is asked for: nothing else needs its entries, of which there may be 100,000.
    """

    projects: dict[UUID, Project] = field(default_factory=dict)
    names: dict[str, UUID] = field(default_factory=dict)
    bindings: dict[tuple[Any, ...], UUID] = field(default_factory=dict)
    checkouts: dict[CheckoutKey, Checkout] = field(default_factory=dict)
    homes: dict[Folder, UUID] = field(default_factory=dict)
    folders: dict[Folder, tuple[UUID, ...]] = field(default_factory=dict)
    identities: dict[str, tuple[CheckoutKey, ...]] = field(default_factory=dict)
    tokens: dict[UUID, AccessToken] = field(default_factory=dict)
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
            tokens=self.tokens.copy(),
            entries=self.entries.copy(),
        )

    def lines(self) -> Iterator[str]:
        """Return the line of every record."""
        for project in self.projects.values():
            yield _line("project", ProjectRecord.of(project).as_json())
        for checkout in self.checkouts.values():
            owner = {"project": str(checkout.project)}
            yield _line("checkout", owner | CheckoutRecord.of(checkout).as_json())
        for token in self.tokens.values():
            yield _line("token", TokenRecord.of(token).as_json())
        yield from self.entries

    def load(self, kind: str, fields: dict[str, Any]) -> None:
        """Take one record of a file; raise KeyError for a kind that nobody knows, ValueError for one that is there already."""
        if kind == "checkout":
            checkout = CheckoutRecord.model_validate(fields).checkout(UUID(fields["project"]))
            if checkout.project not in self.projects:
                raise ValueError(f"the checkout {checkout.root!r} belongs to no project")
            self._place(checkout)
        elif kind == "project":
            project = ProjectRecord.model_validate(fields).project()
            live = project.deleted_at is None
            if project.id in self.projects or (
                live and self.names.setdefault(project.name.casefold(), project.id) != project.id
            ):
                raise ValueError(f"project {project.name!r} is there twice")
            self.projects[project.id] = project
            self.bindings[_place_of(project.binding)] = project.id
        elif kind == "token":
            self.add_token(TokenRecord.model_validate(fields).token())
        else:
            raise KeyError(kind)

    def add_token(self, token: AccessToken, *, replaces: UUID | None = None) -> None:
        """Add a token, in place of another one if that is named."""
        kept = {id: other for id, other in self.tokens.items() if id != replaces}
        if any(other.name.casefold() == token.name.casefold() for other in kept.values()):
            raise NameTaken(f"a token called {token.name!r} exists already", hint="choose another name")
        self.tokens = kept | {token.id: token}

    def get(self, project: UUID) -> Project | None:
        """Return a record by id."""
        return self.projects.get(project)

    def find(self, name: str) -> Project | None:
        """Return a live record by name."""
        id = self.names.get(name.casefold())
        return self.projects[id] if id is not None else None

    def create(self, project: Project) -> Project:
        """Add a record."""
        if project.id in self.projects:
            raise NameTaken(f"a project with the id {project.id} exists already", hint=f"--project {project.id}")
        return self._store(project)

    def update(self, project: Project) -> Project:
        """Replace a record of the version before."""
        old = self.get(project.id)
        if old is None or old.version != project.version - 1:
            raise VersionConflict(
                f"project {project.name!r} was changed by somebody else meanwhile", hint="run it again"
            )
        self._forget(old)
        if project.deleted_at is not None:
            self._release(project.id)
        return self._store(project)

    def purge(self, project: UUID) -> Project | None:
        """Remove a record that is being dropped, and return it."""
        old = self.get(project)
        if old is None or old.status != "dropping":
            return None
        self._forget(old)
        self._release(project)
        del self.projects[project]
        return old

    def attach(self, checkout: Checkout) -> bool:
        """Add or replace a checkout; return whether anything changed."""
        if checkout.project not in self.projects:
            raise VersionConflict(f"project {checkout.project} is gone", hint="run it again")
        taken = self.homes.get((checkout.machine, checkout.root))
        if checkout.home and taken not in (None, checkout.project):
            hint = "name the project with --project; codebase-core projects list shows them"
            raise CheckoutTaken(f"{checkout.root} already belongs to another project", hint=hint)
        if self.checkouts.get((checkout.project, checkout.machine, checkout.root)) == checkout:
            return False
        self._place(checkout)
        return True

    def detach(self, checkout: Checkout) -> bool:
        """Take a checkout out; return whether it was there."""
        key = (checkout.project, checkout.machine, checkout.root)
        if key not in self.checkouts:
            return False
        self._drop(key)
        return True

    def live_checkouts(self) -> Iterator[Checkout]:
        """Return the checkouts of live projects, in the order in which they came."""
        return self._live(self.checkouts)

    def checkouts_at(self, machine: UUID, roots: Iterable[str], identity: str | None) -> Iterator[Checkout]:
        """Return the checkouts of live projects in these folders, or with this identity."""
        keys = {(project, machine, root) for root in roots for project in self.folders.get((machine, root), ())}
        keys.update(self.identities.get(identity, ()) if identity is not None else ())
        return self._live(sorted(keys))

    def trail(self, project: UUID | None, limit: int | None) -> list[AuditEntry]:
        """Return the newest entries of the audit trail, oldest first."""
        wanted = None if project is None else str(project)
        lines = [line for line in self.entries if wanted is None or wanted in line]
        entries = [AuditRecord.model_validate(json.loads(line)["entry"]).entry() for line in lines]
        entries = [entry for entry in entries if project is None or entry.project == project]
        return entries if limit is None else entries[-limit:]

    def record(self, entry: AuditEntry) -> None:
        """Add an entry to the audit trail, and forget the oldest of too many."""
        self.entries.append(_line("entry", AuditRecord.of(entry).as_json()))
        del self.entries[:-AUDIT_LIMIT]

    def _live(self, keys: Iterable[CheckoutKey]) -> Iterator[Checkout]:
        for key in keys:
            if self.projects[key[0]].deleted_at is None:
                yield self.checkouts[key]

    def _store(self, project: Project) -> Project:
        live, place = project.deleted_at is None, _place_of(project.binding)
        if live and self.names.get(project.name.casefold(), project.id) != project.id:
            hint = "choose another name, or use that project with --project"
            raise NameTaken(f"a project called {project.name!r} exists already", hint=hint)
        if self.bindings.get(place, project.id) != project.id:
            raise BindingTaken(f"another project is stored at {dict(project.binding.location)}")
        if live:
            self.names[project.name.casefold()] = project.id
        self.bindings[place] = project.id
        self.projects[project.id] = project
        return project

    def _forget(self, old: Project) -> None:
        """Give a record's name and place free."""
        if self.names.get(old.name.casefold()) == old.id:
            del self.names[old.name.casefold()]
        self.bindings.pop(_place_of(old.binding), None)

    def _place(self, checkout: Checkout) -> None:
        key, folder = (checkout.project, checkout.machine, checkout.root), (checkout.machine, checkout.root)
        if key in self.checkouts:
            self._drop(key)
        self.checkouts[key] = checkout
        self.folders[folder] = (*self.folders.get(folder, ()), checkout.project)
        self.identities[checkout.identity] = (*self.identities.get(checkout.identity, ()), key)
        if checkout.home:
            self.homes[folder] = checkout.project

    def _release(self, project: UUID) -> None:
        for key in [key for key in self.checkouts if key[0] == project]:
            self._drop(key)

    def _drop(self, key: CheckoutKey) -> None:
        project, machine, root = key
        folder = (machine, root)
        _without(self.identities, self.checkouts.pop(key).identity, key)
        _without(self.folders, folder, project)
        if self.homes.get(folder) == project:
            del self.homes[folder]


def _place_of(binding: Binding) -> tuple[Any, ...]:
    return binding.store, binding.server, tuple(sorted(binding.location.items()))


def _without(index: dict[Any, tuple[Any, ...]], key: Any, value: Any) -> None:
    """Take a value out of an index; the tuples are shared with older states and are replaced, never changed."""
    left = tuple(other for other in index[key] if other != value)
    if left:
        index[key] = left
    else:
        del index[key]


def _line(kind: str, fields: dict[str, Any]) -> str:
    return json.dumps({kind: fields}, ensure_ascii=False, separators=(", ", ": "))
