"""Which operating system account runs the server: the caller's own, and for root, whom PostgreSQL refuses, another."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import AccountUnusable

EXISTING = "postgres"
CREATED = "codebase-core"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def other(self) -> bool:
        """Whether this is not the account of this process."""
        return self.uid != os.geteuid()


def caller() -> Account:
    """Return the account of this process; raise AccountUnusable where it has no name, which peer authentication needs."""
    account = _find(os.geteuid())
    if account is None:
        raise AccountUnusable(
            f"the user id {os.geteuid()} has no name on this machine",
            hint="give it an entry in /etc/passwd, or set REGISTRY_DATABASE_URL to a server that you run",
        )
    return account


def runner(data: Path) -> Account | None:
    """Return who runs the server on ``data``: the caller; for root its owner, else an existing account, else None."""
    if os.geteuid() != 0:
        return caller()
    owner = data.stat().st_uid if data.is_dir() else 0
    return (_find(owner) if owner else None) or _find(EXISTING) or _find(CREATED)


def create(announce: Callable[[str], None]) -> Account:
    """Create the system account that runs the server for root, and say so."""
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        done = subprocess.run(  # noqa: S603 - nothing here comes from outside
            [*command, "--shell", "/usr/sbin/nologin", CREATED], capture_output=True, text=True, check=False
        )
        told = done.stderr.strip()
    except OSError as exc:
        told = str(exc)
    account = _find(CREATED)  # whatever useradd said: another process may have created it meanwhile
    if account is None:
        raise AccountUnusable(
            f"PostgreSQL does not run as root, and the account {CREATED} cannot be created: {told}",
            hint=f"create a system account called {CREATED} or {EXISTING}, or run this as an ordinary user",
        )
    announce(f"created the system account {CREATED}: PostgreSQL does not run as root")
    return account


def _find(who: str | int) -> Account | None:
    import pwd  # noqa: PLC0415 - POSIX only

    try:
        entry = pwd.getpwnam(who) if isinstance(who, str) else pwd.getpwuid(who)
    except KeyError:
        return None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
