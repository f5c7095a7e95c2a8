"""One project as one file: its record and checkouts as JSON, its index as the store writes it, in a tar archive."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codebase_core.errors import ArchiveUnreadable, PathUnusable, StorageFull

from .export import read_record, record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codebase_core_hookspecs import Checkout, Project, Store

FORMAT = 1
_KIND = "codebase-core backup"
_RECORD, _INDEX = "project.json", "index"
_MOST_RECORD = 64 * 1024 * 1024
_HINT = "give a file that codebase-core projects backup has written"


async def write(file: Path, project: Project, checkouts: Sequence[Checkout], store: Store) -> None:
    """Write a backup; a file that is there is replaced when the new one is complete. Others may not read it."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{file.name}.", dir=file.parent))
    except OSError as exc:
        raise PathUnusable(f"cannot write {file}: {exc.strerror}", hint="name a file in a folder of yours") from exc
    try:
        await store.backup(project.binding, folder / _INDEX, project=project.id)
        document = {_KIND: FORMAT, "project": record_of(project, checkouts)}
        await asyncio.to_thread(_pack, folder, document)
        (folder / "archive").replace(file)
    except OSError as exc:
        raise StorageFull(f"cannot write {file}: {exc.strerror}", hint="free some space and try again") from exc
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read(file: Path, folder: Path) -> tuple[Project, list[Checkout], Path]:
    """Return the record and checkouts of a backup, and its index as a file in a folder; raise ArchiveUnreadable."""
    try:
        with tarfile.open(file, "r:") as archive:
            member, index = archive.getmember(_RECORD), archive.getmember(_INDEX)
            if not (member.isreg() and index.isreg()) or member.size > _MOST_RECORD:
                raise ValueError("its members are no files")
            document = json.loads(_content(archive, member).read())
            with (folder / _INDEX).open("wb") as opened:
                shutil.copyfileobj(_content(archive, index), opened)
    except (tarfile.TarError, KeyError, ValueError, EOFError) as exc:
        raise ArchiveUnreadable(f"{file} is not a backup: {exc}", hint=_HINT) from exc
    except OSError as exc:
        raise PathUnusable(f"cannot read {file}: {exc.strerror}", hint=_HINT) from exc
    return *_checked(file, document), folder / _INDEX


def _checked(file: Path, document: Any) -> tuple[Project, list[Checkout]]:
    if not isinstance(document, Mapping) or document.get(_KIND) != FORMAT:
        raise ArchiveUnreadable(f"{file} is not a backup of format {FORMAT}", hint=_HINT)
    return read_record(document.get("project"), 1)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    content = archive.extractfile(member)
    if content is None:
        raise ValueError(f"{member.name} is no file")
    return content


def _pack(folder: Path, document: Mapping[str, Any]) -> None:
    archive = folder / "archive"
    text = json.dumps(document, ensure_ascii=False, indent=1).encode()
    with open(os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:  # noqa: PTH123
        with tarfile.open(fileobj=opened, mode="w") as made:
            member = tarfile.TarInfo(_RECORD)
            member.size = len(text)
            made.addfile(member, io.BytesIO(text))
            made.add(folder / _INDEX, arcname=_INDEX)
        opened.flush()
        os.fsync(opened.fileno())
