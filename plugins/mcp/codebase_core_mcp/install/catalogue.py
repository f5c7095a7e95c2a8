"""The agents that are known: where each keeps its servers, in which form, and where it reads instructions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

SERVER = "codebase-core"


HANDED_ON = ("CODEBASE_CORE_HOME", "CODEBASE_CORE_CONFIG")
"""Where state and settings are, if elsewhere: an agent that this shell did not start would look in the usual place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How an agent starts the server: a command, and what its environment has to say."""

    words: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One agent. ``key`` leads to its servers in the file, ``entry`` makes ours; ``instructions`` is a file of instructions.

    ``shared`` is the file, relative to a repository's root, in which everybody who works there finds servers; some have none.
    """

    name: str
    title: str
    file: Callable[[], Path]
    key: str
    form: Literal["json", "toml"] = "json"
    entry: Callable[[Launch], Mapping[str, Any]]
    instructions: Callable[[], Path] | None = None
    shared: str | None = None


def launch() -> Launch:
    """Return what starts the server, by absolute path: programs with windows seldom know a shell's PATH."""
    beside = Path(sys.executable).with_name("codebase-core")
    words = [str(beside), "mcp"] if beside.exists() else [sys.executable, "-m", "codebase_core", "mcp"]
    return Launch(words=words, environ={n: str(Path(os.environ[n]).absolute()) for n in HANDED_ON if os.environ.get(n)})


SHARED = Launch(words=["codebase-core", "mcp"])
"""What starts the server on anybody's machine."""


def plain(start: Launch) -> dict[str, Any]:
    """Return the entry that most agents take."""
    env = {"env": dict(start.environ)} if start.environ else {}
    return {"command": start.words[0], "args": list(start.words[1:]), **env}


def _opencode_entry(start: Launch) -> dict[str, Any]:
    environment = {"environment": dict(start.environ)} if start.environ else {}
    return {"type": "local", "command": list(start.words), "enabled": True, **environment}


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
            entry=lambda start: {"type": "stdio", **plain(start)},
            instructions=_home(".claude", "CLAUDE.md"),
            shared=".mcp.json",
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
        Agent(
            name="cursor",
            title="Cursor",
            file=_home(".cursor", "mcp.json"),
            key="mcpServers",
            entry=plain,
            shared=".cursor/mcp.json",
        ),
        Agent(
            name="gemini",
            title="Gemini CLI",
            file=_home(".gemini", "settings.json"),
            key="mcpServers",
            entry=plain,
            instructions=_home(".gemini", "GEMINI.md"),
            shared=".gemini/settings.json",
        ),
        Agent(
            name="opencode",
            title="opencode",
            file=_opencode,
            key="mcp",
            entry=_opencode_entry,
            instructions=_config("opencode", "AGENTS.md"),
            shared="opencode.json",
        ),
        Agent(
            name="vscode",
            title="VS Code",
            file=_code("mcp.json"),
            key="servers",
            entry=lambda start: {"type": "stdio", **plain(start)},
            shared=".vscode/mcp.json",
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
            entry=lambda start: {"source": "custom", **plain(start), "env": dict(start.environ)},
        ),
    )
}


def in_repository(agent: Agent, root: Path) -> Agent:
    """Return an agent as its file in a repository serves it; raise ValueError if it has none."""
    if agent.shared is None:
        raise ValueError(f"{agent.title} reads no servers from a repository")
    file = root / agent.shared
    return replace(agent, file=lambda: file, instructions=None)
