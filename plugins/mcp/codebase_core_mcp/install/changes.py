"""What an installation changes: texts before and after, shown and then written whole."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from codebase_core_hookspecs import CodebaseCoreError

from . import instructions, jsonc, toml
from .catalogue import SERVER, Agent, Launch


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
        """Write the file, through links and with the rights that it has, unless it is another one by now."""
        if _read(self.file) != self.before:
            raise CodebaseCoreError(
                f"{self.file} was changed by another program meanwhile",
                hint="run the command again to see the change anew",
            )
        target = self.file.resolve()
        try:
            if self.after is None:
                target.unlink()
            else:
                _write(target, self.after)
        except OSError as exc:
            raise CodebaseCoreError(
                f"cannot write {self.file}: {exc.strerror}",
                hint="check the folder's rights, and the space that is left",
            ) from exc


def installing(agent: Agent, start: Launch) -> list[Change]:
    """Return what has to change for an agent to use the server; nothing if it does."""
    entry = agent.entry(start)

    def edited(text: str) -> str:
        if agent.form == "toml":
            name = f"{agent.key}.{SERVER}"
            return text if toml.table(text, name) == entry else toml.with_table(text, name, entry)
        path = (agent.key, SERVER)
        return text if jsonc.member(text, path) == entry else jsonc.with_member(text, path, entry)

    found = [_change(agent.file(), edited, agent)]
    if agent.instructions is not None:
        found.append(_change(agent.instructions(), instructions.with_block, agent))
    return [change for change in found if change.before != change.after]


def uninstalling(agent: Agent) -> list[Change]:
    """Return what has to change for an agent to know nothing of the server."""

    def edited(text: str) -> str:
        if agent.form == "toml":
            return toml.without_table(text, f"{agent.key}.{SERVER}")
        return jsonc.without_member(text, (agent.key, SERVER))

    found = [_change(agent.file(), edited, agent, drop=lambda text: _says_nothing(text, agent))]
    if agent.instructions is not None:
        found.append(
            _change(agent.instructions(), instructions.without_block, agent, drop=lambda text: not text.strip())
        )
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


def _says_nothing(text: str, agent: Agent) -> bool:
    """Tell whether nothing is left of a file but the place where our entry was."""
    if agent.form == "toml" or not text.strip():
        return not text.strip()
    return "//" not in text and "/*" not in text and jsonc.member(text, ()) == {agent.key: {}}


def _change(
    file: Path, edited: Callable[[str], str], agent: Agent, *, drop: Callable[[str], bool] = lambda _: False
) -> Change:
    before = _read(file)
    try:
        after: str | None = _edited(before or "", edited)
    except ValueError as exc:
        raise CodebaseCoreError(
            f"{file} cannot be edited: {exc}",
            hint=f"fix it, or edit it yourself; the entry is shown by: install-agent {agent.name} --print",
        ) from exc
    if after != before and drop(after or ""):
        after = None
    return Change(file=file, before=before, after=after)


def _edited(text: str, edited: Callable[[str], str]) -> str:
    """Edit a text whose lines may all end as Windows has them."""
    if "\r\n" not in text or text.count("\r\n") != text.count("\n"):
        return edited(text)
    return edited(text.replace("\r\n", "\n")).replace("\n", "\r\n")


def _read(file: Path) -> str | None:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return lines.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise CodebaseCoreError(f"cannot read {file}: {exc}", hint="check the file") from exc


def _write(target: Path, text: str) -> None:
    """Put a new file in a file's place; nobody else can read the draft, and none stays behind."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = mkstemp(prefix=f".{target.name}.", dir=target.parent)
    draft = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o777)
        draft.replace(target)
    except BaseException:
        draft.unlink()
        raise
