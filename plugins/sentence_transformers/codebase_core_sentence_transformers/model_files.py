"""A model's files: where they are, which revision they are, how long its vectors are; all without loading it."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path

from codebase_core_hookspecs import EmbedderUnavailable

_WEIGHTS = (".safetensors", ".bin", ".onnx")
_LENGTHS = ("out_features", "embedding_dimension", "word_embedding_dimension")
"""How modules say what they put out: Dense, and Pooling as written by newer and older versions of the library."""

_SAMPLE = 1 << 20
"""Of weights, the first and the last megabyte are read: training changes them everywhere, reading all takes seconds."""


def located(name: str, *, fetch: bool) -> Path:
    """Return the folder of a model; a name that is no folder is looked up in the hub's cache, and fetched if it may be."""
    folder = Path(name).expanduser()
    if (folder / "modules.json").is_file():
        return folder.resolve()
    if folder.exists() or name.startswith((".", "/", "~")):
        raise EmbedderUnavailable(
            f"{name} holds no sentence-transformers model", hint="name the folder that has a modules.json"
        )
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - only for models of the hub
    from huggingface_hub.errors import LocalEntryNotFoundError  # noqa: PLC0415

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, ValueError) as exc:
        if not fetch:
            raise EmbedderUnavailable(f"model {name!r} is not on this machine", hint=f"hf download {name}") from exc
    try:
        return Path(snapshot_download(name))
    except Exception as exc:
        hint = f"check the name, download it once with: hf download {name}, or name a folder"
        raise EmbedderUnavailable(f"model {name!r} is not on this machine and cannot be fetched", hint=hint) from exc


def revision(folder: Path) -> str:
    """Return a digest of everything that decides a vector: configuration and vocabulary whole, weights by a sample."""
    digest = blake2b(digest_size=16)
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not _is_talk(path.relative_to(folder))):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            if path.suffix in _WEIGHTS:
                size = path.stat().st_size
                digest.update(str(size).encode() + file.read(_SAMPLE))
                file.seek(max(0, size - _SAMPLE))
            digest.update(file.read())
    return digest.hexdigest()


def dimensions(folder: Path) -> int | None:
    """Return the length of the vectors as the files say it; None if they do not."""
    found = None
    for module in json.loads((folder / "modules.json").read_text(encoding="utf-8")):
        config = folder / module["path"] / "config.json"
        if module["path"] and config.is_file():
            says = json.loads(config.read_text(encoding="utf-8"))
            found = next((says[key] for key in _LENGTHS if key in says), found)
    return found


def _is_talk(path: Path) -> bool:
    return path.suffix in (".md", ".py", ".pyc", ".lock") or any(part.startswith(".") for part in path.parts)
