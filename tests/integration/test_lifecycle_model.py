"""Random lives of projects with failures at any step, held against a simple model, on every registry and store."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from codebase_core_hookspecs import Project
from codebase_core_postgres.project.namespace import owner
from codebase_core_postgres.sql.identifiers import quote
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from codebase_core.errors import CodebaseCoreError, NameTaken
from codebase_core.projects import lifecycle

from .conftest import Cluster
from .faults import Killed, injected

SOAK = bool(os.environ.get("CODEBASE_CORE_SOAK"))
NAMES = st.sampled_from(["shop", "Shop", "shop-", "other", "a b", "A_B"])
FAULTS = st.none() | st.tuples(st.integers(1, 40), st.booleans(), st.booleans())

Seen = dict[UUID, tuple[str, bool, frozenset[str]]]


class Lives(RuleBasedStateMachine):
    """One registry and its places. The model is what was seen last: each operation changes it wholly or not at all."""

    cluster: Cluster
    kinds: tuple[str, str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.home = Path(tempfile.mkdtemp(prefix="cbc-lives-"))
        self.database = f"test_{uuid4().hex[:12]}"
        registry, store = self.kinds
        self.environ = {
            "CODEBASE_CORE_HOME": str(self.home),
            "CODEBASE_CORE_STORE": store,
            "CODEBASE_CORE_REGISTRY": registry,
            "REGISTRY_DATABASE_URL": self.cluster.url(self.database),
            "PATH": os.environ["PATH"],
        }
        # The same ids in every run of an example: places are made, compared and repaired in their order.
        ids = random.Random(7)
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(lifecycle, "uuid4", lambda: UUID(int=ids.getrandbits(128), version=4))
        self.runner.run(self._sql(f"CREATE DATABASE {quote(self.database)}"))
        self.before = self._databases()
        self.app = App(load_settings(environ=self.environ))
        self.model: Seen = {}

    def teardown(self) -> None:
        try:
            self.repaired()
        finally:
            self.runner.run(self.app.aclose())
            for name in {self.database} | (self._databases() - self.before):
                self.runner.run(self._sql(f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)"))
            self.runner.close()
            self.patch.undo()
            shutil.rmtree(self.home, ignore_errors=True)

    @rule(name=NAMES, fault=FAULTS)
    def create(self, name: str, fault: Any) -> None:
        taken = name.casefold() in {n.casefold() for n, deleted, _ in self.model.values() if not deleted}
        done = self._run(self.app.create(name), fault)
        assert isinstance(done, Project | CodebaseCoreError | Killed), done
        if not self.faults.hit:
            assert isinstance(done, NameTaken) == taken
        seen = self._seen()
        new = seen.keys() - self.model.keys()
        assert {id: seen[id] for id in self.model} == self.model
        assert [seen[id] for id in new] in ([], [(name, False, frozenset())])
        if not self.faults.hit:
            assert len(new) == (not taken)
        self.model = seen

    @precondition(lambda self: self.model)
    @rule(data=st.data(), name=NAMES, fault=FAULTS)
    def rename(self, data: Any, name: str, fault: Any) -> None:
        self._changed(data, fault, lambda p: self._projects().rename(p, name), lambda old: (name, *old[1:]))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), tag=st.sampled_from("xyz"), fault=FAULTS)
    def tag(self, data: Any, tag: str, fault: Any) -> None:
        self._changed(data, fault, lambda p: self._projects().tag(p, add=[tag]), lambda old: (*old[:2], old[2] | {tag}))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), fault=FAULTS)
    def delete(self, data: Any, fault: Any) -> None:
        self._changed(data, fault, lambda p: self._projects().delete(p), lambda old: (old[0], True, old[2]))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), fault=FAULTS)
    def restore(self, data: Any, fault: Any) -> None:
        self._changed(data, fault, lambda p: self._projects().restore(p), lambda old: (old[0], False, old[2]))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), fault=FAULTS)
    def purge(self, data: Any, fault: Any) -> None:
        self._changed(data, fault, lambda p: self._projects().purge(p), lambda old: None)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def lose_the_place(self, data: Any) -> None:
        """Somebody drops a database by hand."""
        project = self._chosen(data)
        location = project.binding.location
        if project.binding.store == "postgres-database":
            self.runner.run(self._sql(f"DROP DATABASE IF EXISTS {quote(location['database'])} WITH (FORCE)"))
        else:
            sql = f"DROP SCHEMA IF EXISTS {quote(location['schema'])} CASCADE"
            self.runner.run(self._sql(sql, location["database"]))

    @rule(fault=FAULTS)
    def repair(self, fault: Any) -> None:
        self._run(self._repaired(), fault)
        seen = self._seen()
        assert all(seen[id] == self.model[id] for id in seen), (
            "repair changes no record, it finishes what was cut short"
        )
        self.model = seen

    @rule()
    def repaired(self) -> None:
        """After a repair that nothing disturbed all agrees: every record has its place, every place its record."""
        self.runner.run(self._repaired())
        assert self.runner.run(self.app.verify()) == []
        projects = self.runner.run(self._projects().everything())
        assert Counter(p.id for p in projects) == Counter(self._places().values())
        assert {p.status for p in projects} <= {"active"}
        self.model = self._seen()

    @invariant()
    def no_orphan_that_verify_does_not_list(self) -> None:
        projects = self.runner.run(self._projects().everything())
        listed = {problem.project for problem in self.runner.run(self.app.verify())}
        bound = {tuple(sorted(p.binding.location.items())): p.id for p in projects}
        for place, project in self._places().items():
            assert bound.get(place) == project or project in listed, place

    @invariant()
    def no_two_with_one_name_or_binding(self) -> None:
        projects = self.runner.run(self._projects().everything())
        live = Counter(p.name.casefold() for p in projects if p.deleted_at is None)
        places = Counter(tuple(sorted(p.binding.location.items())) for p in projects)
        assert not [each for each, count in (live + places).items() if count > 1]

    def _changed(
        self,
        data: Any,
        fault: Any,
        change: Callable[[Project], Awaitable[object]],
        expected: Callable[[tuple[Any, ...]], tuple[Any, ...] | None],
    ) -> None:
        project = self._chosen(data)
        done = self._run(change(project), fault)
        wanted = expected(self.model[project.id])
        after = {id: each for id, each in self.model.items() if id != project.id}
        after |= {project.id: wanted} if wanted is not None else {}  # type: ignore[dict-item]
        seen = self._seen()
        refused = isinstance(done, CodebaseCoreError) or self.faults.hit
        assert seen in ((self.model, after) if refused else (after,)), done
        self.model = seen

    def _run(self, work: Awaitable[object], fault: Any) -> object:
        async def faulty() -> object:
            return await work

        with injected() as self.faults:
            self.faults.arm(fault[0] if fault else None, after=bool(fault and fault[1]), kill=bool(fault and fault[2]))
            try:
                return self.runner.run(faulty())
            except CodebaseCoreError as exc:
                return exc
            except Killed as exc:  # what was open is gone with the process
                self.faults.arm(None)
                self.faults.hit = True
                self.runner.run(self.app.aclose())
                self.app = App(load_settings(environ=self.environ))
                return exc

    async def _repaired(self) -> None:
        for problem in await self.app.verify():
            await self.app.repair(problem, drop=True)

    def _projects(self) -> Any:
        return self.runner.run(self.app.projects())

    def _chosen(self, data: Any) -> Project:
        id = data.draw(st.sampled_from(sorted(self.model)))
        project = self.runner.run(self._projects()._registry.get(id))
        assert project is not None
        return project

    def _seen(self) -> Seen:
        projects = self.runner.run(self._projects().everything())
        return {p.id: (p.name, p.deleted_at is not None, p.tags) for p in projects}

    def _places(self) -> dict[tuple[Any, ...], UUID]:
        """Return the marked places of this registry's projects, as the server has them."""
        if self.kinds[1] == "postgres-schema":
            sql = "SELECT nspname, obj_description(oid, 'pg_namespace') AS mark FROM pg_namespace"
            rows = self.runner.run(self._sql(sql, self.database))
            names = {(("database", self.database), ("schema", row["nspname"])): owner(row["mark"]) for row in rows}
        else:
            rows = self.runner.run(
                self._sql("SELECT datname, shobj_description(oid, 'pg_database') AS mark FROM pg_database")
            )
            names = {(("database", row["datname"]), ("schema", "codebase")): owner(row["mark"]) for row in rows}
            unmarked = {row["datname"] for row in rows if row["mark"] is None} - self.before - {self.database}
            bound = {p.binding.location["database"] for p in self.runner.run(self._projects().everything())}
            assert unmarked <= bound, "a database that nobody knows"
        return {place: project for place, project in names.items() if project is not None}

    def _databases(self) -> set[str]:
        return {row["datname"] for row in self.runner.run(self._sql("SELECT datname FROM pg_database"))}

    async def _sql(self, sql: str, database: str = "postgres") -> list[Any]:
        connection = await self.cluster.connect(database)
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close(timeout=5)


@pytest.mark.soak
@pytest.mark.timeout(3600 if SOAK else 300)
@pytest.mark.parametrize("registry", ["postgres", "json"])
def test_no_life_of_projects_ends_in_disorder(cluster: Cluster, store_name: str, registry: str) -> None:
    machine = type("Machine", (Lives,), {"cluster": cluster, "kinds": (registry, store_name)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=300 if SOAK else 6,
            stateful_step_count=40 if SOAK else 15,
            deadline=None,
            derandomize=not SOAK,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
