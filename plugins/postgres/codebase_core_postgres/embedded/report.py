"""What ``codebase-core server status`` says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from . import account, binaries
from .endpoint import ServerStatus

if TYPE_CHECKING:
    from .layout import Layout
    from .postmaster import Postmaster


def report(layout: Layout, postmaster: Postmaster | None) -> ServerStatus:
    """Describe the server of ``postmaster``, or without one the server that a start would make."""
    runner = account.runner(layout.data)
    stopped = ServerStatus(
        running=False,
        version=binaries.installed_version(layout.binaries) or binaries.locate().version,
        account=runner.name if runner else account.CREATED,
        data_dir=layout.data,
        log_dir=layout.log,
    )
    if postmaster is None:
        return stopped
    return replace(
        stopped,
        running=True,
        pid=postmaster.pid,
        socket=postmaster.socket,
        started_at=postmaster.started_at,
        uptime=(datetime.now(tz=UTC) - postmaster.started_at).total_seconds(),
    )
