"""Set and remove one member of a JSON file that people edit: comments, order and layout of everything else stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

_GAP = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}/]+")
_REMARK = re.compile(r"[ \t]*(?://[^\n]*|/\*[^\n]*?\*/[ \t]*)(?=\r?\n)")
_REST = re.compile(r"[ \t]*\r?\n")
_INDENT = "  "


class Member(NamedTuple):
    """One member of an object: where its key begins, where its value begins and ends."""

    key: str
    start: int
    value: int
    end: int


def with_member(text: str, path: Sequence[str], value: Any) -> str:
    """Return the text with a member set; raise ValueError if it is not an object all the way."""
    if not text.strip():
        text = "{}\n"
    start = _gap(text, 0)
    for depth, key in enumerate(path):
        members = list(_members(text, start))
        found = next((member for member in members if member.key == key), None)
        if found is None:
            for name in reversed(path[depth + 1 :]):
                value = {name: value}
            return _appended(text, start, members, key, value, depth=depth + 1)
        start = found.value
    return text[:start] + _dumped(value, len(path)) + text[_end(text, start) :]


def without_member(text: str, path: Sequence[str]) -> str:
    """Return the text without a member; the same text if it is not there."""
    start = _gap(text, 0)
    for depth, key in enumerate(path):
        if not text.startswith("{", start):
            return text
        members = list(_members(text, start))
        place = next((i for i, member in enumerate(members) if member.key == key), None)
        if place is None:
            return text
        if depth < len(path) - 1:
            start = members[place].value
            continue
        return _cut(text, members, place)
    return text


def member(text: str, path: Sequence[str]) -> Any:
    """Return the value of a member, None if there is none."""
    if not text.strip():
        return None
    start = _gap(text, 0)
    for key in path:
        found = next((each for each in _members(text, start) if each.key == key), None)
        if found is None:
            return None
        start = found.value
    return json.loads(_plain(text[start : _end(text, start)]))


def _appended(text: str, start: int, members: Sequence[Member], key: str, value: Any, *, depth: int) -> str:
    entry = f"{json.dumps(key)}: {_dumped(value, depth)}"
    if not members:
        end = _end(text, start)
        inner = text[start + 1 : end - 1].rstrip()
        return f"{text[: start + 1]}{inner}\n{_INDENT * depth}{entry}\n{_INDENT * (depth - 1)}{text[end - 1 :]}"
    last = members[-1].end
    line = text.rfind("\n", 0, members[-1].start)
    before = text[line + 1 : members[-1].start]
    comma = _gap(text, last)
    kept = text.startswith(",", comma)  # a comma behind the last member stays one
    at = comma + 1 if kept else last
    separator = " "
    if line >= start and not before.strip():
        separator = f"\n{before}"
        remark = _REMARK.match(text, at)  # stays beside the member that it is about
        at = remark.end() if remark is not None else at
    first = text[:at] if kept else f"{text[:last]},{text[last:at]}"
    return f"{first}{separator}{entry}{',' if kept else ''}{text[at:]}"


def _cut(text: str, members: Sequence[Member], place: int) -> str:
    """Take out a member and one comma; its line goes if nothing else is on it."""
    left, right = text[: members[place].start], text[members[place].end :]
    comma = _gap(right, 0)
    if right.startswith(",", comma):
        right = right[:comma] + right[comma + 1 :].lstrip(" \t")
    elif place:
        comma = _gap(text, members[place - 1].end)
        left = left[:comma] + left[comma + 1 :].rstrip(" \t")
    line = left.rfind("\n") + 1
    rest = _REST.match(right)
    if line and rest is not None and not left[line:].strip():
        return left[:line] + right[rest.end() :]
    return left + right


def _dumped(value: Any, depth: int) -> str:
    return json.dumps(value, indent=len(_INDENT), ensure_ascii=False).replace("\n", "\n" + _INDENT * depth)


def _members(text: str, start: int) -> Iterator[Member]:
    if not text.startswith("{", start):
        raise ValueError("it holds something else where an object belongs")
    at = _gap(text, start + 1)
    while not text.startswith("}", at):
        key_end = _string_end(text, at)
        colon = _gap(text, key_end)
        if not text.startswith(":", colon):
            raise ValueError(f"a colon is missing at character {colon}")
        value = _gap(text, colon + 1)
        end = _end(text, value)
        yield Member(json.loads(text[at:key_end]), at, value, end)
        at = _gap(text, end)
        if text.startswith(",", at):
            at = _gap(text, at + 1)
        elif not text.startswith("}", at):
            raise ValueError(f"a comma or a closing brace is missing at character {at}")


def _end(text: str, start: int) -> int:
    """Return where a value ends."""
    if text.startswith('"', start):
        return _string_end(text, start)
    if text[start : start + 1] not in ("{", "["):
        found = _SCALAR.match(text, start)
        if found is None:
            raise ValueError(f"a value is missing at character {start}")
        return found.end()
    depth, at = 0, start
    while at < len(text):
        at = _gap(text, at)
        if text.startswith('"', at):
            at = _string_end(text, at)
            continue
        if text[at : at + 1] in ("{", "["):
            depth += 1
        elif text[at : at + 1] in ("}", "]"):
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    raise ValueError("it ends in the middle")


def _string_end(text: str, start: int) -> int:
    found = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL).match(text, start)
    if found is None:
        raise ValueError(f"a text is missing at character {start}")
    return found.end()


def _gap(text: str, start: int) -> int:
    found = _GAP.match(text, start)
    return found.end() if found is not None else start


def _plain(text: str) -> str:
    """Return JSON without comments and without commas before a closing brace."""
    pieces: list[str] = []
    at = 0
    while at < len(text):
        after = _gap(text, at)
        if after > at:
            pieces.append(" ")
            at = after
        elif text[at] == '"':
            end = _string_end(text, at)
            pieces.append(text[at:end])
            at = end
        else:
            if text[at] != "," or text[_gap(text, at + 1) : _gap(text, at + 1) + 1] not in ("}", "]"):
                pieces.append(text[at])
            at += 1
    return "".join(pieces)
