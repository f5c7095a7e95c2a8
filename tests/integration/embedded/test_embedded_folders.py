"""Folders that cannot be used, and paths that are too long for a socket."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from codebase_core_hookspecs.errors import StorageFull
from codebase_core_postgres.embedded import BinariesUnavailable, EmbeddedServer, FolderUnusable
from codebase_core_postgres.embedded.layout import Layout

from .conftest import Place, cannot, query


def below(place: Place, folder: Path) -> EmbeddedServer:
    """A server whose area lies below ``folder``, for root and for others."""
    return place.server(folder / "state", system_area=folder / "system")


@pytest.fixture
def small_disk(place: Place, request: pytest.FixtureRequest) -> Iterator[Path]:
    folder = place.base / "disk"
    folder.mkdir(mode=0o755)
    options = f"size={request.param}m,mode=755"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, check=False)
    if done.returncode != 0:
        cannot("a small disk needs the right to mount one")
    try:
        yield folder
    finally:
        for server in place.servers:
            server.stop()
        place.servers.clear()
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("small_disk", [5, 20, 50], indirect=True)
def test_full_disk(place: Place, small_disk: Path) -> None:
    """5 MB do not hold the binaries, 20 and 50 MB not the data folder, at its beginning and at its end."""
    server = below(place, small_disk)
    with pytest.raises(StorageFull, match=str(small_disk)) as caught:
        server.ensure_running()
    assert "free some space" in caught.value.hint
    assert not server.status().data_dir.exists()


@pytest.mark.parametrize("small_disk", [200], indirect=True)
def test_disk_that_became_full(place: Place, small_disk: Path) -> None:
    server = below(place, small_disk)
    query(server.ensure_running(), "create table kept as select 7 as n")
    server.stop()
    filler = small_disk / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}"], capture_output=True, check=False)
    with pytest.raises(StorageFull, match=str(small_disk)):
        server.ensure_running()
    filler.unlink()
    assert query(server.ensure_running(), "select n from kept") == 7


@pytest.mark.parametrize("small_disk", [200], indirect=True)
def test_read_only_disk(place: Place, small_disk: Path) -> None:
    server = below(place, small_disk)
    server.ensure_running()
    server.stop()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(FolderUnusable, match=f"{small_disk}.*Read-only file system"):
        server.ensure_running()
    with pytest.raises(FolderUnusable, match=f"{small_disk}.*Read-only file system"):
        below(place, small_disk / "system").ensure_running()
    assert not server.stop()


@pytest.mark.parametrize("small_disk", [200], indirect=True)
def test_disk_mounted_noexec(place: Place, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,noexec", small_disk], check=True)
    with pytest.raises(BinariesUnavailable, match=f"cannot execute {small_disk}") as caught:
        below(place, small_disk).ensure_running()
    assert "noexec" in caught.value.hint


def test_folder_below_a_file(place: Place) -> None:
    (place.base / "file").write_text("", encoding="utf-8")
    with pytest.raises(FolderUnusable, match=f"cannot use {place.base}/file"):
        below(place, place.base / "file").ensure_running()


def test_folder_that_nobody_can_make(place: Place) -> None:
    with pytest.raises(FolderUnusable, match="/proc"):
        below(place, Path("/proc")).ensure_running()


def test_area_open_to_others_is_refused_not_mended(place: Place) -> None:
    server = place.server()
    server.ensure_running()
    area = server.status().data_dir.parent
    kept = stat.S_IMODE(area.stat().st_mode)
    area.chmod(0o755)
    with pytest.raises(FolderUnusable, match="open to other accounts") as caught:
        server.ensure_running()
    assert caught.value.hint == f"chmod {kept:o} {area}"
    assert stat.S_IMODE(area.stat().st_mode) == 0o755
    area.chmod(kept)
    server.ensure_running()


def test_link_in_place_of_the_area_is_refused(place: Place) -> None:
    server = place.server()
    server.ensure_running()
    server.stop()
    area = server.status().data_dir.parent
    area.rename(area.with_name("elsewhere"))
    area.symlink_to(area.with_name("elsewhere"))
    with pytest.raises(FolderUnusable, match="is not a folder"):
        server.ensure_running()


@pytest.fixture
def far(place: Place) -> Path:
    return place.base.joinpath(*["deep" * 10] * 4)


def test_socket_of_a_long_path_lies_elsewhere(place: Place, far: Path) -> None:
    server = below(place, far)
    endpoint = server.ensure_running()
    try:
        assert query(endpoint, "select 1") == 1
        assert len(os.fsencode(server.status().socket)) <= 103
        assert far not in endpoint.socket_dir.parents
        found = endpoint.socket_dir.stat()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == server.status().data_dir.stat().st_uid
        assert below(place, far).ensure_running() == endpoint
    finally:
        server.stop()
        shutil.rmtree(endpoint.socket_dir)


def test_taken_folder_for_the_socket_is_refused(place: Place, far: Path) -> None:
    """Anybody can make a folder in /tmp and wait for the password of a database."""
    server = below(place, far)
    endpoint = server.ensure_running()
    server.stop()
    shutil.rmtree(endpoint.socket_dir)
    endpoint.socket_dir.mkdir(mode=0o777)
    endpoint.socket_dir.chmod(0o777)
    try:
        with pytest.raises(FolderUnusable, match="open to other accounts"):
            server.ensure_running()
    finally:
        endpoint.socket_dir.rmdir()


@pytest.mark.parametrize("name", ['quo"te', "$HOME", "`touch x`", "back\\slash", "new\nline"])
def test_names_that_initdb_hands_to_a_shell_are_refused(place: Place, name: str) -> None:
    server = place.server(place.base / name / "state", system_area=place.base / name)
    with pytest.raises(FolderUnusable, match="PostgreSQL cannot live in"):
        server.ensure_running()
    assert not list(place.base.iterdir())


@pytest.mark.parametrize("name", ["a b", "it's", "com,ma", "ünï", "semi;colon&", "per%cent"])
def test_awkward_names(place: Place, name: str) -> None:
    server = below(place, place.base / name)
    assert query(server.ensure_running(), "select 1") == 1


def test_every_socket_path_fits() -> None:
    area = Path("/" + "x" * 300)
    owner = type("Owner", (), {"uid": 2**32 - 2})()
    folder = Layout(home=area, area=area).socket_dir(owner)
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= 103
