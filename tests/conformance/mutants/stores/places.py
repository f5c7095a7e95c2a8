"""Stores that are wrong in where projects are kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from time import monotonic_ns
from typing import ClassVar

from codebase_core_hookspecs import Binding, Problem

from codebase_core.testing.fakes.index import Index
from codebase_core.testing.fakes.project_store import Place
from codebase_core.testing.fakes.store import MemoryStore
from codebase_core.testing.store import content

from .base import caught


@caught("test_planning_is_pure_naming")
class NamesByTheClock(MemoryStore):
    def plan(self, project, name, *, server, attempt=0):
        return Binding(store="memory", server=server, location={"place": f"{name}-{monotonic_ns()}"})


@caught("test_planning_is_pure_naming")
class NamesAnotherServer(MemoryStore):
    def plan(self, project, name, *, server, attempt=0):
        return replace(super().plan(project, name, server=server, attempt=attempt), server="mine")


@caught("test_a_second_attempt_is_another_place")
class NamesByNameOnly(MemoryStore):
    def plan(self, project, name, *, server, attempt=0):
        return Binding(store="memory", server=server, location={"place": f"{name}-{attempt}"})


@caught("test_a_second_attempt_is_another_place")
class CutsLongNames(MemoryStore):
    def plan(self, project, name, *, server, attempt=0):
        return Binding(store="memory", server=server, location={"place": f"{name}-{project}"[:63]})


@caught("test_a_place_keeps_its_manifest")
class ForgetsTheOptions(MemoryStore):
    async def provision(self, binding, manifest):
        await super().provision(binding, replace(manifest, embedder_options={}))


@caught("test_names_of_projects_make_places")
class TakesPlainNamesOnly(MemoryStore):
    def plan(self, project, name, *, server, attempt=0):
        return super().plan(project, name.encode("ascii").decode(), server=server, attempt=attempt)


@caught("test_provisioning_again_changes_nothing")
class BeginsAnew(MemoryStore):
    async def provision(self, binding, manifest):
        await self.drop(binding, project=manifest.project)
        await super().provision(binding, manifest)


@caught("test_many_may_provision_one_place_at_once")
class LooksAndThenMakes(MemoryStore):
    async def provision(self, binding, manifest):
        there = binding.location["place"] in self.places
        await asyncio.sleep(0)
        if not there and binding.location["place"] in self.places:
            raise RuntimeError("exists already")
        await super().provision(binding, manifest)


@caught("test_provisioning_that_was_cut_short_is_finished_by_running_it_again")
class MakesInTwoSteps(MemoryStore):
    async def provision(self, binding, manifest):
        if binding.location["place"] not in self.places:
            self.places[binding.location["place"]] = Place(manifest.project, None)
            await asyncio.sleep(0.02)
            self.places[binding.location["place"]].current = Index(manifest)


@caught("test_dropping_that_was_cut_short_is_finished_by_running_it_again")
class DropsInTwoSteps(MemoryStore):
    begun: ClassVar = set()

    async def drop(self, binding, *, project):
        if binding.location["place"] not in self.begun:
            self.begun.add(binding.location["place"])
            await asyncio.sleep(0.02)
            await super().drop(binding, project=project)


@caught("test_a_place_that_is_not_there_is_not_provisioned")
class MakesWhatItOpens(MemoryStore):
    async def open(self, binding, *, project):
        self.places.setdefault(binding.location["place"], Place(project, Index(content.manifest(project))))
        return await super().open(binding, project=project)


@caught("test_a_place_that_was_dropped_is_gone_with_its_content")
class DropsTheTablesOnly(MemoryStore):
    async def drop(self, binding, *, project):
        if binding.location["place"] in self.places:
            self.owned(binding, project).current.files = {}


@caught("test_another_projects_place_is_left_alone")
class DropsWithoutLooking(MemoryStore):
    async def drop(self, binding, *, project):
        self.places.pop(binding.location["place"], None)


@caught("test_another_projects_place_is_left_alone")
class OpensForAnybody(MemoryStore):
    async def open(self, binding, *, project):
        return await super().open(binding, project=self.places[binding.location["place"]].project)


@caught("test_migrating_what_is_current_changes_nothing")
class MigratesByRebuilding(MemoryStore):
    async def migrate(self, binding, *, project):
        self.owned(binding, project).current.files = {}


class Verifies(MemoryStore):
    """Changes what is found."""

    async def verify(self, server, projects):
        found = await super().verify(server, projects)
        return [changed for each in found if (changed := self.seen(each)) is not None]


@caught("test_verifying_finds_nothing_where_all_is_well")
class TakesEverythingForOrphans(MemoryStore):
    async def verify(self, server, projects):
        return await super().verify(server, [])


@caught("test_verifying_names_what_is_missing")
class SeesPlacesOnly(Verifies):
    def seen(self, problem):
        return problem if problem.kind == "orphan" else None


@caught("test_verifying_names_what_nobody_knows")
class NamesNoPlace(Verifies):
    def seen(self, problem):
        return replace(problem, binding=None)


@caught("test_verifying_names_what_was_cut_short")
class FinishesWhatIsDropped(Verifies):
    def seen(self, problem):
        return replace(problem, repair="provision") if problem.kind == "unfinished" else problem


@caught("test_nothing_is_missing_before_projects_are_made")
class AlwaysMissesSomething(MemoryStore):
    async def check(self, server):
        return [Problem(kind="server", where="memory", message="nothing is durable")]


@caught("test_a_place_outlives_whoever_made_it")
class ForgetsWhenItCloses(MemoryStore):
    async def aclose(self):
        self.places.clear()


@caught("test_closing_lets_everything_go")
class LeaksAFile(MemoryStore):
    kept: ClassVar = []

    async def open(self, binding, *, project):
        self.kept.append(Path(__file__).open())
        return await super().open(binding, project=project)
