"""A chunker for any language: whole lines."""

from __future__ import annotations

from codebase_core_hookspecs import ChunkerPlugin

from codebase_core.builtin.line_chunker import VERSION, chunk_lines

LINE_CHUNKER = ChunkerPlugin(
    name="fake-lines", summary="Runs of whole lines", chunk=chunk_lines, languages=frozenset({"*"}), version=VERSION
)
