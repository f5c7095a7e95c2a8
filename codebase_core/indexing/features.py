"""What is searched of a chunk: its terms with their impacts, and the text that is embedded."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from codebase_core.lexical.bm25 import impacts
from codebase_core.lexical.identifiers import identifiers, split_words
from codebase_core.lexical.terms import count_terms, count_terms_of

if TYPE_CHECKING:
    from codebase_core_hookspecs import Chunk

FEATURES = "features/2"
"""Part of a file's pipeline: changes whenever the same chunk would get other terms or another embedded text."""

LABELLED_SYMBOLS = 6
NAMES_REPEATED = 4
"""So often are names said to an embedder of words: a mean over all words of a chunk drowns them otherwise (docs/ranking.md)."""

SEARCHED_FOLDERS = 3


@dataclass(frozen=True, slots=True)
class PathTerms:
    """The terms of a file's path, counted once a file: its name up to the first dot, its last three folders."""

    stem: Mapping[str, int]
    folders: Mapping[str, int]
    label: Sequence[str]

    @classmethod
    def of(cls, path: str) -> PathTerms:
        """Split a path relative to the repository root."""
        *folders, name = path.split("/")
        stem = name.partition(".")[0] or name
        return cls(
            stem=count_terms(stem),
            folders=count_terms(" ".join(folders[-SEARCHED_FOLDERS:])),
            label=identifiers(" ".join([*folders, name.rpartition(".")[0] or name])),
        )


def chunk_terms(
    chunk: Chunk, words: Sequence[str], path: PathTerms, lengths: Mapping[str, float]
) -> tuple[list[str], array[float]]:
    """Return the distinct terms of a chunk and the BM25F impact of each (float32); ``words`` are its identifiers."""
    named = [symbol.name for symbol in chunk.symbols if symbol.kind != "field" and not symbol.local]
    fields = {
        "body": count_terms_of(words),
        "sym": count_terms(" ".join(named)),
        "stem": path.stem,
        "enc": count_terms(chunk.scope),
        "dir": path.folders,
    }
    weighed = impacts(fields, lengths)
    return list(weighed), array("f", weighed.values())


def words_text(chunk: Chunk, words: Sequence[str], path: PathTerms) -> str:
    """Return what an embedder of words reads: path, scope and first names, these repeated, and text, all split into words."""
    names = [symbol.name for symbol in chunk.symbols[:LABELLED_SYMBOLS]]
    return split_words([*path.label, *identifiers(" ".join([chunk.scope, *names])) * NAMES_REPEATED, *words])


def source_text(chunk: Chunk, text: str) -> str:
    """Return what an embedder of source reads: a label and the code as it is.

    The path is not part of it, so that moving a file embeds nothing.
    """
    names = ", ".join(symbol.name for symbol in chunk.symbols[:LABELLED_SYMBOLS])
    label = " ".join(filter(None, (chunk.scope, names)))
    return f"{label}\n{text}" if label else text


def text_hash(text: str) -> bytes:
    """Return the 16-byte hash by which vectors are reused."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
