"""What tells this machine, or this user's account on it, from others that share a registry."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from uuid import UUID, uuid4

from codebase_core.errors import SettingsError


def machine_id(home: Path) -> UUID:
    """Return the id kept in the state folder; make one on first use."""
    file = home / "machine-id"
    try:
        return UUID(file.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return _make(home, file)
    except (OSError, ValueError) as exc:
        raise SettingsError(f"cannot read {file}: {exc}", hint="remove the file, or set CODEBASE_CORE_HOME") from exc


def _make(home: Path, file: Path) -> UUID:
    made = uuid4()
    draft = home / f".machine-id.{os.getpid()}"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(f"{made}\n", encoding="ascii")
        try:
            os.link(draft, file)  # fails if another process was first
        except FileExistsError:
            return UUID(file.read_text(encoding="ascii").strip())
        finally:
            draft.unlink()
    except OSError as exc:
        hint = "free some space or set CODEBASE_CORE_HOME to a folder that can be written"
        raise SettingsError(f"cannot write the state folder {home}: {exc.strerror}", hint=hint) from exc
    return made


_principal: ContextVar[str | None] = ContextVar("principal", default=None)


@contextmanager
def acting_for(principal: str) -> Iterator[None]:
    """Change records within this block on behalf of somebody who has no account here."""
    token = _principal.set(principal)
    try:
        yield
    finally:
        _principal.reset(token)


def actor() -> str:
    """Return who changes a record, as ``user@host``; on behalf of somebody as ``somebody via user@host``."""
    account = _account()
    return account if (principal := _principal.get()) is None else f"{principal} via {account}"


def _account() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"
