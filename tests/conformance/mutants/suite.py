"""A class of tests for each mutant, not collected by itself: test_mutants.py runs of each the one test that must fail."""

from __future__ import annotations

import pytest

from tests.conformance.mutants import (  # noqa: F401
    MUTANTS,
    applications,
    chunkers,
    commands,
    embedders,
    packages,
    registries,
    rerankers,
    resolvers,
    stores,
)


def _class(number, mutant):
    @pytest.fixture
    def wrong(self):
        return mutant.wrong

    return type(f"Test{number}", (mutant.kit,), {"wrong": wrong, "__module__": __name__})


for _number, _mutant in enumerate(MUTANTS):
    globals()[f"Test{_number}"] = _class(_number, _mutant)
