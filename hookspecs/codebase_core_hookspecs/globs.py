"""Path globs as regular expressions, the same for every store."""

from __future__ import annotations

import re

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|.", re.DOTALL)
_SPECIAL = frozenset(".^$+{}()|[]\\*?-")


def glob_expression(glob: str) -> str:
    """Return the expression for a glob: ``*`` stays in a folder, ``**`` crosses; without a slash it is a name anywhere.

    A glob that names a folder takes all that is in it. Python (with ``re.DOTALL``) and PostgreSQL read the expression alike.
    """
    anchored = "/" in glob.rstrip("/")
    body = "".join(_translated(piece) for piece in _PIECE.findall(glob.strip("/")))
    return f"^{'' if anchored else '(.*/)?'}{body}(/.*)?$"


def _translated(piece: str) -> str:
    match piece:
        case "**/":
            return "(.*/)?"
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
        case _:
            return "\\" + piece if piece in _SPECIAL else piece
