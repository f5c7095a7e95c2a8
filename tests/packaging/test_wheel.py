"""The wheel, installed into a clean environment: complete, typed, and every entry point loads."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.clean import built, environment_by_pip, once

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "wheel", lambda folder: built(ROOT, folder))


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that holds the wheel and nothing of the checkout."""
    return once(tmp_path_factory, "by-pip", lambda folder: environment_by_pip(folder, wheel))


def _run(python: Path, *arguments: str) -> str:
    # From a folder that is not the checkout: there `import plugins` would work by accident.
    done = subprocess.run(
        [python, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=python.parent,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_package_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for package in PROJECT["tool"]["hatch"]["build"]["packages"]:
        folder = ROOT / package
        for file in folder.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                assert f"{folder.name}/{file.relative_to(folder).as_posix()}" in names
        assert f"{folder.name}/py.typed" in names


def test_the_skeletons_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    sources = {"store": ROOT / "plugins" / "example", "": ROOT / "plugins" / "templates"}
    for name, folder in sources.items():
        for file in folder.rglob("*"):
            if file.is_file() and not {"__pycache__", ".pytest_cache", ".hypothesis"} & set(file.parts):
                path = Path("codebase_core/skeletons", name, file.relative_to(folder))
                assert path.as_posix() in names


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    packages = {Path(package).name for package in PROJECT["tool"]["hatch"]["build"]["packages"]}
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == packages


def test_the_wheel_is_small_enough_to_ship_a_model(wheel: Path) -> None:
    assert wheel.stat().st_size <= 25_000_000


def test_every_entry_point_loads(python: Path) -> None:
    listed = json.loads(_run(python, "-m", "codebase_core", "plugins", "list", "--json"))
    assert {each["name"] for each in listed} == set(PROJECT["project"]["entry-points"]["codebase_core"])
    assert {each["status"] for each in listed} == {"active"}


def test_the_contract_can_be_imported_alone(python: Path) -> None:
    code = (
        "import sys, codebase_core_hookspecs; print(any(m.partition('.')[0] == 'codebase_core' for m in sys.modules))"
    )
    assert _run(python, "-c", code).strip() == "False"


@pytest.mark.parametrize("unwanted", ["numpy", "asyncpg", "rich", "asyncio", "torch", "httpx"])
def test_help_imports_no_engine(python: Path, unwanted: str) -> None:
    code = "import sys; from codebase_core.cli.app import main; main(['--help']); print(sys.modules.keys(), file=sys.stderr)"
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True, cwd=python.parent)
    assert f"'{unwanted}'" not in done.stderr


def test_the_command_answers_from_the_wheel(python: Path, tmp_path: Path) -> None:
    (tmp_path / "pool.py").write_text("class ConnectionPool:\n    '''Connections are pooled here.'''\n")
    environ = {"PATH": os.environ["PATH"], "CODEBASE_CORE_HOME": str(tmp_path / "home")}
    command = python.with_name("codebase-core")
    try:
        subprocess.run([command, "index", tmp_path], check=True, capture_output=True, env=environ)
        asked = [command, "search", "-C", tmp_path, "--json", "where are connections pooled"]
        answer = json.loads(subprocess.run(asked, check=True, capture_output=True, env=environ).stdout)
        assert answer["hits"][0]["path"] == "pool.py"
    finally:
        subprocess.run([command, "server", "stop"], check=True, capture_output=True, env=environ)


@pytest.mark.parametrize(
    ("words", "extra"), [(["mcp"], "mcp"), (["serve"], "http"), (["plugins", "check", "static"], "testing")]
)
def test_a_command_whose_extra_is_absent_says_what_to_install(python: Path, words: list[str], extra: str) -> None:
    done = subprocess.run(
        [python, "-m", "codebase_core", *words], check=False, capture_output=True, text=True, cwd=python.parent
    )
    assert done.returncode == 1
    assert f"pip install 'codebase-core[{extra}]'" in done.stderr
