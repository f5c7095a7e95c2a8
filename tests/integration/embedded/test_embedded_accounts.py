"""Who runs the server, and who cannot reach it: other accounts of the machine."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Place, cannot, python_path, query

STATUS = "server.ensure_running(); print(__import__('json').dumps(server.status().as_json()))"
SOMEBODY, SOMEBODY_ELSE = "nobody", "daemon"

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="to act as other accounts needs root")


def become(account: str) -> dict[str, object]:
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "python": python_for(account)}


def python_for(account: str) -> str:
    """An interpreter that another account may execute, and that can import what this one can."""
    entry = pwd.getpwnam(account)
    for python in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin")):
        check = [python, "-c", "import sys, codebase_core_postgres.embedded; assert sys.version_info >= (3, 11)"]
        try:
            done = subprocess.run(
                check,
                user=entry.pw_uid,
                group=entry.pw_gid,
                extra_groups=[],
                env={"PYTHONPATH": python_path(), "PYTHONDONTWRITEBYTECODE": "1"},
                cwd="/",
                capture_output=True,
                check=False,
            )
        except (OSError, TypeError):
            continue
        if done.returncode == 0:
            return python
    return cannot(f"no Python that the account {account} can execute and that reads this checkout")


def told(client: subprocess.Popen[str]) -> dict[str, object]:
    out, errors = client.communicate(timeout=60)
    assert client.returncode == 0, errors
    return json.loads(out)


@pytest.fixture
def private(place: Place) -> Path:
    """A state folder that belongs to an ordinary account."""
    folder = place.base / "private"
    folder.mkdir(mode=0o700)
    entry = pwd.getpwnam(SOMEBODY)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    yield folder
    if folder.exists():
        place.client("server.stop()", state=folder, **become(SOMEBODY)).communicate(timeout=60)


def test_everything_is_closed_to_others(place: Place) -> None:
    server = place.server()
    endpoint = server.ensure_running()
    data = server.status().data_dir
    for folder in (data, endpoint.socket_dir, server.status().log_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == data.stat().st_uid
    for file in data.parent.iterdir():
        assert not file.stat().st_mode & 0o007 or file.name == "binaries"
    assert not data.parent.stat().st_mode & 0o007


@as_root
def test_other_account_reaches_neither_data_nor_socket(place: Place) -> None:
    server = place.server()
    server.ensure_running()
    status = server.status()
    code = f"""
import os, socket
for path in {[str(status.data_dir), str(status.log_dir), str(status.socket.parent), str(status.data_dir.parent)]!r}:
    try:
        os.listdir(path)
    except PermissionError:
        print("closed")
try:
    socket.socket(socket.AF_UNIX).connect({str(status.socket)!r})
except PermissionError:
    print("closed")
"""
    client = place.client(code, **become(SOMEBODY))
    assert client.communicate(timeout=10)[0].split() == ["closed"] * 5


@as_root
def test_other_account_is_refused_even_at_an_open_socket(place: Place) -> None:
    """Peer authentication holds where somebody opened the folders."""
    server = place.server()
    endpoint = server.ensure_running()
    opened = [server.status().data_dir.parent, endpoint.socket_dir]
    path = server.status().socket
    for folder in (*opened, path):
        folder.chmod(0o777)
    code = f"""
import socket, struct
client = socket.socket(socket.AF_UNIX)
client.connect({str(path)!r})
body = struct.pack("!i", 196608) + b"user\\0postgres\\0database\\0postgres\\0\\0"
client.sendall(struct.pack("!i", len(body) + 4) + body)
print(client.recv(4096))
"""
    welcome = place.client(code).communicate(timeout=10)[0]
    refusal = place.client(code, **become(SOMEBODY)).communicate(timeout=10)[0]
    for folder in opened:
        folder.chmod(0o710 if folder != endpoint.socket_dir else 0o700)
    assert welcome.startswith("b'R")
    assert refusal.startswith("b'E")
    assert "authentication failed" in refusal


@as_root
def test_ordinary_account_runs_its_own(place: Place, private: Path) -> None:
    status = told(place.client(STATUS, state=private, **become(SOMEBODY)))
    assert status["running"]
    assert status["account"] == SOMEBODY
    assert status["data_dir"] == str(private / "server" / "postgres-18")
    assert Path(f"/proc/{status['pid']}").stat().st_uid == pwd.getpwnam(SOMEBODY).pw_uid


@as_root
def test_two_users_at_once_do_not_meet(place: Place, private: Path) -> None:
    server = place.server()
    clients = [place.client(STATUS), place.client(STATUS, state=private, **become(SOMEBODY))]
    server.ensure_running()
    ours, theirs = (told(client) for client in clients)
    assert ours["running"]
    assert theirs["running"]
    assert ours["pid"] != theirs["pid"]
    assert ours["socket"] != theirs["socket"]


@as_root
def test_root_does_not_enter_the_server_of_a_user(place: Place, private: Path) -> None:
    """As with sudo and the user's home: root gets a server of its own."""
    theirs = told(place.client(STATUS, state=private, **become(SOMEBODY)))
    server = place.server(private)
    server.ensure_running()
    assert server.status().pid != theirs["pid"]
    assert place.system in server.status().data_dir.parents


