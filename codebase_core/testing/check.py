"""Run the kit on an installed plugin, in a process of its own, and sum up."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args
from xml.etree import ElementTree as ET

from codebase_core_hookspecs import Capability, StorePlugin

from codebase_core.config.settings import load_settings
from codebase_core.engine import Engine
from codebase_core.errors import PluginFailed

from . import checked

_SCORES = "test_candidates_and_scores_are_those_of_a_plain_computation"
"""What says whether the arms of a search are right; the other capabilities have tests that are marked with them."""


@dataclass(frozen=True, slots=True)
class Suite:
    """How many tests of one thing that a plugin declares had which outcome."""

    subject: str
    passed: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True)
class CapabilityResult:
    """Whether a store can do what it may declare."""

    subject: str
    name: str
    result: Literal["passed", "failed", "not declared"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A test that failed, and the end of what pytest says of it."""

    test: str
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of everything that a plugin declares."""

    suites: Sequence[Suite]
    capabilities: Sequence[CapabilityResult]
    faults: Sequence[Fault]

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {"passed": self.passed, **asdict(self)}


def run(name: str, *, model: str | None = None) -> Checked:
    """Hold an installed plugin, by the name of its entry point, to the kit; embedders with their default model or another."""
    with tempfile.TemporaryDirectory(prefix="codebase-core-check-") as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "codebase_core.testing",
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
        ]
        command += ["--rootdir", folder, "--junitxml", str(report), "-o", "asyncio_default_fixture_loop_scope=function"]
        done = subprocess.run(
            [*command, str(Path(checked.__file__))],
            cwd=folder,
            env={**os.environ, checked.NAME: name, **({checked.MODEL: model} if model else {})},
            capture_output=True,
            text=True,
            check=False,
        )
        if not report.exists():
            said = (done.stderr or done.stdout).strip().splitlines()
            raise PluginFailed(f"the tests of {name!r} did not run: {said[-1] if said else done.returncode}")
        cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - written by pytest just now
    return _summed(name, cases)


def _summed(name: str, cases: Sequence[ET.Element]) -> Checked:
    by_class: dict[str, list[ET.Element]] = defaultdict(list)
    for case in cases:
        by_class[case.get("classname", "").rpartition(".")[2]].append(case)
    titles = {title: str(vars(suite)["subject"]) for title, suite in checked.suites(name).items()}
    suites = []
    for title, subject in titles.items():
        outcomes = [_outcome(case) for case in by_class.pop(title, [])]
        suites.append(Suite(subject, *(outcomes.count(each) for each in ("passed", "failed", "skipped"))))
    return Checked(
        suites=suites, capabilities=list(_capabilities(name, cases)), faults=[f for c in cases for f in _faults(c)]
    )


def _outcome(case: ET.Element) -> Literal["passed", "failed", "skipped"]:
    tags = {child.tag for child in case}
    if tags & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in tags else "passed"


def _faults(case: ET.Element) -> Iterator[Fault]:
    for child in case:
        if child.tag in ("failure", "error"):
            test = f"{case.get('classname', '').rpartition('.')[2]}.{case.get('name')}"
            yield Fault(test, child.get("message") or (child.text or "").strip()[-2_000:])


def _capabilities(name: str, cases: Sequence[ET.Element]) -> Iterator[CapabilityResult]:
    plugin = next(each for each in Engine(load_settings()).plugins.plugins if each.name == name)
    for store in plugin.provides:
        if not isinstance(store, StorePlugin):
            continue
        own = [
            case for case in cases if case.get("classname", "").endswith(f"TestStore_{store.name.replace('-', '_')}")
        ]
        for capability in get_args(Capability):
            about = [case for case in own if capability in _needed(case)]
            failed = any(_outcome(case) == "failed" for case in about)
            result: Literal["passed", "failed", "not declared"] = "failed" if failed else "passed"
            yield CapabilityResult(
                f"store {store.name}", capability, result if capability in store.supports else "not declared"
            )


def _needed(case: ET.Element) -> set[str | None]:
    needed = {each.get("value") for each in case.iter("property") if each.get("name") == "needs"}
    return needed | ({"dense", "lexical"} if case.get("name") == _SCORES else set())
