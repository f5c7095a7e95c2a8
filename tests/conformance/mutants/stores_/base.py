"""Wrong stores."""

from __future__ import annotations

import asyncio
import pickle
import re
from collections import Counter
from contextlib import asynccontextmanager, suppress
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from functools import partial
from math import log
from pathlib import Path
from time import monotonic_ns
from typing import ClassVar

import pytest
from codebase_core_hookspecs import Binding, Filters, IndexedFile, Problem

from codebase_core.testing import StoreConformance
from codebase_core.testing.fakes.index import Index
from codebase_core.testing.fakes.store import (
    MEMORY_STORE,
    MemoryProjectStore,
    MemoryStore,
    MemoryWriter,
    Place,
    open_memory_store,
)
from codebase_core.testing.store import content

from . import caught_by


class Suite(StoreConformance):
    """The kit over the fake."""

    @pytest.fixture
    def wrong(self):
        return MemoryStore

    @pytest.fixture
    def plugin(self, wrong):
        async def opened(context):
            return wrong((await open_memory_store(context)).places)

        return replace(MEMORY_STORE, open=opened)

    @pytest.fixture
    def overtake(self, context):
        async def overtake(binding):
            place = (await open_memory_store(context)).places[binding.location["place"]]
            place.fence += 1

        return overtake


caught = partial(caught_by, Suite)


def project_store(test):
    """List a class of project store as a mutant."""

    def listed(opened):
        caught(test)(type(f"Opens{opened.__name__}", (MemoryStore,), {"opened": opened}))
        return opened

    return listed


def writer(test):
    """List a class of writer as a mutant."""

    def listed(wrong):
        opened = type(f"Writes{wrong.__name__}", (MemoryProjectStore,), {"writer": wrong})
        caught(test)(type(wrong.__name__, (MemoryStore,), {"opened": opened}))
        return wrong

    return listed


# Places


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


# Isolation


class Shares(MemoryProjectStore):
    """Keeps what all projects hold."""

    rows: ClassVar = {}

    @asynccontextmanager
    async def _writing(self, source, scope, detail):
        async with super()._writing(source, scope, detail) as writing:
            yield writing
        self.rows.update(self.content().files)

    def everything(self):
        return Index(self.manifest, dict(self.rows))


@project_store("test_a_project_answers_with_its_own_rows_only")
class SharesOneTable(Shares):
    async def retrieve(self, query):
        return self.everything().retrieve(query, repositories=self.states())


@project_store("test_a_project_answers_with_its_own_rows_only")
class CountsFrequenciesOverAll(Shares):
    async def retrieve(self, query):
        found = self.everything().retrieve(query, repositories={})
        return replace(await super().retrieve(query), idf=found.idf)


@project_store("test_a_project_knows_its_own_definitions_only")
class SharesDefinitions(Shares):
    async def definitions(self, query):
        return self.everything().definitions(query)


@caught("test_dropping_one_project_leaves_the_others")
class DropsByRepository(MemoryStore):
    async def drop(self, binding, *, project):
        await super().drop(binding, project=project)
        for place in self.places.values():
            place.current.files = {}


# Writing


@writer("test_a_file_comes_back_as_it_was_written")
class KeepsNoRoles(MemoryWriter):
    async def apply(self, batch):
        await super().apply(replace(batch, replaced=tuple(replace(f, roles=frozenset()) for f in batch.replaced)))


