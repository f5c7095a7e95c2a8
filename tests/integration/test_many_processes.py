"""Many processes change one registry at once: no change is lost, nothing is there twice, nobody waits for ever."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from codebase_core.app import App
from codebase_core.config.settings import load_settings

from .registry_worker import SHARED

pytestmark = pytest.mark.any_store

SOAK = bool(os.environ.get("CODEBASE_CORE_SOAK"))
PROCESSES, ACTIONS = (50, 300) if SOAK else (8, 8)


@pytest.mark.soak
@pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)
@pytest.mark.parametrize("registry", ["postgres", "json"])
async def test_many_processes_change_one_registry(environ: Mapping[str, str], registry: str) -> None:
    surroundings = {**environ, "CODEBASE_CORE_REGISTRY": registry, "POOL_MAX_SIZE": "2", "OPENBLAS_NUM_THREADS": "1"}
    async with App(load_settings(environ=surroundings)) as app:
        await app.create(SHARED)
        ends = await asyncio.gather(*(_worker(surroundings, seed) for seed in range(PROCESSES)))
        assert not [err for _, err in ends if err]
        found = [json.loads(out) for out, _ in ends]
        projects = await app.projects()
        tags = [tag for each in found for tag in each["tags"]]
        assert (await app.find(SHARED)).tags == frozenset(tags)
        assert len(tags) > PROCESSES
        records = await projects.everything()
        live = Counter(record.name.casefold() for record in records if record.deleted_at is None)
        places = Counter(tuple(sorted(record.binding.location.items())) for record in records)
        assert set((live + places).values()) == {1}
        assert {record.status for record in records} == {"active"}
        assert await app.verify() == []
        trail = Counter(entry.action for entry in await projects.history())
        total = sum((Counter(each["done"]) for each in found), Counter())
        assert trail["tag"] == len(tags) == total["tag"]


async def _worker(environ: Mapping[str, str], seed: int) -> tuple[str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.registry_worker", str(ACTIONS), str(seed)),
        cwd=Path(__file__).parents[2],
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return out.decode(), err.decode()
