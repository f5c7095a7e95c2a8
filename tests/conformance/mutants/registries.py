"""Wrong registries."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from codebase_core_hookspecs import CursorInvalid, NameTaken, Problem, ProjectPage, ProjectQuery

from codebase_core.testing import RegistryConformance
from codebase_core.testing.fakes.registry import MEMORY_REGISTRY, MemoryRegistry, open_memory_registry

from . import caught_by


class Suite(RegistryConformance):
    """The kit over the fake."""

    @pytest.fixture
    def wrong(self):
        return MemoryRegistry

    @pytest.fixture
    def plugin(self, wrong):
        async def opened(context):
            return wrong((await open_memory_registry(context)).records)

        return replace(MEMORY_REGISTRY, open=opened)


caught = partial(caught_by, Suite)


@caught("test_a_record_comes_back_as_it_was_written")
class LosesMetadata(MemoryRegistry):
    async def create(self, project, *, actor, checkout=None):
        return await super().create(replace(project, metadata={}), actor=actor, checkout=checkout)


@caught("test_a_record_comes_back_as_it_was_written")
class FindsByBeginning(MemoryRegistry):
    async def find(self, name):
        return await super().find(name[:4])


@caught("test_records_are_listed_newest_first")
class ListsOldestFirst(MemoryRegistry):
    async def list(self, *, deleted=False):
        return (await super().list(deleted=deleted))[::-1]


@caught("test_times_are_kept_to_the_microsecond")
class RoundsTimes(MemoryRegistry):
    async def create(self, project, *, actor, checkout=None):
        rounded = replace(project, created_at=project.created_at.replace(microsecond=0))
        return await super().create(rounded, actor=actor, checkout=checkout)


@caught("test_times_are_kept_to_the_microsecond")
class ListsByTheClockOnTheWall(MemoryRegistry):
    async def list(self, *, deleted=False):
        found = await super().list(deleted=deleted)
        return sorted(found, key=lambda each: each.created_at.replace(tzinfo=None), reverse=True)


@caught("test_an_id_is_taken_once")
class ReplacesById(MemoryRegistry):
    async def create(self, project, *, actor, checkout=None):
        found = await self.get(project.id)
        if found is not None:
            return await self.update(replace(project, version=found.version), actor=actor, action="create")
        return await super().create(project, actor=actor, checkout=checkout)


@caught("test_a_name_is_taken_whatever_its_case_until_its_project_is_deleted")
class NeverFreesAName(MemoryRegistry):
    async def create(self, project, *, actor, checkout=None):
        for each in [*await self.list(), *await self.list(deleted=True)]:
            if each.name.casefold() == project.name.casefold():
                raise NameTaken(f"{project.name} is taken", hint="choose another name")
        return await super().create(project, actor=actor, checkout=checkout)


@caught("test_a_name_is_taken_whatever_its_case_until_its_project_is_deleted")
class ComparesLowerCase(MemoryRegistry):
    async def create(self, project, *, actor, checkout=None):
        if "ß" not in project.name and project.name.lower() not in {each.name.lower() for each in await self.list()}:
            project = replace(project, name=project.name.replace("S", "\u0405"))
        return await super().create(project, actor=actor, checkout=checkout)


@caught("test_a_binding_belongs_to_one_project_also_after_its_deletion")
class FreesThePlace(MemoryRegistry):
    async def update(self, project, *, actor, action):
        made = await super().update(project, actor=actor, action=action)
        if made.deleted_at is not None:
            self.records.state.bindings.clear()
        return made


@caught("test_a_change_of_an_old_version_is_refused")
class OverwritesUnseen(MemoryRegistry):
    async def update(self, project, *, actor, action):
        current = await self.get(project.id)
        return await super().update(replace(project, version=current.version), actor=actor, action=action)


@caught("test_of_concurrent_changes_one_wins")
class ChecksBeforeItWrites(MemoryRegistry):
    async def update(self, project, *, actor, action):
        current = await self.get(project.id)
        if current.version == project.version:
            await asyncio.sleep(0)
            project = replace(project, version=(await self.get(project.id)).version)
        return await super().update(project, actor=actor, action=action)


@caught("test_of_concurrent_creations_of_one_name_one_wins")
class ChecksNamesBefore(MemoryRegistry):
    async def create(self, project, *, actor, checkout=None):
        if await self.find(project.name):
            raise NameTaken("taken", hint="choose another name")
        await asyncio.sleep(0)
        self.records.state.names.clear()
        return await super().create(project, actor=actor, checkout=checkout)


@caught("test_a_deleted_project_comes_back_unless_its_name_is_taken")
class KeepsTheFolders(MemoryRegistry):
    async def update(self, project, *, actor, action):
        known = [each for each in await self.all_checkouts() if each.project == project.id]
        made = await super().update(project, actor=actor, action=action)
        for each in known:
            await self.attach(each, actor=actor)
        return made


@caught("test_only_a_project_that_is_being_dropped_is_purged")
class PurgesWhatLives(MemoryRegistry):
    async def purge(self, project, *, actor):
        found = await self.get(project)
        if found is not None and found.status != "dropping":
            await self.update(replace(found, status="dropping"), actor=actor, action="x")
        await super().purge(project, actor=actor)


@caught("test_what_one_process_changes_another_sees_at_once")
class KeepsWhatItRead(MemoryRegistry):
    def __init__(self, records):
        super().__init__(records)
        self.kept = {}

    async def find(self, name):
        if name not in self.kept:
            self.kept[name] = await super().find(name)
        return self.kept[name]


@caught("test_records_are_there_after_everybody_has_closed")
class ForgetsWhenItCloses(MemoryRegistry):
    async def aclose(self):
        self.records.state.names.clear()


@caught("test_records_are_there_after_everybody_has_closed")
class ClosesOnce(MemoryRegistry):
    async def aclose(self):
        del self.records


@caught("test_a_change_that_is_cancelled_is_made_or_not")
class StaysLocked(MemoryRegistry):
    busy = False

    async def _change(self, change):
        if self.busy:
            raise RuntimeError("busy")
        self.busy = True
        await asyncio.sleep(0.01)
        self.busy = False
        return await super()._change(change)


@caught("test_it_finds_nothing_wrong_with_itself")
class Complains(MemoryRegistry):
    async def check(self):
        return [Problem(kind="missing", where="memory", message="nothing is durable")]


@caught("test_a_folder_has_one_home")
class WritesTheRecordFirst(MemoryRegistry):
    async def create(self, project, *, actor, checkout=None):
        made = await super().create(project, actor=actor)
        if checkout is not None:
            await self.attach(checkout, actor=actor)
        return made


@caught("test_a_folder_has_one_home")
class HasManyHomes(MemoryRegistry):
    async def attach(self, checkout, *, actor):
        self.records.state.homes.clear()
        await super().attach(checkout, actor=actor)


@caught("test_checkouts_are_found_by_folder_of_a_machine_or_by_identity")
class ForgetsTheMachine(MemoryRegistry):
    async def checkouts(self, *, machine, roots, identity=None):
        return [each for each in await self.all_checkouts() if each.root in roots or each.identity == identity]


@caught("test_checkouts_are_found_by_folder_of_a_machine_or_by_identity")
class PutsTheHomeLast(MemoryRegistry):
    async def checkouts(self, *, machine, roots, identity=None):
        found = await super().checkouts(machine=machine, roots=roots, identity=identity)
        return sorted(found, key=lambda each: each.home)


@caught("test_the_nearest_folder_comes_first_and_a_deleted_project_frees_its_own")
class PutsTheOuterFirst(MemoryRegistry):
    async def checkouts(self, *, machine, roots, identity=None):
        found = await super().checkouts(machine=machine, roots=roots, identity=identity)
        return sorted(found, key=lambda each: len(each.root))


@caught("test_every_change_is_in_the_trail_with_what_it_changed")
class SaysOnlyThat(MemoryRegistry):
    async def history(self, project=None, *, limit=None):
        return [replace(each, detail={}) for each in await super().history(project, limit=limit)]


@caught("test_every_change_is_in_the_trail_with_what_it_changed")
class KeepsTheOldest(MemoryRegistry):
    async def history(self, project=None, *, limit=None):
        return (await super().history(project))[:limit]


@caught("test_the_trail_outlives_a_purge")
class ForgetsThePurged(MemoryRegistry):
    async def history(self, project=None, *, limit=None):
        return await super().history(project, limit=limit) if project is None or await self.get(project) else []


@caught("test_records_are_filtered_searched_and_sorted")
class SearchesByPattern(MemoryRegistry):
    async def page(self, query):
        return await super().page(replace(query, text=(query.text or "").strip("%") or None))


@caught("test_pages_show_every_record_once_whatever_comes_and_goes_between")
class CountsFromTheBeginning(MemoryRegistry):
    async def page(self, query):
        start = int(query.cursor or 0)
        found = list((await super().page(replace(query, cursor=None, limit=None))).projects)
        end = start + (query.limit or len(found))
        return ProjectPage(projects=found[start:end], cursor=str(end) if end < len(found) else None)


@caught("test_pages_show_every_record_once_whatever_comes_and_goes_between")
class GoesOnAfterTheMoment(MemoryRegistry):
    async def page(self, query):
        found = list((await super().page(replace(query, cursor=None, limit=None))).projects)
        after = datetime.fromisoformat(query.cursor) if query.cursor else datetime.now(UTC) + timedelta(days=1)
        left = [each for each in found if each.created_at < after]
        more = query.limit is not None and len(left) > query.limit
        shown = left[: query.limit]
        return ProjectPage(projects=shown, cursor=shown[-1].created_at.isoformat() if more else None)


@caught("test_a_cursor_of_something_else_is_refused")
class BeginsAgain(MemoryRegistry):
    async def page(self, query: ProjectQuery):
        try:
            return await super().page(query)
        except CursorInvalid:
            return await super().page(replace(query, cursor=None))


@caught("test_a_token_comes_back_as_it_was_written")
class LeavesExpiredOut(MemoryRegistry):
    async def tokens(self):
        return [token for token in await super().tokens() if not token.expired]


@caught("test_two_tokens_have_two_names")
class KeepsTheReplaced(MemoryRegistry):
    async def add_token(self, token, *, actor, replaces=None):
        await super().add_token(token, actor=actor)


@caught("test_the_trail_tells_of_tokens_and_not_their_digests")
class TellsDigests(MemoryRegistry):
    async def history(self, project=None, *, limit=None):
        return [
            replace(entry, detail={**entry.detail, "digests": [token.digest for token in self.seen]})
            for entry in await super().history(project, limit=limit)
        ]

    async def add_token(self, token, *, actor, replaces=None):
        self.seen = [token]
        await super().add_token(token, actor=actor, replaces=replaces)


@caught("test_a_checkout_is_forgotten_alone")
class ForgetsAllCheckouts(MemoryRegistry):
    async def detach(self, checkout, *, actor):
        for each in await self.all_checkouts():
            await super().detach(each, actor=actor)
