"""Implementations that are wrong on purpose: each is caught by the test of the kit that it is listed under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from codebase_core.testing import Conformance

T = TypeVar("T")


@dataclass(frozen=True)
class Mutant:
    """What is wrong, as the class or function that does it, and the test that must fail."""

    kit: type[Conformance]
    test: str
    wrong: Any


MUTANTS: list[Mutant] = []


def caught_by(kit: type[Conformance], test: str) -> Callable[[T], T]:
    """List what follows as a mutant; ``kit`` is a suite with the fixtures of the fakes that passes whole."""

    def listed(wrong: T) -> T:
        assert hasattr(kit, test), test
        MUTANTS.append(Mutant(kit, test, wrong))
        return wrong

    return listed
