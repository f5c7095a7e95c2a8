"""A process that is killed while it writes leaves whole batches, and a lease that is free."""

import asyncio
import subprocess
import sys
from uuid import uuid4

import pytest
from codebase_core_sqlite.store import SqliteStore

from codebase_core.testing.store.content import file, manifest, paths, texts, write

WRITER = """
import asyncio, sys
from pathlib import Path
from uuid import UUID

from codebase_core.testing.store.content import SHOP, file
from codebase_core_hookspecs import Batch, Binding
from codebase_core_sqlite.store import SqliteStore


async def main(folder, name, project):
    binding = Binding(store="sqlite", server="", location={"file": name})
    opened = await SqliteStore(Path(folder)).open(binding, project=UUID(project))
    async with opened.writing(SHOP, scope=()) as writer:
        print("begun", flush=True)
        for version in range(1_000):
            await writer.apply(Batch(replaced=tuple(file(f"{n}.py", f"version{version}\\n") for n in range(30))))


asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.asyncio
@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.1])
async def test_whole_batches_are_left_and_the_lease_is_free(tmp_path, delay):
    store, project = SqliteStore(tmp_path), uuid4()
    binding = store.plan(project, "shop", server="")
    await store.provision(binding, manifest(project))
    command = [sys.executable, "-c", WRITER, str(tmp_path), binding.location["file"], str(project)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        await asyncio.sleep(delay)
        process.kill()
    opened = await store.open(binding, project=project)
    assert (await opened.runs(limit=1))[0].outcome == "interrupted"
    assert len(await paths(opened)) in (0, 30)
    assert len({text for n in range(30) for text in await texts(opened, f"{n}.py")}) <= 1
    await write(opened, file("0.py", "after\n"))
    assert await texts(opened, "0.py") == ["after\n"]
