"""A process is gone when its number has none, a zombie or another one; what cannot be seen from here is not."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

from codebase_core_postgres.project.process_identity import ProcessIdentity, _started


def test_this_process_lives_also_as_it_is_read_back() -> None:
    here = ProcessIdentity.current()
    assert not here.is_dead()
    assert ProcessIdentity.read(json.loads(json.dumps(here.as_row()))) == here


def test_a_process_that_ended_is_dead_before_and_after_its_parent_noticed() -> None:
    here = ProcessIdentity.current()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        identity = replace(here, pid=child.pid, started=_started(child.pid))
        assert not identity.is_dead()
        child.stdin.close()
        assert child.stdout.read() == b""  # the end of its output: it is a zombie, or about to be
        while not identity.is_dead():
            pass
        assert child.poll() is not None
    assert identity.is_dead()


def test_a_later_process_with_the_same_number_is_another() -> None:
    here = ProcessIdentity.current()
    assert replace(here, started=here.started - 3_600).is_dead()
    assert not replace(here, started=here.started + 1).is_dead()  # the clock was set


def test_what_cannot_be_seen_from_here_is_not_dead() -> None:
    here = ProcessIdentity.current()
    assert not replace(here, kernel="another boot", pid=1, started=0.0).is_dead()
    assert not ProcessIdentity.read({**here.as_row(), "started": "80123"}).is_dead()
