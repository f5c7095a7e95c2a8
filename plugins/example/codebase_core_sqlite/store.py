"""Places: files in one folder, each marked with its project by what it holds."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from codebase_core_hookspecs import (
    Binding,
    EmbedderIdentity,
    FormatTooNew,
    Manifest,
    NotOwned,
    NotProvisioned,
    Problem,
    Store,
)

from .database import connected, in_thread, missing
from .project import SqliteProjectStore

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

FORMAT = 1
APPLICATION = 0x63_62_63_6F
"""``PRAGMA application_id``: what tells our files from other people's."""

_SUFFIXES = ("", "-wal", "-shm", ".lock")


class SqliteStore(Store):
    """A file for each project."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def plan(self, project: UUID, name: str, *, server: str, attempt: int = 0) -> Binding:  # noqa: ARG002 - always free
        """Name a file after the project, and with its id, so that it is free at the first attempt."""
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-")
        return Binding(store="sqlite", server=server, location={"file": f"{slug}-{project.hex}.sqlite"})

    async def provision(self, binding: Binding, manifest: Manifest) -> None:
        """Make a file beside and give it its name when it is whole; of many who do so, one is first and the others find it."""
        await in_thread(lambda: self._provision(self._file(binding), manifest))

    async def open(self, binding: Binding, *, project: UUID) -> SqliteProjectStore:
        """Open a project's file."""
        file = self._file(binding)
        return SqliteProjectStore(file, await in_thread(lambda: _owned(file, project)))

    async def drop(self, binding: Binding, *, project: UUID) -> None:
        """Remove a project's file, and what SQLite keeps beside it."""
        await in_thread(lambda: _drop(self._file(binding), project))

    async def backup(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Write one snapshot."""

        def work() -> None:
            _owned(self._file(binding), project)
            with connected(self._file(binding)) as connection:
                connection.execute("VACUUM INTO ?", (str(file),))

        await in_thread(work)

    async def restore(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Make the place from a copy of the backup."""

        def work() -> None:
            _owned(file, project)
            self._folder.mkdir(parents=True, exist_ok=True)
            whole = self._beside()
            with connected(file) as connection:
                connection.execute("VACUUM INTO ?", (str(whole),))
            if not _put(whole, self._file(binding)):
                raise _not_owned(self._file(binding), project)

        await in_thread(work)

    async def verify(self, server: str, projects: Sequence[Project]) -> Sequence[Problem]:
        """Compare the folder with what the registry knows."""
        marked = await in_thread(lambda: dict(self._marked()))
        return [*_orphans(server, marked, projects), *_unfinished(marked, projects)]

    def _file(self, binding: Binding) -> Path:
        return self._folder / binding.location["file"]

    def _beside(self) -> Path:
        return self._folder / f".{uuid4().hex}"

    def _provision(self, file: Path, manifest: Manifest) -> None:
        if not file.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            whole = self._beside()
            try:
                _make(whole, manifest)
                _put(whole, file)
            finally:
                whole.unlink(missing_ok=True)
        _owned(file, manifest.project)

    def _marked(self) -> Iterator[tuple[str, UUID]]:
        for file in sorted(self._folder.glob("*.sqlite")):
            try:
                yield file.name, read_manifest(file).project
            except (NotOwned, NotProvisioned):  # somebody else's, or gone by now
                continue


def read_manifest(file: Path) -> Manifest:
    """Return what a file was made with; raise NotProvisioned, FormatTooNew, or NotOwned for what is not one of ours."""
    if not file.exists():
        raise missing(file)
    try:
        with connected(file) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
                raise NotOwned(f"{file} is not an index and is left alone", hint="move it away")
            form: int = connection.execute("PRAGMA user_version").fetchone()[0]
            if form > FORMAT:
                raise FormatTooNew(f"{file} was written by a newer version", hint="pip install -U codebase-core-sqlite")
            row = connection.execute("SELECT * FROM manifest").fetchone()
    except sqlite3.DatabaseError as exc:
        raise NotOwned(f"{file} is no SQLite file and is left alone: {exc}", hint="move it away") from exc
    return Manifest(
        project=UUID(row["project"]),
        generation=row["generation"],
        format=row["format"],
        tokenizer=row["tokenizer"],
        field_lengths=json.loads(row["field_lengths"]),
        embedder=EmbedderIdentity(**json.loads(row["embedder"])) if row["embedder"] else None,
        embedder_options=json.loads(row["embedder_options"]),
    )


def _make(file: Path, manifest: Manifest) -> None:
    file.touch()
    with connected(file) as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # searches go on while somebody writes
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.executescript(resources.files(__package__).joinpath("schema.sql").read_text(encoding="utf-8"))
        embedder = json.dumps(asdict(manifest.embedder)) if manifest.embedder is not None else None
        lengths, options = json.dumps(dict(manifest.field_lengths)), json.dumps(dict(manifest.embedder_options))
        connection.execute(
            "INSERT INTO manifest VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                str(manifest.project),
                manifest.generation,
                manifest.format,
                manifest.tokenizer,
                lengths,
                embedder,
                options,
            ),
        )


def _put(whole: Path, file: Path) -> bool:
    """Give a file its name; return whether it was free."""
    try:
        os.link(whole, file)
    except FileExistsError:
        return False
    finally:
        whole.unlink(missing_ok=True)
    return True


def _owned(file: Path, project: UUID) -> Manifest:
    manifest = read_manifest(file)
    if manifest.project != project:
        raise _not_owned(file, project)
    return manifest


def _not_owned(file: Path, project: UUID) -> NotOwned:
    return NotOwned(f"{file} is not project {project}'s and is left alone", hint="codebase-core projects verify")


def _drop(file: Path, project: UUID) -> None:
    if file.exists():
        _owned(file, project)
    for suffix in _SUFFIXES:
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def _orphans(server: str, marked: Mapping[str, UUID], projects: Sequence[Project]) -> Iterator[Problem]:
    known = {project.binding.location["file"]: project.id for project in projects}
    for name, project in marked.items():
        if known.get(name) != project:
            orphan = name not in known
            yield Problem(
                kind="orphan" if orphan else "foreign",
                where=f"file {name}",
                message=f"{name} holds the index of project {project}, which this registry does not bind to it",
                command="codebase-core projects repair --drop-orphans" if orphan else None,
                project=project,
                repair="drop" if orphan else None,
                binding=Binding(store="sqlite", server=server, location={"file": name}),
            )


def _unfinished(marked: Mapping[str, UUID], projects: Sequence[Project]) -> Iterator[Problem]:
    for project in projects:
        if project.status == "active" and project.binding.location["file"] in marked:
            continue
        missing_place = project.status == "active"
        yield Problem(
            kind="missing" if missing_place else "unfinished",
            where=f"project {project.name}",
            message=f"project {project.name!r} {'has no file' if missing_place else f'is {project.status}'}",
            command="codebase-core projects repair",
            project=project.id,
            repair="forget" if project.status == "dropping" else "provision",
        )
