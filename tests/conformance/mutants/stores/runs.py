"""Stores that are wrong in leases and records of runs."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime

from codebase_core.testing.fakes.project_store import MemoryProjectStore, MemoryWriter
from codebase_core.testing.fakes.store import MemoryStore

from .base import caught, project_store, writer


@project_store("test_a_second_writer_is_told_who_writes")
class LetsEverybodyWrite(MemoryProjectStore):
    def writing(self, source, *, scope, detail={}):
        self.place.writing = None
        return super().writing(source, scope=scope, detail=detail)


@caught("test_a_second_writer_elsewhere_is_told_too")
class LeasesByProcess(MemoryStore):
    async def open(self, binding, *, project):
        opened = await super().open(binding, project=project)
        held = self.__dict__.setdefault("held", {})
        opened.place = held.setdefault(binding.location["place"], replace(opened.place))
        return opened


@writer("test_a_writer_that_was_overtaken_stores_nothing")
class ForgetsTheFence(MemoryWriter):
    def check(self):
        pass


@writer("test_a_writer_that_was_overtaken_stores_nothing")
class ChecksTheFenceAfterwards(MemoryWriter):
    async def apply(self, batch):
        fence, self.fence = self.fence, self.place.fence
        await super().apply(batch)
        self.fence = fence
        self.check()


@project_store("test_searches_go_on_while_somebody_writes")
class SeesNothingOfTheRun(MemoryProjectStore):
    def states(self):
        return {name: replace(state, running=False) for name, state in super().states().items()}


@writer("test_a_complete_run_makes_its_repository_fresh")
class ForgetsTheCommit(MemoryWriter):
    def end(self, outcome, detail):
        self.run = replace(self.run, commit=None)
        super().end(outcome, detail)


@writer("test_a_run_is_recorded_from_beginning_to_end")
class ReplacesReports(MemoryWriter):
    async def report(self, detail):
        self.change(detail=dict(detail))


@writer("test_a_run_is_recorded_from_beginning_to_end")
class TellsLocalTime(MemoryWriter):
    def end(self, outcome, detail):
        super().end(outcome, detail)
        self.change(finished_at=datetime.now())


@project_store("test_runs_are_listed_newest_first")
class ListsOldestFirst(MemoryProjectStore):
    async def runs(self, *, limit):
        return (await super().runs(limit=limit))[::-1]


@writer("test_a_run_that_fails_says_so_and_frees_the_lease")
class TakesFailureForSuccess(MemoryWriter):
    def end(self, outcome, detail):
        super().end("done", detail)


@project_store("test_a_run_that_fails_says_so_and_frees_the_lease")
class SwallowsTheError(MemoryProjectStore):
    @asynccontextmanager
    async def _writing(self, source, scope, detail):
        with suppress(RuntimeError):
            async with super()._writing(source, scope, detail) as writing:
                yield writing


@project_store("test_a_run_that_is_cancelled_says_so_and_frees_the_lease")
class KeepsTheLeaseOfTheCancelled(MemoryProjectStore):
    def abandon(self, writing, outcome, detail):
        super().abandon(writing, "failed", detail)
