"""The registry's file: whole or refused, never silently empty, readable, and the version before kept."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from codebase_core_hookspecs import Binding, Checkout, Project

from codebase_core.builtin.json_registry.file import RegistryFile
from codebase_core.builtin.json_registry.registry import JsonRegistry
from codebase_core.errors import RegistryUnreadable, ServerBusy, SettingsError, StorageFull


@pytest.fixture
def file(tmp_path: Path) -> RegistryFile:
    return RegistryFile(tmp_path / "home" / "registry.jsonl")


@pytest.fixture
def registry(file: RegistryFile) -> JsonRegistry:
    return JsonRegistry(file)


def record(name: str, **fields: object) -> Project:
    made, now = uuid4(), datetime.now(UTC)
    location = {"database": "d", "schema": made.hex}
    binding = Binding(store="s", server="e", location=location)
    return Project(id=made, name=name, binding=binding, status="active", created_at=now, updated_at=now, **fields)


async def names(file: RegistryFile) -> list[str]:
    return sorted(project.name for project in await JsonRegistry(file).list())


async def test_a_record_is_a_line_that_can_be_read(registry, file):
    project = record("shop", description="two\nlines\u2028", metadata={"team": "ü"})
    await registry.create(
        project, actor="me", checkout=Checkout(project=project.id, machine=UUID(int=1), root="/src", identity="x")
    )
    lines = file.path.read_text(encoding="utf-8").split("\n")
    assert [next(iter(json.loads(line))) for line in lines[:-1]] == [
        "codebase-core registry",
        "project",
        "checkout",
        "entry",
        "entry",
        "end",
    ]
    assert '"name": "shop"' in lines[1]
    assert "ü" in lines[1]
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert await JsonRegistry(file).get(project.id) == await registry.get(project.id)


async def test_no_file_is_an_empty_registry_until_the_first_change(registry, file):
    assert await registry.list() == []
    assert not file.path.parent.exists()


DAMAGE = {
    "cut": lambda data: data[: len(data) // 2],
    "cut at a line": lambda data: data[: data.rindex(b"\n", 0, -1) + 1],
    "a line lost": lambda data: b"\n".join(line for line in data.split(b"\n") if b'"one"' not in line),
    "a line twice": lambda data: data.replace(
        data.split(b"\n")[1], data.split(b"\n")[1] + b"\n" + data.split(b"\n")[1]
    ),
    "a checkout of nobody": lambda data: data.replace(
        data.split(b"\n")[1],
        b'{"checkout": {"project": "x", "machine": "y", "root": "/", "identity": "", "home": true}}',
    ),
    "empty": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "not UTF-8": lambda data: data.replace(b"one", b"\xff\xfe\xff"),
    "another kind": lambda data: data.replace(b'{"project"', b'{"projekt"', 1),
    "another format": lambda data: data.replace(b'registry": 1', b'registry": 2'),
    "a record without an id": lambda data: data.replace(b'"id"', b'"di"', 1),
    "no object": lambda data: b"[]\n[]\n[]\n",
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_damaged_file_is_an_error_that_names_the_copy_and_how_to_restore_it(registry, file, damage):
    for name in ("one", "two", "three"):
        await registry.create(record(name), actor="me")
    file.path.write_bytes(DAMAGE[damage](file.path.read_bytes()))
    for again in (registry, JsonRegistry(file)):
        with pytest.raises(RegistryUnreadable) as caught:
            await again.list()
        with pytest.raises(RegistryUnreadable):
            await again.create(record("four"), actor="me")
    assert str(file.path) in caught.value.message
    command = caught.value.hint.partition(": ")[2]
    await asyncio.to_thread(subprocess.run, command, shell=True, check=True)
    assert await names(file) == ["one", "two"]
    assert sorted(project.name for project in await registry.list()) == ["one", "two"]


async def test_a_mistake_of_somebody_who_edits_the_file_is_named_by_its_line(registry, file):
    for name in ("one", "two", "three"):
        await registry.create(record(name), actor="me")
    text = file.path.read_text(encoding="utf-8")
    file.path.write_text(text.replace('"name": "two"', '"name": two'), encoding="utf-8")
    with pytest.raises(RegistryUnreadable, match="cannot be read: line 3: Expecting value"):
        await registry.list()


@pytest.mark.parametrize(("field", "value"), [("created_at", '"soon"'), ("tags", "[[]]"), ("id", "7")])
async def test_a_record_that_says_nonsense_is_named_as_damage(registry, file, field, value):
    await registry.create(record("one"), actor="me")
    text = file.path.read_text(encoding="utf-8")
    file.path.write_text(
        re.sub(rf'("{field}": )("[^"]*"|\[[^]]*\])', rf"\g<1>{value}", text, count=1), encoding="utf-8"
    )
    for look in (JsonRegistry(file).list, partial(JsonRegistry(file).find, "one")):
        with pytest.raises(RegistryUnreadable, match="cannot be read"):
            await look()


async def test_a_damaged_audit_trail_is_said_when_it_is_asked_for(registry, file):
    made = await registry.create(record("one"), actor="me")
    file.path.write_bytes(file.path.read_bytes().replace(b'"actor": "me"', b'"actor": '))
    with pytest.raises(RegistryUnreadable, match="a record is damaged"):
        await registry.history(made.id)


async def test_the_trail_forgets_its_oldest_entries_and_the_file_stops_growing(registry, file, monkeypatch):
    monkeypatch.setattr("codebase_core.builtin.json_registry.state.AUDIT_LIMIT", 3)
    made = await registry.create(record("one"), actor="me")
    for number in range(10):
        made = await registry.update(replace(made, description=str(number)), actor="me", action=str(number))
    assert [entry.action for entry in await JsonRegistry(file).history()] == ["7", "8", "9"]
    assert file.path.read_text(encoding="utf-8").count('{"entry"') == 3


async def test_many_records_are_read_as_each_is_alone(registry, file):
    made = [
        await registry.create(record("plain"), actor="me"),
        await registry.create(
            record("full", description="d", tags=frozenset({"a", "b"}), metadata={"n": {"m": [1]}}), actor="me"
        ),
    ]
    deleted = replace(made[1], deleted_at=datetime(2026, 3, 1, tzinfo=UTC), status="failed")
    made[1] = await registry.update(deleted, actor="me", action="delete")
    many, alone = JsonRegistry(file), JsonRegistry(file)
    listed = [*await many.list(), *await many.list(deleted=True)]
    assert listed == [await alone.get(each.id) for each in made] == made


async def test_a_file_that_is_gone_is_no_empty_registry(registry, file):
    for name in ("one", "two"):
        await registry.create(record(name), actor="me")
    file.path.unlink()
    with pytest.raises(RegistryUnreadable, match="it is gone"):
        await registry.list()
    with pytest.raises(RegistryUnreadable):
        await registry.create(record("three"), actor="me")


@pytest.mark.parametrize("step", ["write", "fsync", "replace", "link_to"])
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
async def test_a_write_that_fails_changes_nothing(registry, file, monkeypatch, step, fault):
    await registry.create(record("one"), actor="me")
    await registry.create(record("two"), actor="me")
    before = file.path.read_bytes()

    def fail(*args, **kwargs):
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patch:
        if step == "write":
            patch.setattr(os, "open", fail)
        elif step == "fsync":
            patch.setattr(os, "fsync", fail)
        elif step == "replace":
            patch.setattr(Path, "replace", fail)
        else:
            patch.setattr(Path, "hardlink_to", fail)
            patch.setattr("shutil.copy2", fail)
        with pytest.raises(StorageFull if fault == errno.ENOSPC else SettingsError) as caught:
            await registry.create(record("three"), actor="me")
    assert str(file.path) in caught.value.message
    assert file.path.read_bytes() == before
    assert sorted(project.name for project in await registry.list()) == ["one", "two"]
    await registry.create(record("three"), actor="me")
    assert await names(file) == ["one", "three", "two"]


async def test_a_process_killed_in_the_middle_of_a_write_leaves_the_file_whole(registry, file):
    await registry.create(record("one"), actor="me")
    code = (
        "import asyncio, os, sys, uuid\n"
        "from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from codebase_core.builtin.json_registry.file import RegistryFile\n"
        "from codebase_core.builtin.json_registry.registry import JsonRegistry\n"
        "os.fsync = lambda fd: os.kill(os.getpid(), 9)\n"
        "registry = JsonRegistry(RegistryFile(Path(sys.argv[1])))\n"
        "project = asyncio.run(registry.list())[0]\n"
        "asyncio.run(registry.update(project, actor='x', action='x'))\n"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code, str(file.path), str(Path(__file__).parents[3])], check=False
    )
    assert done.returncode == -9
    assert await names(file) == ["one"]
    await registry.create(record("two"), actor="me")
    assert await names(file) == ["one", "two"]


async def test_threads_and_tasks_lose_no_change(file):
    def work(number: int) -> None:
        async def create() -> None:
            registry = JsonRegistry(file)
            await asyncio.gather(*(registry.create(record(f"{number}-{n}"), actor="me") for n in range(5)))

        asyncio.run(create())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert len(await names(file)) == 20


def test_a_lock_that_does_not_come_free_is_said(file):
    impatient = RegistryFile(file.path, lock_timeout_s=0.05)
    with file.locked(), pytest.raises(ServerBusy, match="another process has held"), impatient.locked():
        pass
    with impatient.locked():
        pass


async def test_what_a_caller_sees_does_not_change_under_it(registry):
    made = await registry.create(record("one"), actor="me")
    seen = await registry.get(made.id)
    await registry.update(replace(made, name="two"), actor="me", action="rename")
    assert seen.name == "one"
