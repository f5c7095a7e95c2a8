"""Pairs of a documentation sentence and the code it documents, out of packages of the public registries.

    python plugins/static/training/pairs.py DOWNLOADS OUT.jsonl            # the packages of sources.tsv, unpacked where missing

DOWNLOADS has a folder for each line of sources.tsv, ``registry/name``, with what ``pip download --no-deps``, ``npm pack`` or
``apt-get download`` of that version left there. A pair is the first sentence of a definition's documentation and its code
without it; at most 3,000 of a package, in the order of paths, so that no package and no language drowns the others.
"""  # noqa: INP001

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from codebase_core_hookspecs import SourceFile
from codebase_core_tree_sitter.chunking import chunk_source
from codebase_core_tree_sitter.languages import LANGUAGES

from codebase_core.sources.languages import language_of

SOURCES = Path(__file__).with_name("sources.tsv")
MOST_OF_A_PACKAGE = 3_000
LARGEST_FILE = 400_000
LEAST_LINES, MOST_LINES = 3, 80
LEAST_WORDS, MOST_WORDS = 4, 40
KINDS = frozenset({"function", "method", "type"})

_MARK = re.compile(r"^\s*(?:///?!?|//|/\*\*?|\*/|\*|#+|--+\s?\|?|;+)\s?")
_IS_COMMENT = re.compile(r"^\s*(?://|/\*|\*|#(?!\[|include|define|if|end|pragma|else)|--)")
_IS_ATTRIBUTE = re.compile(r"^\s*(?:@\w|#\[|\[\w+.*\]\s*$|\[<|export\s*$|public\s*$)")
_DOCSTRING = re.compile(r'^(\s*)[rRuU]?("""|\'\'\')(.*?)\2[ \t]*\n', re.DOTALL)
_NOISE = re.compile(r"<[^>]+>|\{@\w+\s*|`|:\w+:|\*\*|https?://\S+")
_SENTENCE = re.compile(r"(?<=[a-z0-9)\]])[.!?](?=\s|$)")
_NOT_PROSE = re.compile(r"copyright|licen[cs]e|eslint|todo|fixme|noqa|generated|deprecated", re.IGNORECASE)


class Pair(NamedTuple):
    """A sentence and its code."""

    package: str
    language: str
    path: str
    sentence: str
    code: str


def unpacked(folder: Path) -> Path:
    """Unpack the archive in a folder beside it, once."""
    into = folder / "unpacked"
    if into.exists():
        return into
    for archive in sorted(folder.iterdir()):
        if archive.suffix in (".whl", ".zip"):
            with zipfile.ZipFile(archive) as opened:
                opened.extractall(into)  # noqa: S202 - from a registry, and read only
        elif archive.suffix in (".gz", ".tgz"):
            with tarfile.open(archive) as opened:
                opened.extractall(into, filter="data")
        elif archive.suffix == ".deb":
            subprocess.run(["dpkg-deb", "-x", archive, into], check=True)  # noqa: S603, S607
    return into


def pairs(package: str, root: Path) -> Iterator[Pair]:
    """Yield the pairs of a package, each sentence once."""
    seen: set[str] = set()
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.stat().st_size > LARGEST_FILE or ".min." in path.name:
            continue
        language = language_of(path.name, first_line="")
        if language not in LANGUAGES:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for sentence, code in documented(text, language):
            if sentence not in seen:
                seen.add(sentence)
                yield Pair(package, language, path.relative_to(root).as_posix(), sentence, code)


def documented(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield (sentence, code without documentation) of a source."""
    try:
        chunks = chunk_source(SourceFile(path="x", language=language, text=text.encode()))
    except ValueError:
        return
    lines = text.split("\n")
    for symbol in (symbol for chunk in chunks or () for symbol in chunk.symbols):
        if symbol.kind not in KINDS or symbol.end_line is None or symbol.local:
            continue
        body = lines[symbol.line - 1 : symbol.end_line]
        if not LEAST_LINES <= len(body) <= MOST_LINES:
            continue
        sentence, code = _docstring(body) if language == "python" else (_comment_above(lines, symbol.line - 1), body)
        if sentence is None:
            continue
        cleaned = first_sentence(sentence, symbol.name)
        if cleaned is not None:
            yield cleaned, "\n".join(code)


def _docstring(body: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    text = "\n".join(body)
    header = re.match(r"(?:.*\n)*?.*:[ \t]*(?:#.*)?\n", text)
    found = _DOCSTRING.match(text[header.end() :]) if header else None
    if header is None or found is None:
        return None, body
    return found[3], (text[: header.end()] + text[header.end() + found.end() :]).split("\n")


def _comment_above(lines: Sequence[str], at: int) -> str | None:
    """Return the comment that ends right above a line, attributes between them passed over."""
    end = at
    while end > 0 and _IS_ATTRIBUTE.match(lines[end - 1]):
        end -= 1
    start = end
    while start > 0 and _IS_COMMENT.match(lines[start - 1]):
        start -= 1
    block = lines[start:end]
    opened = next((i for i in range(len(block) - 1, -1, -1) if block[i].lstrip().startswith("/*")), 0)
    return "\n".join(_MARK.sub("", line) for line in block[opened:]) or None


def first_sentence(text: str, name: str) -> str | None:
    """Return the first sentence of a documentation text; None if it is none, or says nothing but the name."""
    paragraph = text.strip().split("\n\n")[0]
    paragraph = re.split(r"\n\s*(?:@\w|:param|Args:|Parameters|Returns|Example|>>>|-\s)", paragraph)[0]
    sentence = _SENTENCE.split(" ".join(_NOISE.sub(" ", paragraph).split()))[0].strip(" *-.#/=")
    first, _, rest = sentence.partition(" ")
    if first.strip("()").lower() == name.lower():  # Go's habit
        sentence = rest
    words = re.findall(r"[A-Za-z]{2,}", sentence)
    if not LEAST_WORDS <= len(words) <= MOST_WORDS or not sentence.isascii() or _NOT_PROSE.search(sentence):
        return None
    return sentence


def main() -> None:
    """Run the command."""
    downloads, out = map(Path, sys.argv[1:])
    counts: Counter[str] = Counter()
    with out.open("w", encoding="utf-8") as file:
        for line in SOURCES.read_text(encoding="utf-8").splitlines()[1:]:
            registry, package, *_ = line.split("\t")
            taken = 0
            for pair in pairs(f"{registry}:{package}", unpacked(downloads / registry / package)):
                file.write(json.dumps(pair._asdict(), ensure_ascii=False) + "\n")
                counts[pair.language] += 1
                taken += 1
                if taken == MOST_OF_A_PACKAGE:
                    break
            sys.stdout.write(f"{registry}:{package} {taken}\n")
    sys.stdout.write(f"{counts.total()} pairs: {dict(counts.most_common())}\n")


if __name__ == "__main__":
    main()
