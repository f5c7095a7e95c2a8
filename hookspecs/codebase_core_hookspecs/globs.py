"""Path globs as regular expressions, the same for every store."""

from __future__ import annotations

import re

MAX_ALTERNATIVES = 256
"""What braces may stand for; the braces of a glob that would be more are plain characters."""

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[\w.-]+\]|.", re.DOTALL)
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_SPECIAL = frozenset(".^$+{}()|[]\\*?-")


def glob_expression(glob: str) -> str:
    """Return the expression for a glob: ``*`` stays in a folder, ``**`` crosses; without a slash it is a name anywhere.

    A glob that names a folder takes all that is in it; ``{a,b}`` is either, ``[ab]`` one of the letters, or a name with these
    brackets (folders are called ``[id]``). Python (with ``re.DOTALL``) and PostgreSQL read the expression alike.
    """
    expressions = [_expression(each) for each in _alternatives(glob)]
    return expressions[0] if len(expressions) == 1 else f"^({'|'.join(each[1:-1] for each in expressions)})$"


def _expression(glob: str) -> str:
    anchored = "/" in glob.rstrip("/")
    body = "".join(_translated(piece) for piece in _PIECE.findall(glob.strip("/")))
    return f"^{'' if anchored else '(.*/)?'}{body}(/.*)?$"


def _alternatives(glob: str) -> list[str]:
    """Return the globs that one with braces stands for, the innermost braces first."""
    waiting = [glob]
    found: list[str] = []
    while waiting:
        if len(waiting) + len(found) > MAX_ALTERNATIVES:
            return [glob]
        each = waiting.pop()
        braces = _BRACES.search(each)
        if braces is None:
            found.append(each)
        else:
            waiting += [each[: braces.start()] + part + each[braces.end() :] for part in braces[1].split(",")]
    return list(dict.fromkeys(reversed(found)))


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
    literal = "".join(map(_escaped, piece))
    one = _one_of(piece) if len(piece) > 1 else ""
    return f"({one}|{literal})" if one else literal


def _one_of(brackets: str) -> str:
    """Return a class of characters: a range keeps its hyphen, one that goes backwards stands for nothing.

    Empty if nothing is left.
    """
    inside = brackets[1:-1].removeprefix("!")
    pieces = re.findall(r"\w-\w|.", inside, re.DOTALL)
    chosen = "".join(
        each if len(each) > 1 else _escaped(each) for each in pieces if len(each) == 1 or each[0] <= each[2]
    )
    if not chosen:
        return ""
    return f"[^/{chosen}]" if brackets[1] == "!" else f"[{chosen}]"


def _escaped(character: str) -> str:
    return "\\" + character if character in _SPECIAL else character
