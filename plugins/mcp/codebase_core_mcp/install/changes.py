"""What an installation changes: texts before and after, shown and then written whole."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from codebase_core_hookspecs import CodebaseCoreError

from . import jsonc, notes, toml
from .catalogue import SERVER, Agent, command


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file, as it is and as it will be; None is no file."""

    file: Path
    before: str | None
    after: str | None

    def diff(self) -> Iterator[str]:
        """Iterate over the lines of a unified diff."""
        yield from difflib.unified_diff(
            (self.before or "").splitlines(keepends=True),
            (self.after or "").splitlines(keepends=True),
            str(self.file),
            str(self.file),
        )

    def write(self) -> None:
        """Write the file, through links and with the rights that it has."""
        target = self.file.resolve()
        try:
            if self.after is None:
                target.unlink()
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.{os.getpid()}")
            draft.write_text(self.after, encoding="utf-8")
            draft.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o600)
            draft.replace(target)
        except OSError as exc:
            raise CodebaseCoreError(
                f"cannot write {self.file}: {exc.strerror}", hint="check the folder's rights"
            ) from exc


def installing(agent: Agent) -> list[Change]:
    """Return what has to change for an agent to use the server; nothing if it does."""
    entry = agent.entry(command())

    def edited(text: str) -> str:
        if agent.form == "toml":
            name = f"{agent.key}.{SERVER}"
            return text if toml.table(text, name) == entry else toml.with_table(text, name, entry)
        path = (agent.key, SERVER)
        return text if jsonc.member(text, path) == entry else jsonc.with_member(text, path, entry)

    found = [_change(agent.file(), edited, agent)]
    if agent.notes is not None:
        found.append(_change(agent.notes(), notes.with_block, agent))
    return [change for change in found if change.before != change.after]


def uninstalling(agent: Agent) -> list[Change]:
    """Return what has to change for an agent to know nothing of the server."""

    def edited(text: str) -> str:
        if agent.form == "toml":
            return toml.without_table(text, f"{agent.key}.{SERVER}")
        return jsonc.without_member(text, (agent.key, SERVER))

    found = [_change(agent.file(), edited, agent)]
    if agent.notes is not None:
        found.append(_change(agent.notes(), notes.without_block, agent, drop_empty=True))
    return [change for change in found if change.before is not None and change.before != change.after]


def is_installed(agent: Agent) -> bool:
    """Whether an agent's settings name the server."""
    text = _read(agent.file()) or ""
    try:
        found = (
            toml.table(text, f"{agent.key}.{SERVER}")
            if agent.form == "toml"
            else jsonc.member(text, (agent.key, SERVER))
        )
    except ValueError:
        return False
    return found is not None


def _change(file: Path, edited: Callable[[str], str], agent: Agent, *, drop_empty: bool = False) -> Change:
    before = _read(file)
    try:
        after: str | None = edited(before or "")
    except ValueError as exc:
        raise CodebaseCoreError(
            f"{file} cannot be edited: {exc}",
            hint=f"mend it, or add the entry yourself: install-agent {agent.name} --print",
        ) from exc
    if drop_empty and not (after or "").strip():
        after = None
    return Change(file=file, before=before, after=after)


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise CodebaseCoreError(f"cannot read {file}: {exc}", hint="check the file") from exc
