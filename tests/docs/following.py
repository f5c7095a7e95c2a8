"""Follow a page as a reader does: save the files that it shows, run its commands and programs, in order."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```([\w{}-]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block; ``file`` is the name that the line before it gives."""

    file: str | None
    language: str
    text: str

    @property
    def runs(self) -> bool:
        return self.file is None and self.language in ("console", "python")

    def commands(self) -> Iterator[tuple[list[str], list[str]]]:
        """Yield what to run, and what the page shows of its output."""
        if self.language == "python":
            yield [sys.executable, "-c", self.text], []
            return
        command, shown = "", []
        for line in [*self.text.splitlines(), "$ "]:
            if line.startswith("$ "):
                if command:
                    yield ["bash", "-euo", "pipefail", "-c", command], shown
                command, shown = line[2:], []
            else:
                shown.append(line)


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page."""
    return [Block(*found) for found in ((f or None, lang, text) for f, lang, text in _BLOCK.findall(page.read_text()))]


def follow(page: Path, folder: Path, environ: Mapping[str, str], *, literally: bool = False) -> None:
    """Do what a page says; ``literally`` also what it shows must be printed, line by line."""
    for block in blocks(page):
        if block.file is not None:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text)
        elif block.runs:
            for command, shown in block.commands():
                done = subprocess.run(command, cwd=folder, env=environ, text=True, capture_output=True, check=False)
                assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
                assert done.stdout or "--quiet" in command[-1], command[-1]
                missing = [line for line in shown if line.rstrip() not in done.stdout] if literally else []
                assert not missing, f"{command[-1]}\nshould print {missing}\n{done.stdout}"
