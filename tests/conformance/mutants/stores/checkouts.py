"""Stores that are wrong in what several checkouts of a repository see."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

from codebase_core.testing.fakes.project_store import MemoryProjectStore, MemoryWriter

from .base import project_store, writer


@project_store("test_a_checkout_sees_its_own_files_and_the_main_one_its_own")
class WritesIntoTheMainOne(MemoryProjectStore):
    @asynccontextmanager
    async def _writing(self, source, scope, detail):
        async with super()._writing(source, scope, detail) as opened:
            opened.checkout = None
            yield opened


@project_store("test_a_checkout_sees_its_own_files_and_the_main_one_its_own")
class LooksDefinitionsUpInTheMainOne(MemoryProjectStore):
    async def definitions(self, query):
        return self.index.definitions(query)


@project_store("test_scores_in_a_checkout_are_those_of_an_index_of_it_alone")
class CountsTermsOfTheMainOne(MemoryProjectStore):
    async def retrieve(self, query):
        found = await super().retrieve(query)
        return replace(found, idf=self.index.retrieve(query, repositories={}).idf)


@project_store("test_what_changes_in_one_checkout_changes_in_no_other")
class LetsTheMainOneShowThrough(MemoryProjectStore):
    def content(self):
        found = super().content()
        return replace(found, files={**found.files, **self.index.files})


@project_store("test_ids_that_a_checkout_does_not_see_are_absent")
class ShowsAnyId(MemoryProjectStore):
    async def passages(self, ids):
        own = {} if self.checkout is None else await MemoryProjectStore(self.place, self.index).passages(ids)
        return {**own, **await super().passages(ids)}


@project_store("test_what_is_stored_is_written_without_its_content")
class KnowsNothing(MemoryProjectStore):
    async def known_versions(self, repository, states):
        return frozenset()


@writer("test_what_is_stored_is_written_without_its_content")
class KeepsTimesOfAnotherOne(MemoryWriter):
    async def apply(self, batch):
        paths = {state.path for state in batch.reused}
        known = self.index.versions(self.run.repository, without_main=False).values()
        stored = [each[0].file.state if isinstance(each, tuple) else each.state for each in known]
        await super().apply(replace(batch, reused=tuple(each for each in stored if each.path in paths)))


@project_store("test_another_pipeline_or_reason_makes_another_version")
class ComparesContentsAlone(MemoryProjectStore):
    async def known_versions(self, repository, states):
        known = {key[:2] for key in self.index.versions(repository, without_main=self.checkout is None)}
        return frozenset(state.path for state in states if (state.path, state.content_hash) in known)


@project_store("test_a_checkout_is_listed_with_its_own_freshness")
class NamesTheMainRoot(MemoryProjectStore):
    def states(self):
        own, self.checkout = self.checkout, None
        try:
            return super().states()
        finally:
            self.checkout = own


@project_store("test_runs_are_those_of_the_checkout")
class MixesRuns(MemoryProjectStore):
    def own_runs(self):
        return self.place.runs


@project_store("test_a_forgotten_checkout_takes_what_only_it_saw_with_it")
class KeepsWhatNobodySees(MemoryProjectStore):
    async def forget(self, checkout):
        own = self.index.checkouts.get(checkout.id)
        if own is not None:
            own.state = replace(own.state, root="forgotten")


@project_store("test_a_forgotten_checkout_takes_what_only_it_saw_with_it")
class ForgetsAllOthers(MemoryProjectStore):
    async def forget(self, checkout):
        self.index.checkouts.clear()


@project_store("test_a_checkout_is_not_forgotten_under_a_writer")
class ForgetsUnderAWriter(MemoryProjectStore):
    async def forget(self, checkout):
        self.index.checkouts.pop(checkout.id, None)


@writer("test_another_checkout_becomes_the_main_one")
class StaysBesideItself(MemoryWriter):
    def end(self, outcome, detail):
        others = dict(self.index.checkouts)
        super().end(outcome, detail)
        self.index.checkouts.update(others)
