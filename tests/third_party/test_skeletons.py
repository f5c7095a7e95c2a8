"""A plugin of each kind as `plugins new` writes it: installed for development, it passes its tests and the kit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from codebase_core.plugins.scaffold import KINDS
from tests.clean import install, uninstall

from .conftest import Command


@pytest.fixture(params=KINDS)
def skeleton(request: pytest.FixtureRequest, command: Command, python: Path, tmp_path: Path) -> Iterator[str]:
    name = f"my-{request.param}"
    command("codebase-core", "plugins", "new", name, "--kind", request.param)
    install(python, "-e", tmp_path / f"codebase-core-{name}")
    yield name
    uninstall(python, f"codebase-core-{name}")


def test_it_passes_its_tests_and_the_kit(skeleton: str, command: Command, tmp_path: Path) -> None:
    command("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path / f"codebase-core-{skeleton}")
    checked = json.loads(command("codebase-core", "plugins", "check", skeleton, "--json").stdout)
    assert checked["passed"]
    assert [suite["subject"] for suite in checked["suites"]] == [f"package {skeleton}", f"{skeleton[3:]} {skeleton}"]
    assert all(suite["passed"] for suite in checked["suites"])


def test_a_plugin_that_breaks_fails_the_check(command: Command, python: Path, tmp_path: Path) -> None:
    command("codebase-core", "plugins", "new", "broken", "--kind", "chunker")
    module = tmp_path / "codebase-core-broken" / "codebase_core_broken" / "chunking.py"
    module.write_text(module.read_text().replace("[0, *sorted(starts - {0})", "[*sorted(starts)"))
    install(python, "-e", tmp_path / "codebase-core-broken")
    try:
        done = command("codebase-core", "plugins", "check", "broken", ok=False)
        assert done.returncode == 1
        assert "chunker broken" in done.stdout
        assert "TestChunker_broken.test_chunks_tile_the_file" in done.stderr
    finally:
        uninstall(python, "codebase-core-broken")
