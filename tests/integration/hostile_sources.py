"""Files that were made to hurt, from a seed: deep, unbalanced, endless, mixed, cut anywhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "unit" / "tree_sitter" / "corpus"
EXTENSIONS = [path.suffix for path in sorted(CORPUS.iterdir()) if path.suffix != ".symbols"] + [".txt", ".json", ".md"]
LONG = 2_000_000


def files(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content): first every truncation of a sample, then three endless lines, then mixtures."""
    chance = random.Random(seed)
    sample = (CORPUS / "typescript.ts").read_bytes()
    yield from ((f"cut/{end:04}.ts", sample[:end]) for end in range(len(sample)))
    yield "long/line.py", b"x = [" + b"1," * (LONG // 2)
    yield "long/string.js", b"'" + b"\xc3\xa9" * (LONG // 2)
    yield "long/braces.c", b"{" * LONG
    made = len(sample) + 3
    sources = {path.suffix: path.read_bytes() for path in sorted(CORPUS.iterdir()) if path.suffix in EXTENSIONS}
    for number in range(made, count):
        suffix = chance.choice(EXTENSIONS)
        text = chance.choice(MAKERS)(chance, sources.get(suffix, sample))
        yield f"made/{number % 37}/{number}{suffix}", text


def _deep(chance: random.Random, source: bytes) -> bytes:
    opening = chance.choice([b"(", b"[", b"{", b"<a>", b"if x:\n ", b"f(", b"/*", b'"', b"begin ", b"\\"])
    return source + opening * chance.randrange(1, 20_000)


def _unbalanced(chance: random.Random, source: bytes) -> bytes:
    pieces = [bytes([chance.choice(b"(){}[]<>\"'`/*#\n;,.:")]) for _ in range(chance.randrange(1, 3_000))]
    return b"".join(pieces) + source


def _shuffled(chance: random.Random, source: bytes) -> bytes:
    tokens = source.split(b" ")
    chance.shuffle(tokens)
    return b" ".join(tokens)


def _damaged(chance: random.Random, source: bytes) -> bytes:
    data = bytearray(source)
    for _ in range(chance.randrange(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _recoded(chance: random.Random, source: bytes) -> bytes:
    text = source.decode() + "é 🙂 \u2028 \u202e Ж"
    encoded = text.encode(chance.choice(["utf-16", "utf-8-sig", "utf-32", "utf-16-le"]))
    return encoded + chance.choice([b"", b"\xff", source])


def _with_nul(chance: random.Random, source: bytes) -> bytes:
    at = chance.randrange(len(source))
    return source[:at] + b" " * chance.choice([0, 9_000]) + b"\0" + source[at:]


def _line_ends(chance: random.Random, source: bytes) -> bytes:
    return source.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\n\n", b"\x0b", b"\x0c", b" \\\n"]))


def _long_lines(chance: random.Random, source: bytes) -> bytes:
    return source.replace(b"\n", b" ") * chance.randrange(1, 60)


def _empty(chance: random.Random, source: bytes) -> bytes:
    return chance.choice([b"", b"\n", b"   \r\n\t", b"\xef\xbb\xbf", source[:1], b"x"])


MAKERS: list[Callable[[random.Random, bytes], bytes]] = [
    _deep, _unbalanced, _shuffled, _damaged, _recoded, _with_nul, _line_ends, _long_lines, _empty,
]  # fmt: skip
