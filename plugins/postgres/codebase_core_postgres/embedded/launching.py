"""From nothing to a started server: account, folders, programs, data, settings, process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import account, binaries
from .account import Account
from .cluster import ensure_cluster
from .configuration import write_configuration
from .failures import failure, naming
from .folders import check_name, make_folder
from .lock import exclusive
from .logs import startup_words
from .postmaster import clear_stale
from .process import detach

if TYPE_CHECKING:
    from .layout import Layout

_STEP = "the start of the embedded server"
_WELL = ("ready to accept connections", "shutdown request")


def launch(layout: Layout, *, announce: Callable[[str], None]) -> bool:
    """Start the server without waiting for it; return False when it lives or another process is starting it."""
    caller = account.caller()
    source = binaries.locate()
    check_name(layout.area)
    with naming(layout.area):
        runner = account.runner(layout.data) or account.create(announce)
        _make_area(layout, caller=caller, runner=runner)
        with exclusive(layout.lock) as lock:
            if lock is None:
                return False
            socket_dir = layout.socket_dir(runner)
            make_folder(layout.log, owner=runner)
            make_folder(socket_dir, owner=runner)
            make_folder(layout.binaries, owner=caller, mode=0o755)
            programs = binaries.install(source, layout.binaries)
            ensure_cluster(layout, programs, account=runner, lock=lock)
            clear_stale(layout.data, socket_dir)
            write_configuration(layout, socket_dir=socket_dir, runner=runner, client=caller)
            command = [str(programs.postgres), f"-D{layout.data}", f"--config_file={layout.configuration}"]
            complaint = detach(command, account=runner, lock=lock, log=layout.startup_log)
            if complaint:
                raise failure(_STEP, complaint, folder=layout.area)
    return True


def check_start(layout: Layout) -> None:
    """Raise the error of a server that ended by itself, not of one that somebody stopped meanwhile."""
    words = startup_words(layout)
    if not any(sign in words for sign in _WELL):
        raise failure(_STEP, words, folder=layout.area)


def _make_area(layout: Layout, *, caller: Account, runner: Account) -> None:
    parent = layout.area.parent
    if runner.other:
        parent.parent.mkdir(parents=True, exist_ok=True)
        make_folder(parent, owner=caller, mode=0o755)
    else:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = Account(name=caller.name, uid=caller.uid, gid=runner.gid)
    make_folder(layout.area, owner=ours, mode=layout.mode)
