"""The write lease, and the record of every run."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from codebase_core_hookspecs import Batch, LeaseLost, ProjectBusy, ProjectStore, RetrievalQuery, Store

from .base import Overtake, Place, StoreKit, needs
from .content import MAIL, SHOP, file, paths, texts, write


class Runs(StoreKit):
    """One writer at a time; what it did, and how it ended, can be read."""

    async def test_a_second_writer_is_told_who_writes(self, opened: ProjectStore) -> None:
        """Also for another repository; afterwards the lease is free."""
        async with opened.writing(SHOP, scope=()) as writer:
            for source in (SHOP, MAIL):
                with pytest.raises(ProjectBusy) as caught:
                    async with opened.writing(source, scope=()):
                        pass
                assert caught.value.holder
                assert caught.value.hint
            await writer.finish(outcome="done", detail={})
        await write(opened, file("a.py", "x\n"))

    @needs("shared")
    async def test_a_second_writer_elsewhere_is_told_too(
        self, place: Place, opened: ProjectStore, elsewhere: Store
    ) -> None:
        """The lease is the place's, not the process's; what is committed is seen there."""
        other = await elsewhere.open(place.binding, project=place.project)
        async with opened.writing(SHOP, scope=()) as writer:
            with pytest.raises(ProjectBusy):
                async with other.writing(SHOP, scope=()):
                    pass
            await writer.apply(Batch(replaced=(file("a.py", "x\n"),)))
            assert await texts(other, "a.py") == ["x\n"]
            await writer.finish(outcome="done", detail={})
        await write(other, file("b.py", "y\n"))
        assert await paths(opened) == ["a.py", "b.py"]

    async def test_a_writer_that_was_overtaken_stores_nothing(
        self, place: Place, opened: ProjectStore, overtake: Overtake | None
    ) -> None:
        """The fence is checked in every batch, and when the run ends."""
        if overtake is None:
            pytest.skip("no fixture `overtake`")
        await write(opened, file("a.py", "old\n"))
        with suppress(LeaseLost):
            async with opened.writing(SHOP, scope=()) as writer:
                await overtake(place.binding)
                with pytest.raises(LeaseLost):
                    await writer.apply(Batch(replaced=(file("a.py", "new\n"),), removed=("b.py",)))
                with pytest.raises(LeaseLost):
                    await writer.finish(outcome="done", detail={})
        assert await texts(opened, "a.py") == ["old\n"]

    async def test_searches_go_on_while_somebody_writes(self, opened: ProjectStore) -> None:
        """They see what is committed, and that a run is on."""
        await write(opened, file("a.py", "pool\n"))
        async with opened.writing(SHOP, scope=()) as writer:
            await writer.apply(Batch(replaced=(file("b.py", "pool\n"),)))
            async with asyncio.timeout(30):
                found = await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}))
            assert {each.path for each in found.candidates} == {"a.py", "b.py"}
            assert found.repositories[SHOP.name].running
            assert [each.running for each in await opened.repositories()] == [True]
            await writer.finish(outcome="done", detail={})
        assert not (await opened.retrieve(RetrievalQuery())).repositories[SHOP.name].running

    async def test_a_complete_run_makes_its_repository_fresh(self, opened: ProjectStore) -> None:
        """With time, commit, root and machine, for every answer to say."""
        await write(opened, file("a.py", "x\n"))
        (found,) = await opened.repositories()
        assert (found.name, found.identity, found.root) == (SHOP.name, SHOP.identity, SHOP.root)
        assert (found.machine, found.commit) == (SHOP.machine, SHOP.commit)
        assert found.indexed_at is not None
        assert found.indexed_at.tzinfo is not None
        assert (await opened.retrieve(RetrievalQuery())).repositories == {SHOP.name: found}

    async def test_a_run_is_recorded_from_beginning_to_end(self, opened: ProjectStore) -> None:
        """Scope, commit, holder, times; reports are merged."""
        async with opened.writing(SHOP, scope=("src", "docs"), detail={"job": "j1", "files": 0}) as writer:
            (begun,) = await opened.runs(limit=5)
            assert (begun.id, begun.outcome, begun.scope) == (writer.run.id, "running", ("src", "docs"))
            assert (begun.repository, begun.commit) == (SHOP.name, SHOP.commit)
            assert begun.holder
            await writer.report({"files": 3})
            assert dict((await opened.runs(limit=5))[0].detail) == {"job": "j1", "files": 3}
            await writer.finish(outcome="done", detail={"chunks": 9})
        (ended,) = await opened.runs(limit=5)
        assert (ended.outcome, dict(ended.detail)) == ("done", {"job": "j1", "files": 3, "chunks": 9})
        assert ended.finished_at is not None
        assert ended.finished_at.tzinfo is not None
        assert ended.started_at <= ended.finished_at
        assert (await opened.statistics()).last_runs[SHOP.name] == ended

    async def test_runs_are_listed_newest_first(self, opened: ProjectStore) -> None:
        """As many as are asked for."""
        for name in ("a.py", "b.py", "c.py"):
            await write(opened, file(name, "x\n"), source=SHOP if name == "a.py" else MAIL)
        assert [run.repository for run in await opened.runs(limit=10)] == [MAIL.name, MAIL.name, SHOP.name]
        assert len(await opened.runs(limit=2)) == 2

    async def test_a_run_that_fails_says_so_and_frees_the_lease(self, opened: ProjectStore) -> None:
        """What was committed stays; the repository is not fresh."""
        with pytest.raises(RuntimeError, match="no more"):
            async with opened.writing(SHOP, scope=()) as writer:
                await writer.apply(Batch(replaced=(file("a.py", "x\n"),)))
                raise RuntimeError("no more")
        (run,) = await opened.runs(limit=5)
        assert (run.outcome, run.detail.get("error")) == ("failed", "no more")
        assert (await opened.repositories())[0].indexed_at is None
        assert await paths(opened) == ["a.py"]
        await write(opened, file("b.py", "x\n"))

    async def test_a_run_that_is_cancelled_says_so_and_frees_the_lease(self, opened: ProjectStore) -> None:
        """Ctrl-C."""
        begun = asyncio.Event()

        async def index() -> None:
            async with opened.writing(SHOP, scope=()):
                begun.set()
                await asyncio.sleep(60)

        task = asyncio.ensure_future(index())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        (run,) = await opened.runs(limit=5)
        assert run.outcome == "cancelled"
        await write(opened, file("b.py", "x\n"))
