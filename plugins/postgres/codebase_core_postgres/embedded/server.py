"""The embedded server of a user: started by whoever needs it first, shared by all processes, ended only on request."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .endpoint import SUPERUSER, Endpoint, ServerStatus
from .errors import NotReady, PlatformUnsupported
from .failures import naming
from .folders import check_folder
from .layout import SYSTEM_AREA, layout_of
from .lock import is_held
from .logs import tail
from .postmaster import Postmaster, accepts, read_postmaster, serves

_POLL = 0.005  # seconds; a start takes 20 ms, a stop 10


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


class EmbeddedServer:
    """The server that belongs to ``state_dir``, a private folder of the user. Nothing happens on creation.

    ``timeout`` bounds start and stop, in seconds: recovery after a crash may take a while. ``announce`` says what was done to
    the machine (for root an account is created). ``system_area`` is where root's servers live.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        timeout: float = 60.0,
        announce: Callable[[str], None] = _tell,
        system_area: Path = SYSTEM_AREA,
    ) -> None:
        if sys.platform == "win32":
            raise PlatformUnsupported(
                "the embedded server does not run on Windows",
                hint="set REGISTRY_DATABASE_URL to a server that you run, or use WSL",
            )
        self._layout = layout_of(state_dir, system_area=system_area)
        self._timeout = timeout
        self._announce = announce

    def ensure_running(self) -> Endpoint:
        """Return where the server listens, starting it if need be.

        Attaching takes 0.1 ms and no process. Raise an EmbeddedServerError, or StorageFull.
        """
        deadline = time.monotonic() + self._timeout
        launched = False
        while (endpoint := self._attach()) is None:
            from .launching import check_start, launch  # noqa: PLC0415 - 5 ms that an attach need not pay

            if launched and not is_held(self._layout.lock):
                check_start(self._layout)
                launched = False
            launched = launched or launch(self._layout, announce=self._announce)
            self._end_unreachable()
            self._wait(deadline, "did not become ready")
        return endpoint

    def status(self) -> ServerStatus:
        """Return how the server is."""
        from .report import report  # noqa: PLC0415 - an attach need not pay for it

        running = self._attach() is not None
        with naming(self._layout.area):
            return report(self._layout, self._listening() if running else None)

    def stop(self) -> bool:
        """End the server after a checkpoint, rolling back what others have open; return False if it was not running."""
        deadline = time.monotonic() + self._timeout
        asked = None
        with naming(self._layout.area):
            while is_held(self._layout.lock):
                postmaster = read_postmaster(self._layout.data)
                if postmaster and postmaster.pid != asked and self._end(postmaster):
                    asked = postmaster.pid
                self._wait(deadline, "did not stop")
        return asked is not None

    def remove(self) -> Path | None:
        """Stop the server and delete all that it keeps; return the folder that was, None if there was none.

        The folder leaves its place in one step, so that a server that somebody starts meanwhile begins anew.
        """
        self.stop()
        area = self._layout.area
        removed = area.with_name(f"{area.name}.removed-{os.getpid()}")
        with naming(area):
            try:
                check_folder(area, uids={os.geteuid()}, mode=self._layout.mode)
            except FileNotFoundError:
                return None
            area.rename(removed)
            shutil.rmtree(removed)
        return area

    def log_tail(self, lines: int) -> str:
        """Return the last ``lines`` lines of the server's log."""
        with naming(self._layout.log):
            return tail(self._layout, lines)

    def _attach(self) -> Endpoint | None:
        with naming(self._layout.area):
            postmaster = self._listening()
            if postmaster is None or postmaster.state != "ready":
                return None
            # A pid file or a socket that another account could have put there is not ours.
            check_folder(self._layout.area, uids={os.geteuid()}, mode=self._layout.mode)
            check_folder(postmaster.socket_dir, uids={self._layout.data.stat().st_uid})
        return Endpoint(socket_dir=postmaster.socket_dir, port=postmaster.port, user=SUPERUSER)

    def _listening(self) -> Postmaster | None:
        postmaster = read_postmaster(self._layout.data)
        return postmaster if postmaster and accepts(postmaster) else None

    def _end_unreachable(self) -> None:
        """End a server that nobody can reach any more: somebody removed its socket (a cleaner of /tmp, an older server)."""
        postmaster = read_postmaster(self._layout.data)
        if postmaster and postmaster.state == "ready" and not postmaster.socket.exists():
            self._end(postmaster)

    def _end(self, postmaster: Postmaster) -> bool:
        """Ask for PostgreSQL's fast shutdown; return False if the pid is not that of a server on this data folder."""
        if not serves(postmaster.pid, self._layout.data):
            return False
        with suppress(ProcessLookupError):
            os.kill(postmaster.pid, signal.SIGINT)
        return True

    def _wait(self, deadline: float, what: str) -> None:
        if time.monotonic() > deadline:
            postmaster = read_postmaster(self._layout.data)
            who = f"process {postmaster.pid}, {postmaster.state}" if postmaster else "no process is named"
            raise NotReady(
                f"the embedded server in {self._layout.area} {what} within {self._timeout:g} s ({who})",
                hint="it may be recovering after a crash: try again; `codebase-core server logs` says what it does",
            )
        time.sleep(_POLL)