@as_root
def test_folder_of_another_user_is_refused(place: Place, private: Path) -> None:
    told(place.client(STATUS, state=private, **become(SOMEBODY)))
    private.chmod(0o755)
    client = place.client(STATUS, state=private, **become(SOMEBODY_ELSE))
    errors = client.communicate(timeout=60)[1]
    assert "FolderUnusable" in errors
    assert str(private) in errors


@as_root
def test_folder_for_two_users_is_refused(place: Place) -> None:
    """One CODEBASE_CORE_HOME for all: the first owns it, the others are told."""
    shared = place.base / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    told(place.client(STATUS, state=shared, **become(SOMEBODY)))
    try:
        errors = place.client(STATUS, state=shared, **become(SOMEBODY_ELSE)).communicate(timeout=60)[1]
        assert "FolderUnusable" in errors
    finally:
        place.client("server.stop()", state=shared, **become(SOMEBODY)).communicate(timeout=60)


@as_root
def test_folder_planted_by_another_user_is_refused(place: Place) -> None:
    shared = place.base / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (planted := shared / "server").mkdir()
    os.chown(planted, pwd.getpwnam(SOMEBODY_ELSE).pw_uid, -1)
    errors = place.client(STATUS, state=shared, **become(SOMEBODY)).communicate(timeout=60)[1]
    assert "belongs to another account" in errors


@as_root
def test_root_runs_it_as_another_account(place: Place) -> None:
    server = place.server()
    endpoint = server.ensure_running()
    status = server.status()
    assert status.account in ("postgres", "codebase-core")
    assert Path(f"/proc/{status.pid}").stat().st_uid == pwd.getpwnam(status.account).pw_uid
    groups = Path(f"/proc/{status.pid}/status").read_text(encoding="utf-8").partition("Groups:")[2].split("\n")[0]
    assert groups.split() in ([], [str(pwd.getpwnam(status.account).pw_gid)])
    environment = Path(f"/proc/{status.pid}/environ").read_text(encoding="utf-8")
    assert "PYTHONPATH" not in environment
    assert query(endpoint, "select current_user") == "postgres"


@as_root
def test_account_stays_that_of_the_data(place: Place) -> None:
    """A package that brings the account postgres must not take over data of codebase-core."""
    server = place.server()
    server.ensure_running()
    server.stop()
    entry = pwd.getpwnam(SOMEBODY)
    area = server.status().data_dir.parent
    os.chown(area, 0, entry.pw_gid)
    for name in ("postgres-18", "socket", "log"):
        for found in (area / name, *(area / name).rglob("*")):
            os.chown(found, entry.pw_uid, entry.pw_gid)
    assert query(server.ensure_running(), "select 1") == 1
    assert server.status().account == SOMEBODY


@as_root
def test_account_is_created_with_a_message(place: Place) -> None:
    """In a copy of /etc that only the client sees, where no account can run a server."""
    etc = place.base / "etc"
    shutil.copytree("/etc", etc, symlinks=True, ignore_dangling_symlinks=True)
    for name in ("passwd", "group", "shadow", "gshadow"):
        lines = (etc / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(("postgres:", "codebase-core:"))]
        (etc / name).write_text("".join(kept), encoding="utf-8")
    before = Path("/etc/passwd").read_bytes()
    inside = ["unshare", "--mount", "sh", "-c", f'mount --bind {etc} /etc && exec "$@"', "sh"]
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode != 0:
        cannot("an account can be created for a test only in a mount namespace")
    client = place.client(f"{STATUS}; server.stop()", prefix=inside)
    out, errors = client.communicate(timeout=60)
    assert client.returncode == 0, errors
    assert errors == "created the system account codebase-core: PostgreSQL does not run as root\n"
    assert json.loads(out)["account"] == "codebase-core"
    assert Path("/etc/passwd").read_bytes() == before


@as_root
def test_no_account_can_be_created(place: Place) -> None:
    code = f"""
from codebase_core_postgres.embedded import account
account.EXISTING = account.CREATED = "no:such account"
{STATUS}
"""
    errors = place.client(code).communicate(timeout=60)[1]
    assert "AccountUnusable: PostgreSQL does not run as root" in errors


@as_root
def test_user_id_without_a_name(place: Place) -> None:
    folder = place.base / "nameless"
    folder.mkdir()
    os.chown(folder, 54321, 54321)
    identity = become(SOMEBODY) | {"user": 54321, "group": 54321}
    errors = place.client(STATUS, state=folder, **identity).communicate(timeout=60)[1]
    assert "AccountUnusable: the user id 54321 has no name" in errors


@as_root
def test_root_that_may_not_change_account(place: Place) -> None:
    """As in a container without capabilities."""
    prefix = ["setpriv", "--bounding-set=-setuid,-setgid", "--inh-caps=-all"]
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode != 0:
        cannot("capabilities cannot be dropped")
    errors = place.client(STATUS, prefix=prefix).communicate(timeout=60)[1]
    assert "AccountUnusable: this process is not allowed to act as the account" in errors
