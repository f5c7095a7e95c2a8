"""Where a client works when it does not say."""

from __future__ import annotations

from pathlib import Path

import pytest
from codebase_core_mcp.sessions import roots_of_process


def test_a_folder_that_holds_all_of_a_user_is_no_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = tmp_path / "home" / "me"
    (home / "project").mkdir(parents=True)
    (tmp_path / "linked").symlink_to(home)

    for named in (home, tmp_path / "linked"):
        monkeypatch.setenv("HOME", str(named))
        for folder in (home, home.parent, Path("/")):
            assert roots_of_process(folder) == ()
        assert roots_of_process(home / "project") == (home / "project",)
