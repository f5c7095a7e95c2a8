"""A registry in memory, a repository, and a way to ask whose it is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from codebase_core_hookspecs import Binding, Checkout, Claim, Project

from codebase_core.builtin.config_resolver import ConfigResolver
from codebase_core.projects.config_file import find_config
from codebase_core.projects.repository import Repository
from codebase_core.projects.request import ResolutionRequest
from codebase_core.projects.resolution import Resolution
from codebase_core.projects.resolve import explain, resolve
from codebase_core.projects.tiers import chain

MACHINE, OTHER_MACHINE = uuid4(), uuid4()
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass
class Records:
    """A registry in memory: as much of one as resolution asks."""

    projects: list[Project] = field(default_factory=list)
    known: list[Checkout] = field(default_factory=list)
    fault: Exception | None = None

    def add(self, name: str, *roots: Path, machine: UUID = MACHINE, deleted: bool = False) -> Project:
        project = Project(
            id=uuid4(),
            name=name,
            binding=Binding(store="s", server="e", location={}),
            status="active",
            created_at=NOW,
            updated_at=NOW,
            deleted_at=NOW if deleted else None,
        )
        self.projects.append(project)
        for each in roots:
            self.know(project, each, machine=machine)
        return project

    def know(
        self, project: Project, root: Path, *, machine: UUID = MACHINE, identity: str = "", home: bool = True
    ) -> None:
        same = identity or f"{machine}{root}"
        self.known.append(Checkout(project=project.id, machine=machine, root=str(root), identity=same, home=home))

    async def get(self, project: UUID) -> Project | None:
        return next((p for p in self.projects if p.id == project), None)

    async def find(self, name: str) -> Project | None:
        live = (p for p in self.projects if p.deleted_at is None)
        return next((p for p in live if p.name.casefold() == name.casefold()), None)

    async def list(self, *, deleted: bool = False) -> Sequence[Project]:
        return [p for p in self.projects if (p.deleted_at is not None) is deleted]

    async def checkouts(self, *, machine: UUID, roots: list[str], identity: str | None = None) -> list[Checkout]:
        if self.fault is not None:
            raise self.fault
        live = {p.id for p in self.projects if p.deleted_at is None}
        found = [
            c
            for c in self.known
            if ((c.machine == machine and c.root in roots) or c.identity == identity) and c.project in live
        ]
        return sorted(found, key=lambda c: -len(c.root))


@dataclass
class Asked:
    """A resolver that remembers what it was asked."""

    claim: Claim | None = None
    fault: Exception | None = None
    requests: list = field(default_factory=list)

    async def resolve(self, request):
        self.requests.append(request)
        if self.fault is not None:
            raise self.fault
        return self.claim


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.fixture
def root(tmp_path) -> Path:
    root = tmp_path / "shop"
    (root / ".git").mkdir(parents=True)
    (root / "src").mkdir()
    return root


@pytest.fixture
def ask(records):
    def ask(
        folder: Path,
        explicit: str | None = None,
        *,
        intent: str = "read",
        default: bool = False,
        active: UUID | None = None,
        explained: bool = False,
        **resolvers: Asked,
    ) -> Resolution:
        repository = Repository.at(folder)
        question = ResolutionRequest(
            repository=repository,
            start=folder.resolve(),
            intent=intent,
            registry=records,
            machine=MACHINE,
            explicit=explicit,
            default=default,
            active=active,
        )
        tiers = chain([(100, "config", ConfigResolver()), *((400, name, each) for name, each in resolvers.items())])
        if explained:
            return asyncio.run(explain(question, tiers))
        config = find_config(folder, root=repository.root)
        return asyncio.run(resolve(question, tiers, config=config))

    return ask


def configure(folder: Path, **content: object) -> Path:
    file = folder / ".codebase-mcp" / "config.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content))
    return file
