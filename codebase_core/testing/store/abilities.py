"""What a store may do beyond the base, each tested where ``supports`` declares it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from codebase_core_hookspecs import (
    Batch,
    Binding,
    Definition,
    DefinitionQuery,
    Filters,
    GenerationChanged,
    Manifest,
    NotOwned,
    NotProvisioned,
    ProjectBusy,
    ProjectStore,
    RetrievalQuery,
    Writer,
)

from .base import Place, Places, StoreKit, needs
from .content import SHOP, file, manifest, paths, same, symbol, texts, write


class Abilities(StoreKit):
    """``symbols``, ``generations``, ``backup``, ``move``."""

    @needs("symbols")
    async def test_definitions_come_back_as_they_were_written(self, opened: ProjectStore) -> None:
        """Of files and of passages, and by name."""
        held = (symbol("Pool", kind="class"), symbol("acquire", line=2, local=True), symbol("ü", line=3, weak=True))
        await write(opened, file("a.py", "class Pool:\n", "pass\n", symbols=held, roles=frozenset({"test"})))
        assert (await opened.files([(SHOP.name, "a.py")]))[SHOP.name, "a.py"].chunks[0].symbols == held
        (found,) = await opened.definitions(DefinitionQuery(name="POOL"))
        assert found == Definition(symbol=held[0], repository=SHOP.name, path="a.py", roles=frozenset({"test"}))

    @needs("symbols")
    async def test_definitions_are_found_by_name_beginning_kind_and_filter(self, opened: ProjectStore) -> None:
        """Whatever the case; as many as are asked for."""
        await write(
            opened,
            file(
                "a.py", "x\n", symbols=[symbol("pool"), symbol("Pooled", kind="class"), symbol("po_l"), symbol("pool%")]
            ),
            file("b.go", "x\n", symbols=[symbol("pool")], language="go"),
        )
        for query, names in (
            (DefinitionQuery(name="pool"), ["pool", "pool"]),
            (DefinitionQuery(name="poo", prefix=True), ["pool", "Pooled", "pool%", "pool"]),
            (DefinitionQuery(name="po_", prefix=True), ["po_l"]),
            (DefinitionQuery(name="pool%", prefix=True), ["pool%"]),
            (DefinitionQuery(name="poo", prefix=True, kinds=frozenset({"class"})), ["Pooled"]),
            (DefinitionQuery(name="pool", filters=Filters(languages=frozenset({"go"}))), ["pool"]),
            (DefinitionQuery(name="pool", filters=Filters(path_globs=("*.rs",))), []),
            (DefinitionQuery(name="pool", limit=1), ["pool"]),
            (DefinitionQuery(name="nothing"), []),
            (DefinitionQuery(name="po_l", also=("POOLED", "pooled", "po_l", "none")), ["Pooled", "po_l"]),
            (DefinitionQuery(name="poole", prefix=True, also=("pool%",)), ["Pooled", "pool%"]),
            (DefinitionQuery(name="*OO*", pattern=True), ["pool", "Pooled", "pool%", "pool"]),
            (DefinitionQuery(name="*l", pattern=True), ["pool", "po_l", "pool"]),
            (DefinitionQuery(name="p*_*", pattern=True), ["po_l"]),
            (DefinitionQuery(name="*%", pattern=True, also=("po_l",)), ["po_l", "pool%"]),
            (DefinitionQuery(name="oo", pattern=True), []),
            (DefinitionQuery(name="*o*", pattern=True, kinds=frozenset({"class"})), ["Pooled"]),
        ):
            assert [each.symbol.name for each in await opened.definitions(query)] == names, query

    @needs("symbols")
    async def test_certain_definitions_come_first(self, opened: ProjectStore) -> None:
        """Then by path and line: weak ones last, local ones before them."""
        await write(
            opened,
            file("a.py", "x\n", symbols=[symbol("f", line=9, weak=True), symbol("f", line=5, local=True)]),
            file("b.py", "x\n", symbols=[symbol("f", line=7), symbol("f", line=3)]),
        )
        found = await opened.definitions(DefinitionQuery(name="f"))
        assert [(each.path, each.symbol.line) for each in found] == [("b.py", 3), ("b.py", 7), ("a.py", 5), ("a.py", 9)]

    @needs("generations")
    async def test_the_next_generation_takes_the_place_of_the_current_one(self, place: Place) -> None:
        """At once, and searches went on in the old one till then; runs are the project's."""
        current = await place.open()
        await write(current, file("a.py", "old pool\n"))
        building = await place.store.open_next(place.binding, _next(place))
        assert same(building.manifest, _next(place))
        async with building.writing(SHOP, scope=()) as writer:
            await _apply(writer, "new pool\n")
            assert await texts(current, "a.py") == ["old pool\n"]
            await writer.activate(detail={"files": 1})
        opened = await place.open()
        assert same(opened.manifest, _next(place))
        assert await texts(opened, "a.py") == ["new pool\n"]
        assert [run.outcome for run in await opened.runs(limit=9)] == ["done", "done"]
        assert await place.store.unfinished(place.binding, project=place.project) is None
        await write(opened, file("b.py", "pool\n"))

    @needs("generations")
    async def test_whoever_opened_the_old_generation_is_told(self, place: Place) -> None:
        """Where a vector or an id would meet those of another one, and before anything is written."""
        current = await place.open()
        await write(current, file("a.py", "pool\n"))
        ids = [each.id for each in (await current.retrieve(RetrievalQuery(terms={"pool": 1.0}))).candidates]
        building = await place.store.open_next(place.binding, _next(place))
        async with building.writing(SHOP, scope=()) as writer:
            await writer.activate(detail={})
        with pytest.raises(GenerationChanged):
            await current.retrieve(RetrievalQuery(terms={"pool": 1.0}))
        with pytest.raises(GenerationChanged):
            await current.passages(ids)
        with pytest.raises(GenerationChanged):
            async with current.writing(SHOP, scope=()):
                pass

    @needs("generations")
    async def test_a_generation_that_was_begun_is_continued_or_begun_anew(self, place: Place) -> None:
        """With the same manifest, or with another; the current one knows nothing of it."""
        await write(await place.open(), file("a.py", "pool\n"))
        await write(await place.store.open_next(place.binding, _next(place)), file("b.py", "pool\n"))
        assert same(await place.store.unfinished(place.binding, project=place.project), _next(place))
        assert await paths(await place.store.open_next(place.binding, _next(place))) == ["b.py"]
        other = replace(_next(place), tokenizer="other/1")
        assert await paths(await place.store.open_next(place.binding, other)) == []
        assert await paths(await place.open()) == ["a.py"]

    @needs("generations")
    async def test_a_generation_that_is_given_up_leaves_nothing(self, place: Place) -> None:
        """Twice is no error; not while somebody writes it."""
        building = await place.store.open_next(place.binding, _next(place))
        async with building.writing(SHOP, scope=()) as writer:
            with pytest.raises(ProjectBusy):
                await place.store.drop_next(place.binding, project=place.project)
            with pytest.raises(ProjectBusy):
                async with (await place.open()).writing(SHOP, scope=()):
                    pass
            await writer.finish(outcome="cancelled", detail={})
        for _ in range(2):
            await place.store.drop_next(place.binding, project=place.project)
        assert await place.store.unfinished(place.binding, project=place.project) is None

    @needs("backup")
    async def test_a_backup_brings_a_project_back(self, place: Place, tmp_path: Path) -> None:
        """Whole, and ready to be written."""
        await write(await place.open(), file("a.py", "pool\n", "tree\n"))
        await place.store.backup(place.binding, tmp_path / "backup", project=place.project)
        await place.store.drop(place.binding, project=place.project)
        await place.store.restore(place.binding, tmp_path / "backup", project=place.project)
        opened = await place.open()
        assert same(opened.manifest, manifest(place.project))
        assert await texts(opened, "a.py") == ["pool\n", "tree\n"]
        assert len((await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}))).candidates) == 1
        await write(opened, file("b.py", "pool\n"))

    @needs("backup")
    async def test_a_backup_never_replaces_what_is_there(self, place: Place, tmp_path: Path) -> None:
        """Neither on its way out nor back."""
        await write(await place.open(), file("a.py", "pool\n"))
        await place.store.backup(place.binding, tmp_path / "backup", project=place.project)
        await write(await place.open(), file("b.py", "pool\n"))
        with pytest.raises(NotOwned):
            await place.store.restore(place.binding, tmp_path / "backup", project=place.project)
        assert await paths(await place.open()) == ["a.py", "b.py"]

    @needs("move")
    async def test_a_project_is_copied_to_another_place(self, place: Place, places: Places) -> None:
        """Whole; no writer changes the source meanwhile, which core drops afterwards."""
        await write(await place.open(), file("a.py", "pool\n", "tree\n"))
        target = _target(place, places)
        async with place.store.moving(place.binding, target, project=place.project):
            with pytest.raises(ProjectBusy):
                await write(await place.open(), file("b.py", "pool\n"))
        moved = await place.store.open(target, project=place.project)
        assert await texts(moved, "a.py") == ["pool\n", "tree\n"]
        await place.store.drop(place.binding, project=place.project)
        await write(moved, file("b.py", "pool\n"))
        assert await paths(moved) == ["a.py", "b.py"]

    @needs("move")
    async def test_a_move_that_fails_leaves_no_copy(self, place: Place, places: Places) -> None:
        """And the source as it was, free to be written."""
        await write(await place.open(), file("a.py", "pool\n"))
        target = _target(place, places)
        with pytest.raises(RuntimeError, match="registry"):
            async with place.store.moving(place.binding, target, project=place.project):
                raise RuntimeError("the registry is down")
        with pytest.raises(NotProvisioned):
            await place.store.open(target, project=place.project)
        await write(await place.open(), file("b.py", "pool\n"))


def _next(place: Place) -> Manifest:
    return replace(manifest(place.project, generation=2), embedder_options={"prompt": "other"})


async def _apply(writer: Writer, text: str) -> None:
    await writer.apply(Batch(replaced=(file("a.py", text),)))


def _target(place: Place, places: Places) -> Binding:
    """Plan another place for the same project; it is dropped with the others."""
    binding = place.store.plan(place.project, "moved", server=places.server, attempt=0)
    places.planned.append(Place(place.store, binding, place.project))
    return binding
