"""Refuse test classes that weaken what they inherit, and list what was not tested. Loaded by pytest."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from .base import Conformance

_KIT = __package__
_WEAKENING = frozenset({"skip", "skipif", "xfail"})
UNDECLARED = pytest.StashKey[dict[str, set[str]]]()


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark that the kit uses."""
    config.addinivalue_line("markers", "needs(capability): tested only where the plugin declares the capability")
    config.stash[UNDECLARED] = {}


def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, name: str, obj: object) -> None:
    """Stop at a class that does less than its kit."""
    if inspect.isclass(obj) and issubclass(obj, Conformance):
        for fault in weakened(obj):
            raise collector.CollectError(f"{name} is weaker than its kit: {fault}")


def weakened(suite: type[Conformance]) -> Iterator[str]:
    """Say which inherited tests a class leaves out or replaces.

    Allowed is one thing: to override a test and mark it ``xfail(reason=…, strict=True)``. It is then shown as failing, and
    becomes an error when it passes.
    """
    own = [each for each in suite.__mro__ if not _of_kit(each) and each is not object]
    for each in own:
        marks = each.__dict__.get("pytestmark", [])
        for mark in marks if isinstance(marks, list) else [marks]:
            if mark.name in _WEAKENING:
                yield f"{each.__name__} is marked {mark.name}"
        if each.__dict__.get("__test__") is False:
            yield f"{each.__name__} sets __test__"
    tests = {name for each in suite.__mro__ if _of_kit(each) for name in vars(each) if name.startswith("test_")}
    for name in sorted(tests):
        owner = next(each for each in suite.__mro__ if name in vars(each))
        if not _of_kit(owner) and not _expected_to_fail(vars(owner)[name]):
            yield f"{name} is replaced; only @pytest.mark.xfail(reason=..., strict=True) may be added to a test"


def _of_kit(suite: type) -> bool:
    return suite.__module__.startswith(f"{_KIT}.")


def _expected_to_fail(test: Any) -> bool:
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name in _WEAKENING]
    if len(marks) != 1 or marks[0].name != "xfail" or marks[0].args:
        return False
    said = marks[0].kwargs
    return bool(said.get("reason")) and said.get("strict") is True and not {"condition", "run"} & set(said)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the capabilities that were not tested because the plugin does not declare them."""
    for plugin, missing in sorted(config.stash[UNDECLARED].items()):
        terminalreporter.write_line(f"{plugin} does not declare, and was not tested for: {', '.join(sorted(missing))}")
