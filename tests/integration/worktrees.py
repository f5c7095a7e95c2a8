"""A repository with worktrees, made by git itself, and whoever asks about it: a command, or an agent over either transport."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .agents import call, serving

ASKERS = ("command", "stdio", "http")
_WHO = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", folder, *_WHO, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def committed(tree: Path) -> Path:
    """Make a repository with one commit of a folder."""
    shutil.rmtree(tree / ".git", ignore_errors=True)
    git(tree, "init", "-q", "-b", "main")
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "first")
    return tree


def worktree(tree: Path, folder: Path, *, files: Mapping[str, str] = {}) -> Path:
    """Add a worktree on a branch of its own, and change files in it."""
    git(tree, "worktree", "add", "-q", str(folder), "-b", folder.name)
    for path, text in files.items():
        (folder / path).write_text(text)
    return folder


async def command(environ: Mapping[str, str], folder: Path, *words: str) -> tuple[int, str, str]:
    """Run the command line in a folder; return its exit code, stdout and stderr."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "codebase_core", *words),
        env=dict(environ),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def answers(
    environ: Mapping[str, str], folder: Path, queries: Sequence[str], *, asker: str, **offered: Any
) -> list[dict[str, Any]]:
    """Ask questions about a folder, as somebody who works in it."""
    if asker == "command":
        done = [await command(environ, folder, "search", "--json", query) for query in queries]
        assert [code for code, _, _ in done] == [0] * len(done), done
        return [json.loads(out) for _, out, _ in done]
    patient = {**environ, "CODEBASE_CORE_REVALIDATE_BUDGET": "30"}
    async with serving(patient, folder, transport=asker, mode="legacy", **offered) as client:
        return [await call(client, "search_code", query=query) for query in queries]
