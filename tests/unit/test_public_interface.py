"""What is public in Python is what the package exports."""

from __future__ import annotations

import inspect
import subprocess
import sys

import codebase_core
from codebase_core import sync
from tests.docs.python import WITHOUT_SYNC


def test_the_package_exports_these_names():
    assert sorted(codebase_core.__all__) == [
        "Answer",
        "App",
        "Choices",
        "CodebaseCoreError",
        "Excerpt",
        "FederatedAnswer",
        "Filters",
        "Hit",
        "IndexReport",
        "Project",
        "RelatedRequest",
        "SearchRequest",
        "Settings",
        "Status",
        "SymbolRequest",
        "__version__",
        "load_settings",
    ]
    for name in codebase_core.__all__:
        assert getattr(codebase_core, name) is not None
        assert name in dir(codebase_core)


def test_importing_the_package_imports_nothing_else():
    program = "import sys, codebase_core; print(*sorted(m for m in sys.modules if m.startswith('codebase_core')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["codebase_core"]


def test_the_synchronous_application_has_the_same_methods():
    ours = {name for name, value in vars(codebase_core.App).items() if inspect.isfunction(value) and name[0] != "_"}
    theirs = {name for name in vars(sync.App) if name[0] != "_"}
    assert ours - theirs == set(WITHOUT_SYNC)
    for name in ours & theirs - {"skipped", "projects"}:
        assert inspect.signature(getattr(sync.App, name)) == inspect.signature(getattr(codebase_core.App, name)), name
