"""No answer from one project holds anything of another."""

from __future__ import annotations

from math import log

import pytest
from codebase_core_hookspecs import DefinitionQuery, RetrievalQuery

from .base import Places, StoreKit, needs
from .content import SHOP, file, paths, symbol, texts, write


class Isolation(StoreKit):
    """Two projects with the same repository, side by side."""

    async def test_a_project_answers_with_its_own_rows_only(self, places: Places) -> None:
        """Candidates, frequencies, texts by id, whole files, repositories, counts."""
        one, other = [await (await places.make(name)).open() for name in ("one", "other")]
        await write(one, *(file(f"a{n}.py", f"pool of one {n}\n") for n in range(5)))
        await write(other, file("b.py", "pool of other\n"))
        query = RetrievalQuery(terms={"pool": 1.0, "one": 1.0}, paths=("a1.py", "b.py"), per_arm=50)
        found = await other.retrieve(query)
        assert {each.path for each in found.candidates} == {"b.py"}
        assert found.idf == {"pool": pytest.approx(log(1 + 0.5 / 1.5)), "one": pytest.approx(log(1 + 1.5 / 0.5))}
        ids = [each.id for each in (await one.retrieve(query)).candidates]
        assert all(each.text == "pool of other\n" for each in (await other.passages(ids)).values())
        assert await texts(other, "a1.py") == []
        assert await paths(other) == ["b.py"]
        assert (await other.statistics()).files == 1
        assert [each.name for each in await other.repositories()] == [SHOP.name]
        assert len(await other.runs(limit=10)) == 1

    @needs("symbols")
    async def test_a_project_knows_its_own_definitions_only(self, places: Places) -> None:
        """By whatever name."""
        one, other = [await (await places.make(name)).open() for name in ("one", "other")]
        await write(one, file("a.py", "def pool():\n", symbols=[symbol("pool")]))
        assert list(await other.definitions(DefinitionQuery(name="", prefix=True))) == []

    async def test_dropping_one_project_leaves_the_others(self, places: Places) -> None:
        """Whole, and while they are open."""
        one, other = [await places.make(name) for name in ("one", "other")]
        opened = await other.open()
        await write(await one.open(), file("a.py", "pool\n"))
        await write(opened, file("b.py", "pool\n"))
        await one.store.drop(one.binding, project=one.project)
        assert [each.path for each in (await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}))).candidates] == [
            "b.py"
        ]
        await write(opened, file("c.py", "pool\n"))
        assert await paths(opened) == ["b.py", "c.py"]
