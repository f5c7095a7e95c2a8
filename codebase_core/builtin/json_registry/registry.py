"""The registry over its file: look-ups from memory while the file is unchanged, changes under a lock."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from codebase_core_hookspecs import AccessToken, AuditEntry, Checkout, Problem, Project, ProjectPage, ProjectQuery

from codebase_core.projects.json_records import ProjectRecord, TokenRecord

from .file import RegistryFile, Stamp, changed
from .pages import page

if TYPE_CHECKING:
    from uuid import UUID

    from .state import State

T = TypeVar("T")


class JsonRegistry:
    """Records of projects in one file. Safe from several tasks, threads and processes of one machine."""

    def __init__(self, file: RegistryFile) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: tuple[Stamp, State] | None = None

    async def create(self, project: Project, *, actor: str, checkout: Checkout | None = None) -> Project:
        """Store a new record and its first checkout; raise NameTaken, BindingTaken or CheckoutTaken."""

        def change(state: State) -> Project:
            made = state.create(replace(project, updated_at=datetime.now(UTC)))
            _record(state, project.id, actor, "create", {"name": project.name})
            if checkout is not None:
                _attach(state, checkout, actor)
            return made

        return await self._change(change)

    async def get(self, project: UUID) -> Project | None:
        """Return the record with this id, deleted ones included."""
        return self._read(lambda state: state.get(project))

    async def find(self, name: str) -> Project | None:
        """Return the live record with this name."""
        return self._read(lambda state: state.find(name))

    async def list(self, *, deleted: bool = False) -> Sequence[Project]:
        """Return records, newest first."""
        return (await self.page(ProjectQuery(deleted=deleted))).projects

    async def page(self, query: ProjectQuery) -> ProjectPage:
        """Return the records that a query asks for."""
        return self._read(lambda state: page(state, query))

    async def update(self, project: Project, *, actor: str, action: str) -> Project:
        """Store a changed record if its version still is current; a deleted project gives its checkouts free."""

        def change(state: State) -> Project:
            old = state.get(project.id)
            later = max(datetime.now(UTC), project.updated_at + timedelta(microseconds=1))
            made = state.update(replace(project, version=project.version + 1, updated_at=later))
            if old is not None:
                _record(state, project.id, actor, action, _changes(old, project))
            return made

        return await self._change(change)

    async def purge(self, project: UUID, *, actor: str) -> None:
        """Remove a record in status ``dropping``; its audit trail stays."""

        def change(state: State) -> None:
            gone = state.purge(project)
            if gone is not None:
                _record(state, project, actor, "purge", {"name": gone.name})

        await self._change(change)

    async def attach(self, checkout: Checkout, *, actor: str) -> None:
        """Record a checkout; raise CheckoutTaken if the folder is at home in another project."""
        await self._change(lambda state: _attach(state, checkout, actor))

    async def detach(self, checkout: Checkout, *, actor: str) -> None:
        """Forget a checkout."""

        def change(state: State) -> None:
            if state.detach(checkout):
                _record(state, checkout.project, actor, "detach", _detail(checkout))

        await self._change(change)

    async def checkouts(
        self, *, machine: UUID, roots: Sequence[str], identity: str | None = None
    ) -> Sequence[Checkout]:
        """Return checkouts of live projects among these folders or with this identity, longest root first, homes first."""
        found = self._state().checkouts_at(machine, roots, identity)
        return sorted(found, key=lambda each: (-len(each.root), each.root, not each.home))

    async def all_checkouts(self) -> Sequence[Checkout]:
        """Return every checkout of live projects, by project and root."""
        return sorted(self._state().live_checkouts(), key=lambda each: (each.project, each.root, each.machine))

    async def history(self, project: UUID | None = None, *, limit: int | None = None) -> Sequence[AuditEntry]:
        """Return the audit trail of a project or of all, oldest first."""
        return self._read(lambda state: state.trail(project, limit))

    async def tokens(self) -> Sequence[AccessToken]:
        """Return the tokens, by name."""
        return self._read(lambda state: sorted(state.tokens.values(), key=lambda token: token.name.casefold()))

    async def add_token(self, token: AccessToken, *, actor: str, replaces: UUID | None = None) -> None:
        """Store a token, in place of another one if that is named; raise NameTaken."""

        def change(state: State) -> None:
            state.add_token(token, replaces=replaces)
            detail = TokenRecord.of(token).as_json() | {"replaces": str(replaces) if replaces else None}
            told = ("name", "scope", "projects", "tags", "expires_at", "replaces")
            _record(state, token.id, actor, "token-add", {key: detail[key] for key in told})

        await self._change(change)

    async def remove_token(self, token: UUID, *, actor: str) -> None:
        """Take a token away."""

        def change(state: State) -> None:
            if (gone := state.tokens.pop(token, None)) is not None:
                _record(state, token, actor, "token-remove", {"name": gone.name})

        await self._change(change)

    async def check(self) -> Sequence[Problem]:
        """Read the file, which says what is wrong with it."""
        self._state()
        return ()

    async def aclose(self) -> None:
        """Forget what was read."""
        self._known = None

    def _read(self, work: Callable[[State], T]) -> T:
        """Read records; raise RegistryUnreadable where an entry of the audit trail, which is read only now, is damaged."""
        try:
            return work(self._state())
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise self._file.unreadable(f"a record is damaged: {exc!r}") from exc

    def _state(self) -> State:
        known, stamp = self._known, self._file.stamp()
        if known is None or known[0] != stamp or stamp is None:
            known = self._known = self._file.read()
        return known[1]

    async def _change(self, change: Callable[[State], T]) -> T:
        def work() -> T:
            with self._lock:
                stamp, state, result = changed(self._file, self._state, change)
                self._known = (stamp, state)
                return result

        return await asyncio.to_thread(work)


def _attach(state: State, checkout: Checkout, actor: str) -> None:
    if state.attach(checkout):
        _record(state, checkout.project, actor, "attach", _detail(checkout))


def _detail(checkout: Checkout) -> dict[str, Any]:
    return {
        "root": checkout.root,
        "machine": str(checkout.machine),
        "identity": checkout.identity,
        "home": checkout.home,
    }


def _record(state: State, project: UUID, actor: str, action: str, detail: dict[str, Any]) -> None:
    state.record(AuditEntry(project=project, at=datetime.now(UTC), actor=actor, action=action, detail=detail))


def _changes(old: Project, new: Project) -> dict[str, Any]:
    before, after = ProjectRecord.of(old).as_json(), ProjectRecord.of(new).as_json()
    same = ("id", "version", "created_at", "updated_at")
    return {key: [before[key], after[key]] for key in before if key not in same and before[key] != after[key]}
