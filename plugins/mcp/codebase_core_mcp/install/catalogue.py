"""The agents that are known: where each keeps its servers, in which form, and where it reads instructions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

SERVER = "codebase-core"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One agent. ``key`` leads to its servers in the file, ``entry`` makes ours; ``instructions`` is a file of instructions."""

    name: str
    title: str
    file: Callable[[], Path]
    key: str
    form: Literal["json", "toml"] = "json"
    entry: Callable[[Sequence[str]], Mapping[str, Any]]
    instructions: Callable[[], Path] | None = None


def command() -> list[str]:
    """Return what starts the server, by absolute path: programs with windows seldom know a shell's PATH."""
    beside = Path(sys.executable).with_name("codebase-core")
    return [str(beside), "mcp"] if beside.exists() else [sys.executable, "-m", "codebase_core", "mcp"]


def plain(words: Sequence[str]) -> dict[str, Any]:
    """Return the entry that most agents take."""
    return {"command": words[0], "args": list(words[1:])}


def _home(*parts: str) -> Callable[[], Path]:
    return lambda: Path.home().joinpath(*parts)


def _config(*parts: str) -> Callable[[], Path]:
    return lambda: Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config").joinpath(*parts)


def _codex(*parts: str) -> Callable[[], Path]:
    return lambda: Path(os.environ.get("CODEX_HOME") or Path.home() / ".codex").joinpath(*parts)


def _code(*parts: str) -> Callable[[], Path]:
    if sys.platform == "darwin":
        return _home("Library", "Application Support", "Code", "User", *parts)
    return _config("Code", "User", *parts)


def _opencode() -> Path:
    with_comments = _config("opencode", "opencode.jsonc")()
    return with_comments if with_comments.exists() else with_comments.with_suffix(".json")


AGENTS = {
    agent.name: agent
    for agent in (
        Agent(
            name="claude-code",
            title="Claude Code",
            file=_home(".claude.json"),
            key="mcpServers",
            entry=lambda words: {"type": "stdio", **plain(words)},
            instructions=_home(".claude", "CLAUDE.md"),
        ),
        Agent(
            name="codex",
            title="Codex",
            file=_codex("config.toml"),
            key="mcp_servers",
            form="toml",
            entry=plain,
            instructions=_codex("AGENTS.md"),
        ),
        Agent(name="cursor", title="Cursor", file=_home(".cursor", "mcp.json"), key="mcpServers", entry=plain),
        Agent(
            name="gemini",
            title="Gemini CLI",
            file=_home(".gemini", "settings.json"),
            key="mcpServers",
            entry=plain,
            instructions=_home(".gemini", "GEMINI.md"),
        ),
        Agent(
            name="opencode",
            title="opencode",
            file=_opencode,
            key="mcp",
            entry=lambda words: {"type": "local", "command": list(words), "enabled": True},
            instructions=_config("opencode", "AGENTS.md"),
        ),
        Agent(
            name="vscode",
            title="VS Code",
            file=_code("mcp.json"),
            key="servers",
            entry=lambda words: {"type": "stdio", **plain(words)},
        ),
        Agent(
            name="windsurf",
            title="Windsurf",
            file=_home(".codeium", "windsurf", "mcp_config.json"),
            key="mcpServers",
            entry=plain,
            instructions=_home(".codeium", "windsurf", "memories", "global_rules.md"),
        ),
        Agent(
            name="zed",
            title="Zed",
            file=_config("zed", "settings.json"),
            key="context_servers",
            entry=lambda words: {"source": "custom", **plain(words), "env": {}},
        ),
    )
}
