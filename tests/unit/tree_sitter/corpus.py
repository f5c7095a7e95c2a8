"""The corpus: a small source per language, and beside it what it defines, a line each: lines, kind, qualified name.

``python -m tests.unit.tree_sitter.corpus`` writes what is found now; read the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

from codebase_core_hookspecs import SourceFile
from codebase_core_tree_sitter.plugin import chunk

FOLDER = Path(__file__).with_name("corpus")
SOURCES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".symbols")


def found(path: Path) -> str:
    """Return the definitions of a source."""
    chunks = chunk(SourceFile(path=path.name, language=path.stem, text=path.read_bytes()), {})
    assert chunks is not None
    symbols = sorted(
        (s for c in chunks for s in c.symbols), key=lambda s: (s.line, s.end_line, s.kind, s.qualified_name)
    )
    return "".join(
        f"{s.line}-{s.end_line} {s.kind} {s.qualified_name}{' local' * s.local}{' weak' * s.weak}\n" for s in symbols
    )


if __name__ == "__main__":
    for source in SOURCES:
        source.with_suffix(".symbols").write_text(found(source), encoding="utf-8")
