"""A class that does less than its kit is refused, whichever way it does less."""

from __future__ import annotations

import subprocess
import sys

import pytest

from codebase_core.testing import EmbedderConformance
from codebase_core.testing.fakes.embedder import HASH_EMBEDDER
from codebase_core.testing.guard import weakened

TEST = "test_rows_have_unit_length"


class Whole(EmbedderConformance):
    @pytest.fixture
    def plugin(self):
        return HASH_EMBEDDER

    async def test_something_of_its_own(self):
        pass


class Honest(Whole):
    @pytest.mark.xfail(reason="rows are not scaled yet", strict=True)
    async def test_rows_have_unit_length(self, embedder):
        await super().test_rows_have_unit_length(embedder)


@pytest.mark.parametrize("suite", [EmbedderConformance, Whole, Honest])
def test_a_suite_that_holds_what_it_inherits_is_left_alone(suite):
    assert list(weakened(suite)) == []


async def replaced(self):
    pass


@pytest.mark.parametrize(
    "contents",
    [
        {TEST: replaced},
        {TEST: None},
        {TEST: pytest.mark.skip(reason="later")(lambda self: None)},
        {TEST: pytest.mark.skipif(True, reason="later")(lambda self: None)},
        {TEST: pytest.mark.xfail(reason="later")(lambda self: None)},
        {TEST: pytest.mark.xfail(strict=True)(lambda self: None)},
        {TEST: pytest.mark.xfail(reason="later", strict=True, run=False)(lambda self: None)},
        {TEST: pytest.mark.xfail(False, reason="later", strict=True)(lambda self: None)},
        {TEST: pytest.mark.skip(pytest.mark.xfail(reason="later", strict=True)(lambda self: None))},
        {"pytestmark": pytest.mark.skip(reason="later")},
        {"pytestmark": [pytest.mark.xfail(reason="later")]},
        {"__test__": False},
    ],
    ids=range(12),
)
def test_a_weaker_suite_is_refused(contents):
    assert list(weakened(type("Weak", (Whole,), contents)))
    assert list(weakened(type("WeakBelow", (type("Weak", (Whole,), contents),), {})))


def test_pytest_stops_at_it_and_says_why(tmp_path):
    (tmp_path / "test_acme.py").write_text(
        "from codebase_core.testing import EmbedderConformance\n"
        f"class TestAcme(EmbedderConformance):\n    def {TEST}(self):\n        pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "codebase_core.testing", "-p", "no:cacheprovider", str(tmp_path)]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert f"TestAcme is weaker than its kit: {TEST} is replaced" in done.stdout
