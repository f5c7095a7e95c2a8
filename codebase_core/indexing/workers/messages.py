"""Messages between the pipeline and its worker processes: plain tuples, a length before each."""

from __future__ import annotations

import pickle
import struct
from array import array
from collections.abc import Mapping
from typing import Any, BinaryIO, Literal, NamedTuple

HEADER = struct.Struct("<I")
PING = "ping"
"""What a worker repeats once it is ready: from then on, what goes wrong is a file's fault."""


class Loading(NamedTuple):
    """What a worker is told once: which plugins it may load, and the seconds a file after which it ends itself."""

    disabled: tuple[str, ...] = ()
    third_party: bool = True
    deadline: float = 3_600.0


EVERYTHING = Loading()


class Setup(NamedTuple):
    """What a worker is told with every group of tasks: how to cut and what to compute."""

    field_lengths: Mapping[str, float]
    embedded: Literal["words", "source", "none"]
    max_file_bytes: int
    chunker_options: Mapping[str, Mapping[str, Any]]
    extensions: Mapping[str, str] = {}


class Task(NamedTuple):
    """One file to read. ``known_hash`` is given if the same content would not have to be indexed anew."""

    path: str
    absolute: str
    known_hash: bytes | None
    by_lines: bool = False


class ChunkResult(NamedTuple):
    """A chunk with everything but its vector; spans and symbols as plain tuples."""

    span: tuple[int, int, int, int]
    kind: str
    scope: str
    symbols: tuple[tuple[str, str, str, int, int | None, bool, bool], ...]
    text: str
    terms: list[str]
    impacts: array[float]
    embedded: str


class FileResult(NamedTuple):
    """What became of a file; no chunks and no skip reason means that its content is the known one."""

    path: str
    size: int
    mtime_ns: int
    content_hash: bytes
    language: str | None = None
    skip: str | None = None
    chunks: tuple[ChunkResult, ...] = ()
    fallback: str | None = None
    encoding: str | None = None
    inode: int = 0
    ctime_ns: int = 0


def dump(message: object) -> bytes:
    """Return a message with its length in front."""
    body = pickle.dumps(message, protocol=5)
    return HEADER.pack(len(body)) + body


def load(body: bytes) -> Any:
    """Return the message of a body; only ever called on what our own process wrote into a pipe."""
    return pickle.loads(body)  # noqa: S301


def read(stream: BinaryIO) -> Any:
    """Read one message; None at the end of the stream."""
    header = stream.read(HEADER.size)
    return load(stream.read(HEADER.unpack(header)[0])) if len(header) == HEADER.size else None
