"""A folder of hand-made distributions, as pip would have installed them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from codebase_core.plugins.manager import PluginInfo, PluginManager


@dataclass
class Site:
    """A folder on ``sys.path`` that holds distributions: modules and dist-info folders, nothing else."""

    folder: Path
    modules: set[str] = field(default_factory=set)

    def module(self, name: str, source: str) -> None:
        self.modules.add(name)
        (self.folder / f"{name}.py").write_text(dedent(source), encoding="utf-8")

    def add(self, name: str, source: str | None = None, *, entry: str | None = None, version: str = "1.0") -> str:
        """Install a distribution with one entry point, by default named after it, to one module with this source."""
        module = name.replace("-", "_")
        if source is not None:
            self.module(module, source)
        self.info(name, f"[codebase_core]\n{entry or name} = {module}\n", version=version)
        return name

    def info(self, name: str, entry_points: str, *, version: str = "1.0", metadata: bool = True) -> None:
        info = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        if metadata:
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(entry_points)

    def load(self, **choices: object) -> PluginManager:
        return PluginManager.load(**choices)

    def find(self, name: str, **choices: object) -> PluginInfo:
        """Load everything and return what became of one entry point or distribution of this folder."""
        (found,) = [p for p in self.load(**choices).plugins if name in (p.name, p.distribution) and not p.bundled]
        return found

    def environment(self, **variables: str) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder), **variables}

    def command(
        self, *words: str, environ: Mapping[str, str] = {}, home: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the command line in a process that sees this folder."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "codebase_core", *words],
            env=self.environment(CODEBASE_CORE_HOME=str(home or self.folder / "home"), **environ),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
