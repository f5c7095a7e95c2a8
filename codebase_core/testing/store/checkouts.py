"""Checkouts of one repository beside its main one: each sees its own files, and what is the same is stored once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from codebase_core_hookspecs import (
    Batch,
    CheckoutState,
    Definition,
    DefinitionQuery,
    FileState,
    GenerationChanged,
    IndexedFile,
    ProjectBusy,
    ProjectStore,
    RetrievalQuery,
    Source,
)

from .base import StoreKit, needs
from .content import MAIL, SHOP, file, paths, state, states, symbol, texts, write

FEATURE = replace(SHOP, root="/src/feature", commit="fea7", main=False)
FIX = replace(SHOP, root="/src/fix", commit="f1x", main=False)
POOL, TREE = RetrievalQuery(terms={"pool": 1.0}), RetrievalQuery(terms={"tree": 1.0})


async def checkout(opened: ProjectStore, source: Source) -> CheckoutState:
    """Return what a store knows of a checkout."""
    (shop,) = (each for each in await opened.repositories() if each.name == source.name)
    (found,) = (each for each in shop.checkouts if (each.machine, each.root) == (source.machine, source.root))
    return found


async def seen(opened: ProjectStore, source: Source) -> ProjectStore:
    """Return the index as a checkout sees it."""
    return opened.seen_from(await checkout(opened, source))


async def reuse(opened: ProjectStore, source: Source, *files: FileState, removed: Sequence[str] = ()) -> frozenset[str]:
    """Write what is known already of some files, and return their paths."""
    async with opened.writing(source, scope=()) as writer:
        store = opened if source.main else await seen(opened, source)
        known = await store.known_versions(source.name, files)
        reused = tuple(each for each in files if each.path in known)
        await writer.apply(Batch(reused=reused, removed=tuple(removed)))
        await writer.finish(outcome="done", detail={})
    return known


async def candidates(opened: ProjectStore, query: RetrievalQuery) -> list[str]:
    """Return the paths of what a search finds."""
    return sorted(each.path for each in (await opened.retrieve(query)).candidates)


class Checkouts(StoreKit):
    """``checkouts``."""

    @needs("checkouts")
    async def test_a_checkout_sees_its_own_files_and_the_main_one_its_own(self, opened: ProjectStore) -> None:
        """Whatever is asked; a repository beside it is seen as it is."""
        await write(opened, file("a.py", "main pool\n"), file("b.py", "pool\n"), file("c.py", "tree\n"))
        await write(opened, file("m.py", "mail pool\n"), source=MAIL)
        own = symbol("Own")
        await write(
            opened,
            file("a.py", "own pool\n", symbols=[own], version=2),
            file("d.py", "pool\n"),
            source=FEATURE,
            removed=["b.py"],
        )
        other = await seen(opened, FEATURE)
        for store, listed, text, defined in (
            (opened, ["a.py", "b.py", "c.py"], "main pool\n", []),
            (other, ["a.py", "c.py", "d.py"], "own pool\n", ["a.py"]),
        ):
            assert await paths(store) == listed
            assert await paths(store, source=MAIL) == ["m.py"]
            assert await candidates(store, POOL) == sorted({*listed, "m.py"} - {"c.py"})
            assert await candidates(store, TREE) == ["c.py"]
            assert await texts(store, "a.py") == [text]
            assert bool(await texts(store, "b.py")) is ("b.py" in listed)
            assert [each.path for each in await store.definitions(DefinitionQuery(name="own"))] == defined
            counted = await store.statistics()
            assert (counted.files, counted.chunks, counted.symbols) == (4, 4, len(defined))
        assert await other.definitions(DefinitionQuery(name="own")) == [
            Definition(symbol=own, repository=SHOP.name, path="a.py", roles=frozenset())
        ]

    @needs("checkouts")
    async def test_scores_in_a_checkout_are_those_of_an_index_of_it_alone(self, opened: ProjectStore) -> None:
        """What other checkouts hold makes no term more frequent."""
        await write(opened, *(file(f"{number}.py", "pool\n") for number in range(8)), file("t.py", "tree pool\n"))
        await write(
            opened, file("t.py", "tree\n", version=2), source=FEATURE, removed=[f"{number}.py" for number in range(6)]
        )
        await write(opened, *(file(f"f{number}.py", "tree\n") for number in range(5)), source=FIX)
        own = await seen(opened, FEATURE)
        found = await own.retrieve(RetrievalQuery(terms={"pool": 1.0, "tree": 1.0}))
        assert found.idf == pytest.approx({"pool": 0.470004, "tree": 0.980829}, abs=1e-5)
        assert sorted(each.path for each in found.candidates) == ["6.py", "7.py", "t.py"]
        again = await opened.retrieve(RetrievalQuery(terms={"pool": 1.0, "tree": 1.0}))
        assert again.idf == pytest.approx({"pool": 0.051293, "tree": 1.897120}, abs=1e-5)

    @needs("checkouts")
    async def test_what_changes_in_one_checkout_changes_in_no_other(self, opened: ProjectStore) -> None:
        """Neither the main one's changes are seen, nor those of another one."""
        await write(opened, file("a.py", "pool\n"), file("b.py", "pool\n"))
        await write(opened, file("b.py", "own pool\n", version=2), source=FEATURE)
        await write(opened, file("z.py", "pool\n"), source=FIX)
        await write(opened, file("a.py", "new tree\n", version=3), file("n.py", "pool\n"), removed=["b.py"])
        await write(opened, file("a.py", "newer tree\n", version=4))
        assert await paths(opened) == ["a.py", "n.py"]
        for source, listed, text in (
            (FEATURE, ["a.py", "b.py"], "own pool\n"),
            (FIX, ["a.py", "b.py", "z.py"], "pool\n"),
        ):
            store = await seen(opened, source)
            assert await paths(store) == listed
            assert await candidates(store, POOL) == listed
            assert await candidates(store, TREE) == []
            assert (await texts(store, "a.py"), await texts(store, "b.py")) == (["pool\n"], [text])

    @needs("checkouts")
    async def test_ids_that_a_checkout_does_not_see_are_absent(self, opened: ProjectStore) -> None:
        """Those of the main one, and those of another one."""
        await write(opened, file("a.py", "pool\n"), file("b.py", "pool\n"))
        await write(opened, file("a.py", "own pool\n", version=2), source=FEATURE)
        own, main = await seen(opened, FEATURE), opened
        ids = {c.path: c.id for c in (await main.retrieve(POOL)).candidates}
        theirs = {c.path: c.id for c in (await own.retrieve(POOL)).candidates}
        assert theirs["b.py"] == ids["b.py"]
        found = await own.passages([ids["a.py"], ids["b.py"], theirs["a.py"]])
        assert {each.text for each in found.values()} == {"own pool\n", "pool\n"}
        assert set(found) == {ids["b.py"], theirs["a.py"]}
        assert set(await main.passages([ids["a.py"], theirs["a.py"]])) == {ids["a.py"]}

    @needs("checkouts")
    async def test_what_is_stored_is_written_without_its_content(self, opened: ProjectStore) -> None:
        """From the main checkout, from another one, and back."""
        main, new = file("a.py", "pool\n"), file("a.py", "tree\n", version=2)
        await write(opened, main, file("b.py", "pool\n"))
        assert await reuse(opened, SHOP, main.state) == frozenset(), "it is the main checkout's own"
        await write(opened, new, source=FEATURE)
        assert await reuse(opened, FEATURE, main.state, state("b.py", version=9)) == {"a.py"}
        assert await texts(await seen(opened, FEATURE), "a.py") == ["pool\n"]
        assert await reuse(opened, FIX, new.state) == frozenset(), "nobody sees it any more"
        await write(opened, new, source=FEATURE)
        assert await reuse(opened, FIX, new.state) == {"a.py"}
        moved = replace(new.state, mtime_ns=5, inode=6, ctime_ns=7)
        assert await reuse(opened, SHOP, moved) == {"a.py"}
        for store in (opened, await seen(opened, FEATURE), await seen(opened, FIX)):
            assert await texts(store, "a.py") == ["tree\n"]
            assert await candidates(store, TREE) == ["a.py"]
        assert (await states(opened))[0] == moved
        assert (await opened.statistics()).chunks == 2

    @needs("checkouts")
    async def test_another_pipeline_or_reason_makes_another_version(self, opened: ProjectStore) -> None:
        """And another path or repository."""
        await write(opened, file("a.py", "pool\n"), _skipped("b.bin", "binary"))
        for known, paths_known in (
            (state("a.py"), {"a.py"}),
            (replace(state("a.py"), pipeline="lines/2"), set()),
            (replace(state("a.py"), content_hash=b"x" * 16), set()),
            (replace(state("a.py"), path="c.py"), set()),
            (_skipped("b.bin", "binary").state, {"b.bin"}),
            (_skipped("b.bin", "too large").state, set()),
        ):
            assert await reuse(opened, FEATURE, known) == paths_known, known

    @needs("checkouts")
    async def test_a_checkout_is_listed_with_its_own_freshness(self, opened: ProjectStore) -> None:
        """Complete when its first run ends; the main one's stays what it is."""
        await write(opened, file("a.py", "pool\n"))
        (before,) = await opened.repositories()
        async with opened.writing(FEATURE, scope=("a",)) as writer:
            begun = await checkout(opened, FEATURE)
            assert (begun.indexed_at, begun.running, (await opened.repositories())[0].running) == (None, True, False)
            await writer.finish(outcome="done", detail={})
        ended = await checkout(opened, FEATURE)
        assert (ended.id, ended.commit, ended.running, ended.indexed_at is not None) == (begun.id, "fea7", False, True)
        (main,) = await opened.repositories()
        assert replace(main, checkouts=()) == before
        for each in (
            (await (await seen(opened, FEATURE)).repositories())[0],
            (await (await seen(opened, FEATURE)).retrieve(POOL)).repositories[SHOP.name],
        ):
            assert (each.root, each.commit, each.indexed_at, each.main) == (
                FEATURE.root,
                "fea7",
                ended.indexed_at,
                False,
            )

    @needs("checkouts")
    async def test_runs_are_those_of_the_checkout(self, opened: ProjectStore) -> None:
        """A part of one that was indexed is no part of another."""
        await write(opened, file("a.py", "pool\n"))
        async with opened.writing(FEATURE, scope=("a",)) as writer:
            await writer.finish(outcome="done", detail={"job": "j"})
        assert [run.scope for run in await opened.runs(limit=9)] == [()]
        own = await seen(opened, FEATURE)
        (run,) = await own.runs(limit=9)
        assert (run.scope, run.commit, dict(run.detail)) == (("a",), "fea7", {"job": "j"})
        assert (await own.statistics()).last_runs[SHOP.name] == run
        assert (await opened.statistics()).last_runs[SHOP.name].scope == ()

    @needs("checkouts")
    async def test_a_forgotten_checkout_takes_what_only_it_saw_with_it(self, opened: ProjectStore) -> None:
        """And nothing else; whoever asks for it is told, and twice is no error."""
        alone, shared = file("a.py", "pool\n", version=2), file("b.py", "pool\n", version=3)
        await write(opened, file("a.py", "tree\n"))
        await write(opened, alone, shared, source=FEATURE)
        await reuse(opened, FIX, shared.state)
        own, listed = await seen(opened, FEATURE), await checkout(opened, FEATURE)
        for _ in range(2):
            await opened.forget(listed)
        (shop,) = await opened.repositories()
        assert [each.root for each in shop.checkouts] == [FIX.root]
        with pytest.raises(GenerationChanged):
            await own.retrieve(POOL)
        fix = await seen(opened, FIX)
        assert await candidates(fix, POOL) == ["b.py"]
        assert await fix.known_versions(SHOP.name, [alone.state, shared.state]) == {"b.py"}
        assert await texts(opened, "a.py") == ["tree\n"]

    @needs("checkouts")
    async def test_a_checkout_is_not_forgotten_under_a_writer(self, opened: ProjectStore) -> None:
        """Whoever writes needs what it sees."""
        await write(opened, file("a.py", "pool\n"))
        await write(opened, file("b.py", "pool\n"), source=FEATURE)
        async with opened.writing(SHOP, scope=()):
            with pytest.raises(ProjectBusy):
                await opened.forget(await checkout(opened, FEATURE))
        assert await paths(await seen(opened, FEATURE)) == ["a.py", "b.py"]

    @needs("checkouts")
    async def test_another_checkout_becomes_the_main_one(self, opened: ProjectStore) -> None:
        """It is no other one any more, and those that are go on seeing what they saw."""
        own = file("a.py", "own pool\n", version=2)
        await write(opened, file("a.py", "pool\n"))
        await write(opened, own, source=FEATURE)
        await write(opened, file("c.py", "pool\n"), source=FIX)
        assert await reuse(opened, replace(FEATURE, main=True), own.state) == {"a.py"}
        (shop,) = await opened.repositories()
        assert (shop.root, [each.root for each in shop.checkouts]) == (FEATURE.root, [FIX.root])
        assert await texts(opened, "a.py") == ["own pool\n"]
        assert await texts(await seen(opened, FIX), "a.py") == ["pool\n"]


def _skipped(path: str, why: str) -> IndexedFile:
    return IndexedFile(state=replace(state(path, skipped=why), content_hash=b"", pipeline=""))
