"""The short text that tells an agent when to search: a marked block in the file of instructions that it reads."""

from __future__ import annotations

import re

BEGIN, END = "<!-- codebase-core: begin -->", "<!-- codebase-core: end -->"
TEXT = """\
To find code, ask the tool `search_code` of the MCP server codebase-core first: in plain words ("where are sessions closed"), or a
definition's name. Grep for exact strings afterwards. It indexes folders and changes by itself; do not re-index after edits."""

_BLOCK = re.compile(rf"\n*{re.escape(BEGIN)}.*?{re.escape(END)}\n?", re.DOTALL)


def with_block(text: str) -> str:
    """Return the text with the block, in its place if it is there already."""
    block = f"{BEGIN}\n{TEXT}\n{END}\n"
    if _BLOCK.search(text):
        return _BLOCK.sub(lambda found: ("\n\n" if found.start() else "") + block, text, count=1)
    return f"{text.rstrip()}\n\n{block}" if text.strip() else block


def without_block(text: str) -> str:
    """Return the text without the block."""
    return _BLOCK.sub("\n", text, count=1).lstrip("\n") if _BLOCK.search(text) else text
