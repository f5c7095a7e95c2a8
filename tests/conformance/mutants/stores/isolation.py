"""Stores that are wrong in what keeps projects apart."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

from codebase_core.testing.fakes.index import Index
from codebase_core.testing.fakes.project_store import MemoryProjectStore
from codebase_core.testing.fakes.store import MemoryStore

from .base import caught, project_store


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
