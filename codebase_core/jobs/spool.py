"""The jobs of this account: a folder with a record, a log and a lock for each. A job lives while its lock is held."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from codebase_core.config.options import environment_name
from codebase_core.errors import JobNotFound, SettingsError
from codebase_core.files import exclusive_lock, replace_file

from .job import Job

if TYPE_CHECKING:
    from codebase_core.config.settings import Settings
    from codebase_core.projects.repository import Repository

KEPT = 100
"""Ended jobs whose records are kept."""

_LOCK_SECONDS = 30.0

_children: list[subprocess.Popen[bytes]] = []
"""What this process has started; asking after one that ended lets its number go."""


class Jobs:
    """Start, list and cancel jobs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.home / "jobs"

    def start(self, repository: Repository, *, choices: Mapping[str, str | bool | None], force: bool = False) -> Job:
        """Start a process that indexes, or return the one that already does the same."""
        with self._exclusive():
            for job in self.list():
                if job.running and job.covers(repository.root, repository.scope, choices, force=force):
                    return job
            self._forget()
            job = Job(
                id=uuid4().hex[:8],
                root=repository.root,
                scope=repository.scope,
                requested_at=datetime.now(UTC),
                force=force,
                choices=choices,
            )
            return replace(job, pid=self._spawn(job))

    def list(self) -> list[Job]:
        """Return the jobs, newest first."""
        _children[:] = [child for child in _children if child.poll() is None]
        found = [self._read(file) for file in self._folder.glob("*.json")]
        return sorted((job for job in found if job is not None), key=lambda job: job.requested_at, reverse=True)

    def get(self, job: str) -> Job:
        """Return a job; raise JobNotFound."""
        found = self._read(self._folder / f"{job}.json") if job.isalnum() else None
        if found is None:
            raise JobNotFound(f"no job has the id {job!r}", hint="codebase-core jobs list")
        return found

    def cancel(self, job: Job) -> bool:
        """Ask a job to stop, as Ctrl-C would: the batch is rolled back; return whether it was running."""
        if not job.running:
            return False
        self._mark(job).touch()  # for a process that cannot take the signal in order yet
        if job.pid:
            with suppress(ProcessLookupError):
                os.kill(job.pid, signal.SIGINT)
        return True

    def is_cancelled(self, job: Job) -> bool:
        """Whether somebody has asked a job to stop."""
        return self._mark(job).exists()

    def log(self, job: Job) -> str:
        """Return what a job has said."""
        return (self._folder / f"{job.id}.log").read_text(encoding="utf-8", errors="replace")

    def write(self, job: Job) -> None:
        """Store a job's record, whole or not at all."""
        replace_file(self._folder / f"{job.id}.json", json.dumps(job.as_dict()))

    def _spawn(self, job: Job) -> int:
        self.write(job)
        with self._lock(job).open("wb") as lock, (self._folder / f"{job.id}.log").open("ab") as log:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # The lock goes with the descriptor: whatever ends the process, frees it.
            process = subprocess.Popen(  # noqa: S603 - our own module
                [
                    sys.executable,
                    "-m",
                    "codebase_core.cli.run_job",
                    job.id,
                    *["--no-plugins"] * (not self._settings.plugins),
                ],
                cwd="/",
                env=self._environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )
            lock.write(b"%d" % process.pid)
        _children.append(process)
        return process.pid

    def _environ(self) -> dict[str, str]:
        """Return the environment in which a process reads these very settings."""
        given = {
            environment_name(name, section=None): _written(found.value)
            for name, found in self._settings.values.items()
            if found.origin == "command line"
        }
        python = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
        return {"OPENBLAS_NUM_THREADS": "1"} | python | dict(self._settings.sources.environ) | given

    def _read(self, file: Path) -> Job | None:
        try:
            job = Job.read(json.loads(file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, KeyError, TypeError):  # the last three: of another version, or not ours
            return None
        if not job.running:
            return job
        pid = self._pid(job)
        # It may have ended between the two looks.
        again = Job.read(json.loads(file.read_text(encoding="utf-8"))) if pid is None else job
        if pid is None and again.running:
            again = replace(again, state="cancelled" if self.is_cancelled(again) else "interrupted")
        return replace(again, pid=pid or 0)

    def _pid(self, job: Job) -> int | None:
        """Return the process of a job; None if it does not live, 0 if it has just begun."""
        try:
            with self._lock(job).open("rb") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return int(lock.read() or 0)
        except FileNotFoundError:
            pass
        return None

    def _lock(self, job: Job) -> Path:
        return self._folder / f"{job.id}.lock"

    def _mark(self, job: Job) -> Path:
        return self._folder / f"{job.id}.cancelled"

    def _forget(self) -> None:
        for job in [each for each in self.list() if not each.running][KEPT:]:
            for suffix in ("json", "log", "lock", "cancelled"):
                (self._folder / f"{job.id}.{suffix}").unlink(missing_ok=True)

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        try:
            with exclusive_lock(self._folder / "lock", timeout_s=_LOCK_SECONDS):
                yield
        except OSError as exc:
            hint = "free some space or set CODEBASE_CORE_HOME to a folder that can be written"
            raise SettingsError(f"cannot start a job in {self._folder}: {exc.strerror}", hint=hint) from exc


def _written(value: object) -> str:
    """Return a value as it is written in the environment."""
    return ",".join(value) if isinstance(value, tuple) else str(value)
