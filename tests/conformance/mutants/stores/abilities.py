"""Stores that are wrong in what a store may declare."""

from __future__ import annotations

import pickle
import re
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import replace

from codebase_core.testing.fakes.project_store import MemoryProjectStore, MemoryWriter
from codebase_core.testing.fakes.store import MemoryStore

from .base import caught, project_store, writer


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
class TakesAPatternForABeginning(MemoryProjectStore):
    async def definitions(self, query):
        changed = replace(query, name=query.name.strip("*"), prefix=True, pattern=False) if query.pattern else query
        return await super().definitions(changed)


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
