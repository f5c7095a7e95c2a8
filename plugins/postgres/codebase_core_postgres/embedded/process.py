"""Run PostgreSQL's programs: as the right account, in a session of their own, with an environment free of secrets."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import AccountUnusable, BinariesUnavailable

if TYPE_CHECKING:
    from .account import Account

# English messages, no look-up of the time zone, and for macOS no threads started by the C library's locale.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

# The shell is gone at once, so that the server is nobody's child: a client need not wait for it and leaves no zombie.
_DETACH = 'log=$1; shift; "$@" </dev/null >"$log" 2>&1 &'


def run(command: Sequence[str | Path], *, account: Account, lock: int) -> subprocess.CompletedProcess[str]:
    """Run ``command`` to its end; it inherits the descriptor ``lock``. Its exit status is for the caller to judge."""
    other = account.other
    try:
        return subprocess.run(  # noqa: S603 - the programs are our own copies
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            cwd="/",
            env=_ENVIRONMENT,
            umask=0o077,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C of a client ends neither a server nor an initdb that others wait for
            user=account.uid if other else None,
            group=account.gid if other else None,
            extra_groups=[] if other else None,
        )
    except OSError as exc:
        if exc.errno in (errno.EPERM, errno.EINVAL):
            raise AccountUnusable(
                f"this process is not allowed to act as the account {account.name}",
                hint="run as an ordinary user, or allow the container CAP_SETUID and CAP_SETGID",
            ) from exc
        raise BinariesUnavailable(
            f"cannot execute {command[0]}: {exc.strerror}",
            hint="its disk may be mounted noexec: set CODEBASE_CORE_HOME to a folder on another",
        ) from exc


def detach(command: Sequence[str | Path], *, account: Account, lock: int, log: Path) -> str:
    """Start ``command`` for good, with its output in ``log``, and return what the shell complained about, normally nothing."""
    return run(["/bin/sh", "-c", _DETACH, "sh", log, *command], account=account, lock=lock).stderr
