"""Count how well chunks follow definitions, without a database: stubs, headings, sizes.

    python tests/benchmarks/chunks.py FOLDER … [--show KIND]

Every file that an index of a folder would hold is cut by the chunker that an index would use. Counted are

- stubs: definitions longer than five lines whose chunk ends at most one line after the line of their name;
- comments: chunks that end with a comment, where the next chunk begins with a definition;
- unnamed: chunks of source code that define nothing and lie in no definition, so that their heading is empty.
"""

from __future__ import annotations

import argparse
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from codebase_core_hookspecs import Chunk, SourceFile

from codebase_core.indexing.workers.read_file import cut
from codebase_core.plugins.manager import PluginManager
from codebase_core.sources.decode import Undecodable, decode
from codebase_core.sources.dialects import dialect
from codebase_core.sources.languages import language_of
from codebase_core.sources.scan import Scan

LONG, STUB_LINES = 5, 1
COMMENT = ("//", "/*", "*", "--", ";;", "@")
BY_HASH = frozenset({"python", "ruby", "bash", "elixir", "perl", "julia", "r", "tcl", "nix", "powershell", "starlark"})
NO_CODE = frozenset(
    {"markdown", "rst", "text", "html", "css", "json", "yaml", "toml", "ini", "xml", "tex", "csv", "gettext", None}
)
"""Languages whose chunks need no heading: a document or data holds no definitions."""


def sources(root: Path) -> Iterator[SourceFile]:
    for entry in Scan(root=root).entries():
        if entry.skip or entry.folder:
            continue
        try:
            text = decode((root / entry.path).read_bytes()).text
        except (OSError, Undecodable):
            continue
        name = entry.path.rpartition("/")[2]
        first_line = text[:160].decode(errors="ignore").partition("\n")[0]
        language = dialect(language_of(name, first_line=first_line), name, text)
        yield SourceFile(path=entry.path, language=language, text=text)


def stubs(chunks: Sequence[Chunk]) -> Iterator[tuple[bool, str, int]]:
    """Yield for each long definition whether it is a stub, its name and its line."""
    for chunk in chunks:
        for symbol in chunk.symbols:
            if symbol.end_line is not None and symbol.end_line - symbol.line + 1 > LONG:
                yield chunk.span.end_line <= symbol.line + STUB_LINES, symbol.qualified_name, symbol.line


def ends_with_comment(source: SourceFile, chunk: Chunk, following: Chunk) -> bool:
    """Tell whether the last line is a comment and the first of the next chunk the beginning of a definition."""
    lines = source.text[chunk.span.start_byte : chunk.span.end_byte].decode().rstrip(" \r\n").split("\n")
    begins = {symbol.line for symbol in following.symbols}
    marks = ("#", *COMMENT) if source.language in BY_HASH else COMMENT
    near = chunk.span.start_line + len(lines) == following.span.start_line
    return near and lines[-1].lstrip().startswith(marks) and following.span.start_line in begins


def count(root: Path, show: str | None) -> None:
    chunkers = PluginManager.load().chunkers()
    counted: Counter[str] = Counter()
    lines: list[int] = []
    sizes: list[int] = []
    seconds = 0.0
    for source in sources(root):
        began = perf_counter()
        chunks, _ = cut(source, chunkers, {})
        seconds += perf_counter() - began
        code = source.language not in NO_CODE
        counted["chunks"] += len(chunks)
        counted["code chunks"] += len(chunks) if code else 0
        lines += [each.span.end_line - each.span.start_line + 1 for each in chunks if code]
        sizes += [each.span.end_byte - each.span.start_byte for each in chunks if code]
        for stub, name, line in stubs(chunks):
            counted["long definitions"] += 1
            counted["stubs"] += stub
            if stub and show == "stubs":
                print(f"  {source.path}:{line}: {name}")
        for chunk, following in pairwise(chunks):
            if code and ends_with_comment(source, chunk, following):
                counted["comments"] += 1
                if show == "comments":
                    print(f"  {source.path}:{chunk.span.end_line}")
        for chunk in chunks:
            if code and not chunk.symbols and not chunk.scope:
                counted["unnamed"] += 1
                if show == "unnamed":
                    print(f"  {source.path}:{chunk.span.start_line}-{chunk.span.end_line}")
    lines.sort()
    print(
        f"{root.name}: stubs {counted['stubs']:,} of {counted['long definitions']:,} long definitions"
        f" ({1000 * counted['stubs'] / max(1, counted['long definitions']):.1f} in 1,000),"
        f" comments {counted['comments']:,}, unnamed {counted['unnamed']:,} of {counted['code chunks']:,}"
        f" ({100 * counted['unnamed'] / max(1, counted['code chunks']):.1f}%);"
        f" {counted['chunks']:,} chunks, lines of code chunks {statistics.median(lines):.0f} / {lines[9 * len(lines) // 10]}"
        f" (median / 90th percentile), {statistics.mean(sizes):.0f} bytes in the mean; {seconds:.1f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--show", choices=("stubs", "comments", "unnamed"), help="print where they are")
    args = parser.parse_args()
    for folder in args.folders:
        count(folder.resolve(), args.show)


if __name__ == "__main__":
    main()
