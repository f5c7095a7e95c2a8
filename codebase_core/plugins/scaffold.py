"""Skeletons of plugins: whole small distributions, copied under another name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from codebase_core.errors import CodebaseCoreError

Kind = Literal["store", "embedder", "reranker", "chunker", "resolver", "command"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_INSTALLED = Path(__file__).parents[1] / "skeletons"
_CHECKOUT = Path(__file__).parents[2] / "plugins"
_LEFT_OUT = frozenset({"__pycache__", ".pytest_cache", "LICENSE"})


class SkeletonRefused(CodebaseCoreError):
    """A skeleton cannot be written: the name is not valid, or the folder is not empty."""


def write(name: str, *, kind: Kind, folder: Path) -> list[Path]:
    """Write a distribution ``codebase-core-NAME`` into a new or empty folder and return its files.

    Its package is ``codebase_core_NAME`` and its entry point NAME; it passes the conformance kit as it is.
    """
    if not _NAME.fullmatch(name):
        raise SkeletonRefused(
            f"{name!r} is not a valid plugin name", hint="lower-case letters, digits, and single hyphens between them"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SkeletonRefused(f"{folder} exists already", hint="choose another folder with --folder")
    written = []
    for path, text in _files(kind):
        target = folder / _renamed(path.as_posix(), name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_renamed(text, name), encoding="utf-8")
        written.append(target)
    return written


def _files(kind: Kind) -> Iterator[tuple[Path, str]]:
    templates = _INSTALLED if _INSTALLED.exists() else _CHECKOUT / "templates"
    example = _INSTALLED / "store" if _INSTALLED.exists() else _CHECKOUT / "example"
    source = example if kind == "store" else templates / kind
    for file in sorted(each for each in source.rglob("*") if each.is_file()):
        path = file.relative_to(source)
        if not _LEFT_OUT & set(path.parts) and path.name != "README.md":
            yield path, file.read_text(encoding="utf-8")
    yield Path("README.md"), (templates / "README.md").read_text(encoding="utf-8")


def _renamed(text: str, name: str) -> str:
    module = name.replace("-", "_")
    text = re.sub(r"codebase_core_(?:acme|sqlite)\b", f"codebase_core_{module}", text)
    text = re.sub(r"\b(?:acme|sqlite)\b", name, text)
    class_name = "".join(part.title() for part in name.split("-"))
    return re.sub(r"\bAcme(?=Embedder|Reranker)", class_name, text)
