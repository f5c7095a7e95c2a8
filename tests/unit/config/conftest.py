"""Settings read from a folder of their own, whatever the environment of the tests says."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from codebase_core.config.settings import load_settings


@pytest.fixture
def load(tmp_path: Path):
    """Return a function that loads settings from the text of a user's file, an environment and flags."""

    def load(text: str | None = None, *, environ: dict[str, str] | None = None, **flags: object):
        if text is not None:
            (tmp_path / "config.toml").write_text(dedent(text), encoding="utf-8")
        return load_settings(flags=flags, environ={"CODEBASE_CORE_HOME": str(tmp_path), **(environ or {})})

    return load
