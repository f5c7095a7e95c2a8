"""A tree in git that is edited at random, as people and their tools edit: in place, by renaming, by switching branches."""

from __future__ import annotations

import random
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

WORDS = ("pool", "token", "parser", "server", "order", "price", "cache", "queue")


@dataclass
class Edited:
    """A tree and the chance that edits it."""

    root: Path
    chance: random.Random
    steps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root.mkdir()
        self._git("init", "--quiet")
        for _ in range(20):
            self._create()
        self._commit()
        self._git("branch", "other")

    def step(self) -> None:
        """Do one thing."""
        kinds = [self._create] * 3 + [self._change] * 5 + [self._delete] * 2 + [self._move] * 2
        kinds += [self._move_folder, self._delete_folder, self._ignore, self._replace, self._commit, self._switch]
        chosen = self.chance.choice(kinds)
        self.steps.append(chosen.__name__)
        chosen()

    def _files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*.py") if ".git" not in path.parts)

    def _folders(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*") if path.is_dir() and ".git" not in path.parts)

    def _place(self) -> Path:
        folder = self.root.joinpath(*self.chance.choices(("a", "b", "c", "build"), k=self.chance.randrange(4)))
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.chance.choice(WORDS)}{self.chance.randrange(30)}.py"

    def _text(self) -> str:
        names = self.chance.sample(WORDS, 3)
        return "".join(f"def {name}_{self.chance.randrange(1000)}():\n    return {name!r}\n\n\n" for name in names)

    def _create(self) -> None:
        self._place().write_text(self._text())

    def _change(self) -> None:
        if files := self._files():
            with self.chance.choice(files).open("a") as file:
                file.write(self._text())

    def _replace(self) -> None:
        """Write as editors do: beside, then over it."""
        if files := self._files():
            target = self.chance.choice(files)
            draft = target.with_suffix(".tmp")
            draft.write_text(self._text())
            draft.replace(target)

    def _delete(self) -> None:
        if files := self._files():
            self.chance.choice(files).unlink()

    def _move(self) -> None:
        if files := self._files():
            self.chance.choice(files).replace(self._place())

    def _move_folder(self) -> None:
        if folders := self._folders():
            target = self.root / f"moved{self.chance.randrange(1000)}"
            if not target.exists():
                self.chance.choice(folders).rename(target)

    def _delete_folder(self) -> None:
        if folders := self._folders():
            shutil.rmtree(self.chance.choice(folders))

    def _ignore(self) -> None:
        (self.root / ".gitignore").write_text(self.chance.choice(("", "build/\n", "pool*\n", "/a/b/\n")))

    def _commit(self) -> None:
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "-m", "x")

    def _switch(self) -> None:
        self._commit()
        self._git("checkout", "--quiet", self.chance.choice(("other", "-")))

    def _git(self, *arguments: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "gc.auto=0")
        subprocess.run(["git", *who, "-C", self.root, *arguments], check=False, capture_output=True)
