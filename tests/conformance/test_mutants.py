"""Every test of the kit catches something: run on an implementation that is wrong in what it is about, it fails."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from codebase_core import testing
from tests.clean import once
from tests.conformance.mutants import MUTANTS, suite

SUITE = Path(suite.__file__)
ROOT = Path(__file__).parents[2]
KITS = [kit for kit in vars(testing).values() if inspect.isclass(kit) and kit is not testing.Conformance]


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Run all mutants once; return what became of each by the name of its class."""
    report = once(tmp_path_factory, "mutants", _report)
    found: dict[str, set[str]] = defaultdict(set)
    for case in ET.parse(report).iter("testcase"):
        found[case.get("classname", "").rpartition(".")[2]] |= {child.tag for child in case}
    return found


def _report(folder: Path) -> Path:
    report = folder / "report.xml"
    chosen = [f"{SUITE}::Test{number}::{mutant.test}" for number, mutant in enumerate(MUTANTS)]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml", str(report), *chosen]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert report.exists(), done.stdout + done.stderr
    return report


@pytest.mark.parametrize(
    ("number", "mutant"),
    list(enumerate(MUTANTS)),
    ids=[f"{m.test}-{getattr(m.wrong, '__name__', n)}" for n, m in enumerate(MUTANTS)],
)
def test_a_mutant_is_caught(outcomes, number, mutant):
    assert "failure" in outcomes[f"Test{number}"]


def test_every_test_of_the_kit_has_a_mutant():
    tests = {(kit.__name__, name) for kit in KITS for name in dir(kit) if name.startswith("test_")}
    caught = {(kit.__name__, mutant.test) for mutant in MUTANTS for kit in mutant.kit.__mro__ if kit in KITS}
    assert tests == caught
