"""Set and remove one member of a JSON file that people edit: comments, order and layout of everything else stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import tree_sitter_json
from tree_sitter import Language, Node, Parser

_REMARK = re.compile(rb"[ \t]*(?://[^\n]*|/\*[^\n]*?\*/[ \t]*)(?=\r?\n)")
_REST = re.compile(rb"[ \t]*\r?\n")
_INDENT = "  "


def with_member(text: str, path: Sequence[str], value: Any) -> str:
    """Return the text with a member set; raise ValueError if it is not an object all the way."""
    data = text.encode() if text.strip() else b"{}\n"
    node = _root(data)
    for depth, key in enumerate(path):
        pairs = _pairs(node)
        if key not in pairs:
            for name in reversed(path[depth + 1 :]):
                value = {name: value}
            return _append(data, node, key, value, depth=depth + 1).decode()
        node = _value(pairs[key])
    return (data[: node.start_byte] + _dump(value, len(path)) + data[node.end_byte :]).decode()


def without_member(text: str, path: Sequence[str]) -> str:
    """Return the text without a member; the same text if it is not there."""
    if member(text, path[:-1]) is None:
        return text
    data = text.encode()
    node = _root(data)
    for key in path[:-1]:
        node = _value(_pairs(node)[key])
    if node.type != "object" or (pair := _pairs(node).get(path[-1])) is None:
        return text
    return _cut(data, pair).decode()


def member(text: str, path: Sequence[str]) -> Any:
    """Return the value of a member, None if there is none; raise ValueError if the text is not JSON with comments."""
    if not text.strip():
        return None
    found = _load(_parse(text.encode()))
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _parse(data: bytes) -> Node:
    return Parser(Language(tree_sitter_json.language())).parse(data).root_node


def _root(data: bytes) -> Node:
    document = _parse(data)
    _load(document)
    return next(node for node in document.named_children if node.type != "comment")


def _load(document: Node) -> Any:
    """Return what a document says: json checks its words, without comments and without commas before a closing brace."""
    words: list[str] = []
    for word in _words(document):
        if word in {"}", "]"} and len(words) > 1 and words[-1] == "," and words[-2] not in {",", "{", "["}:
            words.pop()
        words.append(word)
    return json.loads(" ".join(words))


def _words(document: Node) -> Iterator[str]:
    """Iterate over strings, scalars and punctuation; the grammar reports commas at the end as errors, which go through."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if node.child_count and node.type != "string":
            waiting += reversed(node.children)
        elif node.type != "comment" and not node.is_missing:
            yield (node.text or b"").decode()


def _pairs(node: Node) -> dict[str, Node]:
    if node.type != "object":
        raise ValueError(f"line {node.start_point.row + 1} holds {node.type} where an object belongs")
    pairs = {}
    for child in node.named_children:
        if child.type == "pair":
            pairs[json.loads((child.named_children[0].text or b"").decode())] = child
        elif child.type != "comment" and child.text != b",":
            raise ValueError(f"line {child.start_point.row + 1} holds {child.type} where a member belongs")
    return pairs


def _value(pair: Node) -> Node:
    value = pair.child_by_field_name("value")
    if value is None:
        raise ValueError(f"line {pair.start_point.row + 1} holds a member without a value")
    return value


def _comma(pair: Node, *, before: bool = False) -> Node | None:
    """Return the comma behind a member, or before it."""
    node = pair.prev_sibling if before else pair.next_sibling
    while node is not None and node.type == "comment":
        node = node.prev_sibling if before else node.next_sibling
    return node if node is not None and node.text == b"," else None


def _append(data: bytes, parent: Node, key: str, value: Any, *, depth: int) -> bytes:
    entry = f"{json.dumps(key)}: ".encode() + _dump(value, depth)
    pairs = [child for child in parent.named_children if child.type == "pair"]
    if not pairs:
        inner = data[parent.start_byte : parent.end_byte - 1].rstrip()
        indent = _INDENT.encode()
        lines = b"\n" + indent * depth + entry + b"\n" + indent * (depth - 1)
        return data[: parent.start_byte] + inner + lines + data[parent.end_byte - 1 :]
    last = pairs[-1]
    line = data.rfind(b"\n", 0, last.start_byte)
    before = data[line + 1 : last.start_byte]
    comma = _comma(last)  # one behind the last member stays there
    at = comma.end_byte if comma is not None else last.end_byte
    separator = b" "
    if line >= parent.start_byte and not before.strip():
        separator = b"\n" + before
        remark = _REMARK.match(data, at)  # stays beside the member that it is about
        at = remark.end() if remark is not None else at
    if comma is not None:
        return data[:at] + separator + entry + b"," + data[at:]
    return data[: last.end_byte] + b"," + data[last.end_byte : at] + separator + entry + data[at:]


def _cut(data: bytes, pair: Node) -> bytes:
    """Take out a member and one comma; its line goes if nothing else is on it."""
    left, right = data[: pair.start_byte], data[pair.end_byte :]
    if (comma := _comma(pair)) is not None:
        right = data[pair.end_byte : comma.start_byte] + data[comma.end_byte :].lstrip(b" \t")
    elif (comma := _comma(pair, before=True)) is not None:
        left = data[: comma.start_byte] + data[comma.end_byte : pair.start_byte].rstrip(b" \t")
    line = left.rfind(b"\n") + 1
    rest = _REST.match(right)
    if line and rest is not None and not left[line:].strip():
        return left[:line] + right[rest.end() :]
    return left + right


def _dump(value: Any, depth: int) -> bytes:
    return json.dumps(value, indent=len(_INDENT), ensure_ascii=False).replace("\n", "\n" + _INDENT * depth).encode()
