"""Stores that are wrong in what is asked."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from codebase_core_hookspecs import Filters

from codebase_core.testing.fakes.project_store import MemoryProjectStore
from codebase_core.testing.fakes.store import MemoryStore

from .base import caught, project_store


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
class KnowsUnwantedRolesOnly(MemoryProjectStore):
    async def retrieve(self, query):
        return await super().retrieve(replace(query, filters=replace(query.filters, roles=frozenset())))


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
