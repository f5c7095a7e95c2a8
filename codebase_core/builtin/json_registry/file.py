"""The registry's file: read whole, replaced whole, one writer at a time; the version before is kept beside it."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shlex import quote
from typing import TypeAlias, TypeVar

from codebase_core.errors import RegistryUnreadable, ServerBusy, SettingsError, StorageFull
from codebase_core.files import exclusive_lock, replace_file

from .state import State

FORMAT = 1
_KIND = "codebase-core registry"
_ENTRY = '{"entry": '
_FULL = (errno.ENOSPC, errno.EDQUOT)

T = TypeVar("T")
Stamp: TypeAlias = "tuple[int, int, int] | None"


class RegistryFile:
    """Where the file is, its copy and its lock."""

    def __init__(self, path: Path, *, lock_timeout_s: float = 30.0) -> None:
        self.path = path
        self._lock_timeout_s = lock_timeout_s
        self.copy = path.with_name(path.name + ".before")
        self._lock = path.with_name(path.name + ".lock")

    def stamp(self) -> Stamp:
        """Return what changes when the file does, None if there is none: inode, mtime and size."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - asked at every look-up, a third of the time
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise self.unreadable(exc.strerror or str(exc)) from exc
        return found.st_ino, found.st_mtime_ns, found.st_size

    def read(self) -> tuple[Stamp, State]:
        """Return the records, and the stamp that they had; raise RegistryUnreadable, which names the copy."""
        try:
            with self.path.open("rb") as opened:
                found = os.fstat(opened.fileno())
                data = opened.read()
            return (found.st_ino, found.st_mtime_ns, found.st_size), _parsed(data)
        except FileNotFoundError:
            if self.copy.exists():
                raise self.unreadable("it is gone") from None
            return None, State()
        except OSError as exc:
            raise self.unreadable(exc.strerror or str(exc)) from exc
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
            raise self.unreadable(str(exc)) from exc

    def write(self, state: State) -> Stamp:
        """Replace the file, durably; the version before becomes the copy."""
        lines = [json.dumps({_KIND: FORMAT}), *state.lines()]
        lines.append(json.dumps({"end": len(lines)}))
        with _translated(self.path):
            self._keep()
            replace_file(self.path, "\n".join(lines) + "\n", durable=True)
        return self.stamp()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock against other threads and processes; raise ServerBusy when it does not come free."""
        with ExitStack() as held:
            with _translated(self.path):
                try:
                    held.enter_context(exclusive_lock(self._lock, timeout_s=self._lock_timeout_s))
                except TimeoutError as exc:
                    raise ServerBusy(
                        f"another process has held {self._lock} for {self._lock_timeout_s:g} s",
                        hint="end it, or try again",
                    ) from exc
            yield

    def _keep(self) -> None:
        spare = self.path.with_name(f".{self.copy.name}.{os.getpid()}")
        with suppress(FileNotFoundError):  # the first write has nothing before it
            spare.unlink(missing_ok=True)
            try:
                spare.hardlink_to(self.path)
            except FileNotFoundError:
                raise
            except OSError:  # a file system without links
                shutil.copy2(self.path, spare)
            spare.replace(self.copy)

    def unreadable(self, why: str) -> RegistryUnreadable:
        """Return the error that names the copy and the command that restores it."""
        if self.copy.exists():
            hint = (
                f"the version before the last change is {self.copy}: cp {quote(str(self.copy))} {quote(str(self.path))}"
            )
        else:
            hint = "restore it from a backup, or from codebase-core projects export"
        return RegistryUnreadable(f"the registry {self.path} cannot be read: {why}", hint=hint)


def _parsed(data: bytes) -> State:
    """Read a whole file: header, records, and the count that shows that nothing is missing."""
    lines = data.decode("utf-8").split("\n")
    if len(lines) < 3 or lines[-1]:  # noqa: PLR2004 - header, end, and nothing after the last line feed
        raise ValueError("it ends in the middle of a line")
    if json.loads(lines[-2]) != {"end": len(lines) - 2}:
        raise ValueError("lines are missing")
    header = json.loads(lines[0])
    if header != {_KIND: FORMAT}:
        raise ValueError(f"it is of format {header.get(_KIND)}, this version reads {FORMAT}")
    state = State()
    state.entries = [line for line in lines if line.startswith(_ENTRY)]
    records = [line for line in lines[1:-2] if not line.startswith(_ENTRY)]
    try:
        read = json.loads(f"[{','.join(records)}]")
    except ValueError:
        raise _mistake(lines) from None
    for record in read:
        ((kind, fields),) = record.items()
        state.load(kind, fields)
    return state


def _mistake(lines: Iterable[str]) -> ValueError:
    """Return the error of the first line that is no JSON."""
    for number, line in enumerate(lines, 1):
        try:
            json.loads(line)
        except ValueError as exc:
            return ValueError(f"line {number}: {exc}")
    return ValueError("its lines are no records")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        if exc.errno in _FULL:
            raise StorageFull(f"cannot write {path}: {exc.strerror}", hint="free some space; nothing is lost") from exc
        hint = "check its folder's permissions, or set CODEBASE_CORE_HOME"
        raise SettingsError(f"cannot write {path}: {exc.strerror}", hint=hint) from exc


def changed(file: RegistryFile, current: Callable[[], State], change: Callable[[State], T]) -> tuple[Stamp, State, T]:
    """Change the records under the lock; nothing is stored when ``change`` raises."""
    with file.locked():
        state = current().copy()
        result = change(state)
        return file.write(state), state, result