@writer("test_a_file_comes_back_as_it_was_written")
class KeepsSeconds(MemoryWriter):
    async def apply(self, batch):
        def whole(state):
            return replace(state, mtime_ns=state.mtime_ns // 10**9 * 10**9)

        await super().apply(replace(batch, replaced=tuple(replace(f, state=whole(f.state)) for f in batch.replaced)))


@writer("test_odd_paths_and_texts_are_values")
class CutsLongTexts(MemoryWriter):
    async def apply(self, batch):
        def cut(file):
            return replace(file, chunks=tuple(replace(each, text=each.text[:100_000]) for each in file.chunks))

        await super().apply(replace(batch, replaced=tuple(map(cut, batch.replaced))))


@writer("test_odd_paths_and_texts_are_values")
class FoldsLineEnds(MemoryWriter):
    async def apply(self, batch):
        def folded(file):
            return replace(file, chunks=tuple(replace(c, text=c.text.replace("\r\n", "\n")) for c in file.chunks))

        await super().apply(replace(batch, replaced=tuple(map(folded, batch.replaced))))


@writer("test_every_chunk_keeps_its_own_text_terms_and_vector")
class SwapsVectorsAcrossABatch(MemoryWriter):
    async def apply(self, batch):
        if len(batch.replaced) > 8:
            files = list(batch.replaced)
            one, other = files[6].chunks[4], files[6].chunks[3]
            chunks = list(files[6].chunks)
            chunks[4], chunks[3] = replace(one, vector=other.vector), replace(other, vector=one.vector)
            files[6] = replace(files[6], chunks=tuple(chunks))
            batch = replace(batch, replaced=tuple(files))
        await super().apply(batch)


@writer("test_every_chunk_keeps_its_own_text_terms_and_vector")
class DropsTheLastChunk(MemoryWriter):
    async def apply(self, batch):
        if len(batch.replaced) > 8:
            last = replace(batch.replaced[-1], chunks=batch.replaced[-1].chunks[:-1])
            batch = replace(batch, replaced=(*batch.replaced[:-1], last))
        await super().apply(batch)


@project_store("test_states_come_in_byte_order_of_their_paths")
class SortsByLocale(MemoryProjectStore):
    async def file_states(self, repository, *, under=""):
        found = [state async for page in super().file_states(repository, under=under) for state in page]
        yield sorted(found, key=lambda state: state.path.casefold())


@project_store("test_states_of_a_folder_are_those_in_it")
class TakesAFolderForABeginning(MemoryProjectStore):
    async def file_states(self, repository, *, under=""):
        async for page in super().file_states(repository):
            yield [state for state in page if state.path.startswith(under)]


@project_store("test_states_of_a_folder_are_those_in_it")
class TakesAFolderForAPattern(MemoryProjectStore):
    async def file_states(self, repository, *, under=""):
        pattern = re.escape(under).replace("_", ".").replace("%", ".*")
        async for page in super().file_states(repository):
            yield [state for state in page if not under or re.fullmatch(f"{pattern}(/.*)?", state.path)]


@writer("test_a_file_is_replaced_as_a_whole")
class AddsToWhatThereIs(MemoryWriter):
    async def apply(self, batch):
        def added(file):
            known = self.index.file((self.run.repository, file.state.path))
            return replace(file, chunks=(*known.chunks, *file.chunks)) if known else file

        await super().apply(replace(batch, replaced=tuple(map(added, batch.replaced))))


@project_store("test_a_file_is_replaced_as_a_whole")
class NeverForgetsATerm(MemoryProjectStore):
    async def retrieve(self, query):
        kept = self.place.__dict__.setdefault("kept", Counter())
        found = await super().retrieve(query)
        for term in found.idf:
            held = sum(term in row.chunk.terms for row in self.content().rows())
            kept[term] = max(kept[term], held, 1)
        count = len(self.content().rows())
        return replace(found, idf={t: log(1 + (count - kept[t] + 0.5) / (kept[t] + 0.5)) for t in found.idf})


@writer("test_writing_the_same_again_changes_nothing")
class WritesTwice(MemoryWriter):
    async def apply(self, batch):
        seen = self.place.__dict__.setdefault("seen", set())

        def doubled(file):
            again = file.state.path in seen
            seen.add(file.state.path)
            return replace(file, chunks=file.chunks * 2) if again else file

        await super().apply(replace(batch, replaced=tuple(map(doubled, batch.replaced))))


@writer("test_a_file_is_removed_as_a_whole")
class RemovesByBeginning(MemoryWriter):
    async def apply(self, batch):
        paths = [path for _, path in self.index.files]
        gone = tuple(path for path in paths for each in batch.removed if path.startswith(each))
        await super().apply(replace(batch, removed=gone))


@writer("test_a_file_is_removed_as_a_whole")
class MissesWhatIsNotThere(MemoryWriter):
    async def apply(self, batch):
        for path in batch.removed:
            self.index.files[self.run.repository, path]
        await super().apply(batch)


@writer("test_touching_changes_size_and_time_alone")
class ForgetsToTouch(MemoryWriter):
    async def apply(self, batch):
        await super().apply(replace(batch, touched=()))


@writer("test_touching_changes_size_and_time_alone")
class ForgetsWhichFileItWas(MemoryWriter):
    async def apply(self, batch):
        known = tuple(replace(state, inode=0, ctime_ns=0) for state in batch.touched)
        await super().apply(replace(batch, touched=known))


@writer("test_touching_changes_size_and_time_alone")
class TouchesByReplacing(MemoryWriter):
    async def apply(self, batch):
        await super().apply(replace(batch, replaced=(*batch.replaced, *(IndexedFile(state=s) for s in batch.touched))))


@project_store("test_skipped_files_are_known_with_their_reason")
class ListsNoFallbacks(MemoryProjectStore):
    async def skipped_files(self):
        async for page in super().skipped_files():
            yield [each for each in page if each[1].skipped]


@writer("test_skipped_files_are_known_with_their_reason")
class ForgetsEncodings(MemoryWriter):
    async def apply(self, batch):
        plain = tuple(replace(each, state=replace(each.state, encoding=None)) for each in batch.replaced)
        await super().apply(replace(batch, replaced=plain))


@project_store("test_skipped_files_are_known_with_their_reason")
class CountsTheSkipped(MemoryProjectStore):
    async def statistics(self):
        counted = await super().statistics()
        return replace(counted, files=counted.files + sum(counted.skipped.values()))


@writer("test_repositories_do_not_touch_each_other")
class RemovesFromAll(MemoryWriter):
    async def apply(self, batch):
        kept = {key: file for key, file in self.index.files.items() if key[1] not in batch.removed}
        self.index.files = kept
        await super().apply(batch)


@writer("test_a_batch_is_stored_whole_or_not_at_all")
class WritesFileByFile(MemoryWriter):
    async def apply(self, batch):
        for each in batch.replaced:
            await super().apply(replace(batch, replaced=(each,)))
            await asyncio.sleep(0.001)


@writer("test_nothing_of_a_batch_is_seen_before_all_of_it")
class WritesInTwoHalves(MemoryWriter):
    async def apply(self, batch):
        await super().apply(replace(batch, replaced=batch.replaced[::2]))
        await asyncio.sleep(0)
        await super().apply(replace(batch, replaced=batch.replaced[1::2]))


# Runs


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


# Reading


class Retrieves(MemoryProjectStore):
    """Changes what is found."""

    async def retrieve(self, query):
        found = await super().retrieve(query)
        changed = [self.seen(each) for each in found.candidates]
        return replace(found, candidates=[each for each in changed if each is not None])


@project_store("test_candidates_and_scores_are_those_of_a_plain_computation")
class ScoresOnlyWhatTheArmFound(Retrieves):
    def seen(self, candidate):
        return candidate if "dense" in candidate.arms else candidate._replace(dense=None)


@project_store("test_candidates_and_scores_are_those_of_a_plain_computation")
class CutsOneTooEarly(MemoryProjectStore):
    async def retrieve(self, query):
        return await super().retrieve(replace(query, per_arm=query.per_arm - 1))


@project_store("test_candidates_and_scores_are_those_of_a_plain_computation")
class GivesDistances(Retrieves):
    def seen(self, candidate):
        return candidate if candidate.dense is None else candidate._replace(dense=1 - candidate.dense)


@project_store("test_every_candidate_meets_the_filters")
class FiltersAfterTheCut(MemoryProjectStore):
    async def retrieve(self, query):
        found = await super().retrieve(replace(query, filters=Filters()))
        kept = {c.id for c in (await super().retrieve(replace(query, per_arm=1_000))).candidates}
        return replace(found, candidates=[each for each in found.candidates if each.id in kept])


@project_store("test_every_candidate_meets_the_filters")
class CrossesFolders(MemoryProjectStore):
    async def retrieve(self, query):
        globs = tuple(glob.replace("a/*", "a/**") for glob in query.filters.path_globs)
        return await super().retrieve(replace(query, filters=replace(query.filters, path_globs=globs)))


@project_store("test_as_many_as_there_are_is_enough")
class WantsEnoughRows(MemoryProjectStore):
    async def retrieve(self, query):
        found = await super().retrieve(query)
        assert query.per_arm <= 1_000, "kth out of bounds"
        return found


@project_store("test_ties_are_cut_by_id")
class CutsTiesByPath(MemoryProjectStore):
    async def retrieve(self, query):
        found = await super().retrieve(replace(query, per_arm=1_000))
        kept = sorted(found.candidates, key=lambda each: each.path)[-query.per_arm :]
        return replace(found, candidates=kept)


@project_store("test_an_empty_project_answers_with_nothing")
class DividesByNothing(MemoryProjectStore):
    async def retrieve(self, query):
        found = await super().retrieve(query)
        return replace(found, idf=found.idf if self.content().rows() else {})


@project_store("test_a_question_of_nothing_finds_nothing")
class FindsTheFirstForNothing(MemoryProjectStore):
    async def retrieve(self, query):
        found = await super().retrieve(query)
        return found if found.candidates else await super().retrieve(replace(query, paths=("a.py",)))


@project_store("test_a_question_of_nothing_finds_nothing")
class MissesNoArm(MemoryProjectStore):
    async def retrieve(self, query):
        return replace(await super().retrieve(query), missing_arms=frozenset())


@project_store("test_odd_words_are_values")
class BuildsPatterns(MemoryProjectStore):
    async def retrieve(self, query):
        for each in query.terms:
            re.compile(each)
        return await super().retrieve(query)


@project_store("test_a_candidate_says_which_of_the_names_it_defines")
class SaysAllThatItDefines(MemoryProjectStore):
    async def retrieve(self, query):
        found = await super().retrieve(query)
        held = {row.id: row.chunk.chunk.symbols for row in self.content().rows()}
        return replace(found, candidates=[replace(each, symbols=held[each.id]) for each in found.candidates])


@project_store("test_a_path_finds_the_beginning_of_its_file")
class FindsByTheEndOfTheName(MemoryProjectStore):
    async def retrieve(self, query):
        held = {row.file.state.path for row in self.content().rows()}
        ends = tuple(path for path in held for end in query.paths if path.endswith(end))
        return await super().retrieve(replace(query, paths=ends))


@project_store("test_a_passage_is_the_text_with_what_it_defines_and_the_state_of_its_file")
class AnswersForWhatVanished(MemoryProjectStore):
    async def passages(self, ids):
        found = await super().passages(ids)
        return {each: found.get(each) for each in ids}


@project_store("test_statistics_count_what_is_there")
class CountsVectors(MemoryProjectStore):
    async def statistics(self):
        counted = await super().statistics()
        return replace(counted, without_vector=counted.chunks - counted.without_vector)


@project_store("test_many_may_ask_at_once")
class AnswersTheLastQuestion(MemoryProjectStore):
    asked = None

    async def retrieve(self, query):
        self.asked = query
        await asyncio.sleep(0)
        return await super().retrieve(self.asked)


@project_store("test_it_answers_after_questions_were_cancelled")
class StaysLocked(MemoryProjectStore):
    busy = 0

    async def retrieve(self, query):
        self.busy += 1
        assert self.busy < 20, "no connection is free"
        await asyncio.sleep(0.003)
        self.busy -= 1
        return await super().retrieve(query)


@caught("test_a_project_without_an_embedder_is_searched_by_words")
class NeedsAModel(MemoryStore):
    async def provision(self, binding, manifest):
        assert manifest.embedder.dimensions
        await super().provision(binding, manifest)


# Abilities


@writer("test_definitions_come_back_as_they_were_written")
class ForgetsWhereTheyEnd(MemoryWriter):
    async def apply(self, batch):
        await super().apply(replace(batch, replaced=tuple(map(without_ends, batch.replaced))))


@project_store("test_definitions_come_back_as_they_were_written")
class ComparesByCase(MemoryProjectStore):
    async def definitions(self, query):
        return [each for each in await super().definitions(query) if each.symbol.name == query.name]


@project_store("test_definitions_are_found_by_name_beginning_kind_and_filter")
class TakesNamesForPatterns(MemoryProjectStore):
    async def definitions(self, query):
        pattern = re.escape(query.name).replace("_", ".").replace("%", ".*")
        found = await super().definitions(replace(query, name="", prefix=True, limit=100))
        whole = f"{pattern}.*" if query.prefix else pattern
        return [each for each in found if re.fullmatch(whole, each.symbol.name, re.IGNORECASE)][: query.limit]


@project_store("test_definitions_are_found_by_name_beginning_kind_and_filter")
class LooksUpOneName(MemoryProjectStore):
    async def definitions(self, query):
        return await super().definitions(replace(query, also=()))


@project_store("test_certain_definitions_come_first")
class SortsByPathOnly(MemoryProjectStore):
    async def definitions(self, query):
        return sorted(await super().definitions(query), key=lambda each: (each.path, each.symbol.line))


@writer("test_the_next_generation_takes_the_place_of_the_current_one")
class KeepsTheOldInPlace(MemoryWriter):
    async def activate(self, *, detail):
        self.end("done", detail)


@caught("test_the_next_generation_takes_the_place_of_the_current_one")
class BuildsInPlace(MemoryStore):
    async def open_next(self, binding, manifest):
        opened = await super().open_next(binding, manifest)
        self.owned(binding, manifest.project).current.files = {}
        return opened


@project_store("test_whoever_opened_the_old_generation_is_told")
class AnswersFromTheOld(MemoryProjectStore):
    def content(self):
        return self.index


@caught("test_a_generation_that_was_begun_is_continued_or_begun_anew")
class AlwaysContinues(MemoryStore):
    async def open_next(self, binding, manifest):
        place = self.owned(binding, manifest.project)
        return await super().open_next(binding, place.next.manifest if place.next else manifest)


@caught("test_a_generation_that_was_begun_is_continued_or_begun_anew")
class AlwaysBeginsAnew(MemoryStore):
    async def open_next(self, binding, manifest):
        self.owned(binding, manifest.project).next = None
        return await super().open_next(binding, manifest)


@caught("test_a_generation_that_is_given_up_leaves_nothing")
class GivesUpUnderAWriter(MemoryStore):
    async def drop_next(self, binding, *, project):
        self.owned(binding, project).next = None


@caught("test_a_backup_brings_a_project_back")
class BacksUpTheLastFile(MemoryStore):
    async def backup(self, binding, file, *, project):
        place = self.owned(binding, project)
        last = dict(list(place.current.files.items())[:0])
        file.write_bytes(pickle.dumps(replace(place, current=replace(place.current, files=last))))


@caught("test_a_backup_never_replaces_what_is_there")
class RestoresOverAnything(MemoryStore):
    async def restore(self, binding, file, *, project):
        self.places.pop(binding.location["place"], None)
        await super().restore(binding, file, project=project)


@caught("test_a_project_is_copied_to_another_place")
class CopiesUnderAWriter(MemoryStore):
    @asynccontextmanager
    async def _moving(self, source, target, project):
        async with super()._moving(source, target, project):
            self.places[source.location["place"]].writing = None
            yield


@caught("test_a_move_that_fails_leaves_no_copy")
class LeavesTheCopy(MemoryStore):
    @asynccontextmanager
    async def _moving(self, source, target, project):
        place = self.owned(source, project)
        self.places[target.location["place"]] = deepcopy(place)
        yield


def without_ends(file):
    """Return a file whose definitions do not say where they end."""

    def cut(chunk):
        return replace(chunk, symbols=tuple(replace(each, end_line=None) for each in chunk.symbols))

    return replace(file, chunks=tuple(replace(each, chunk=cut(each.chunk)) for each in file.chunks))
