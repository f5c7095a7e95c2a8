"""Stores that are wrong in what is written."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from math import log

from codebase_core_hookspecs import IndexedFile

from codebase_core.testing.fakes.project_store import MemoryProjectStore, MemoryWriter

from .base import project_store, writer


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
