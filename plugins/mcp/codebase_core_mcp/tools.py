"""The tools that agents see. Every client pays for these words in every conversation: they are few and short."""

from __future__ import annotations

from inspect import getdoc

from mcp.types import Tool, ToolAnnotations

from .arguments import MODELS, short_schema

INSTRUCTIONS = """\
Semantic and symbol search over indexed source code. Ask search_code before grepping or listing folders: in plain words for \
"where/how", or a definition's name. Read the file only when the passage is not enough. A folder that is not indexed is indexed \
by the first search; while `indexing` is reported, results are partial: go on working, do not start it again. Files that changed \
are indexed before an answer; there is no need to re-index after edits. With several projects pass `project`."""

_WRITING = ToolAnnotations(read_only_hint=False, destructive_hint=False)

TOOLS = tuple(
    Tool(
        name=name,
        description=getdoc(model),
        input_schema=short_schema(model),
        annotations=_WRITING if name == "index_repository" else ToolAnnotations(read_only_hint=True),
    )
    for name, model in MODELS.items()
)
"""The tools as they are listed; the models of their arguments describe them."""
