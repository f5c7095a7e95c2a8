"""Answers as compact text, within a budget of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BYTES_A_TOKEN = 3
"""Source code has 3 to 4 bytes a token in the tokenizers of current models; the smaller figure keeps the promise."""

_HEAD_BYTES = 240
"""What the lines above the hits take, and what a hit takes beside its text."""


def fitted(answer: Mapping[str, Any], *, max_tokens: int) -> dict[str, Any]:
    """Return the answer with texts cut so that it fits: the first hits whole, later ones shorter, the last without."""
    room = max_tokens * _BYTES_A_TOKEN - _HEAD_BYTES
    hits: list[dict[str, Any]] = []
    for hit in answer["hits"]:
        room -= _HEAD_BYTES // 2
        if room <= 0 and hits:
            break
        text = _cut(hit["text"].rstrip("\n"), max(room, 0))
        room -= len(text.encode())
        shown = {key: value for key, value in hit.items() if key not in ("symbols", "text")}
        hits.append({**shown, "symbols": [symbol["qualified_name"] for symbol in hit["symbols"]][:8], "text": text})
    left = len(answer["hits"]) - len(hits)
    return {**answer, "hits": hits} | ({"hits_left_out": left} if left else {})


def _cut(text: str, room: int) -> str:
    """Return the first lines that fit."""
    if len(text.encode()) <= room:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        room -= len(line.encode()) + 1
        if room < len("…"):
            break
        lines.append(line)
    return "\n".join([*lines, "…"]) if lines else ""


def answer(shown: Mapping[str, Any]) -> str:
    """Return an answer that was fitted, as text."""
    lines = [f"# {shown['query']}" if len(shown["query"]) <= 80 else f"# {shown['query'][:80]}…", *_about(shown)]  # noqa: PLR2004
    if not shown["hits"]:
        lines.append("no result" if shown["project"] else "nothing is indexed yet")
    for number, hit in enumerate(shown["hits"], 1):
        state = "" if hit["state"] == "current" else f" [{hit['state']} since it was indexed]"
        names = f" {', '.join(hit['symbols'][:3])}" if hit["symbols"] else ""
        lines.append(f"{number}. {hit['path']}:{hit['start_line']}-{hit['end_line']}{names}{state}")
        if "explain" in hit:
            lines.append("   " + " ".join(f"{name} {value:.3f}" for name, value in hit["explain"].items()))
        if hit["text"]:
            lines.append(hit["text"])
    if shown.get("hits_left_out"):
        lines.append(f"{shown['hits_left_out']} more did not fit into max_tokens")
    return "\n".join(lines)


def _about(shown: Mapping[str, Any]) -> list[str]:
    """Say which project answered, why that one, and how fresh it is."""
    lines = []
    project = shown.get("project")
    if project:
        states = [f"{each['repository']} indexed {each['indexed_at'] or 'never'}{_at(each)}" for each in shown["index"]]
        lines.append(f"project {project['name']} (by {project['tier']}: {project['evidence']}); {'; '.join(states)}")
    freshness = shown.get("freshness")
    if freshness:
        lines.append(f"index: {freshness['state']}" + (f" ({freshness['reason']})" if "reason" in freshness else ""))
    if shown.get("indexing"):
        lines.append(job(shown["indexing"]))
    return lines


def _at(repository: Mapping[str, Any]) -> str:
    return f" at {repository['commit'][:10]}" if repository["commit"] else ""


def job(shown: Mapping[str, Any]) -> str:
    """Return how far a job is."""
    text = f"indexing {shown['path']}: job {shown['job']} {shown['state']}"
    if "done" in shown:
        total = f" of {shown['changed']}" if shown.get("scanned") else ""
        text += f", {shown['done']}{total} files, {shown.get('chunks', 0)} chunks"
    return f"{text}: {shown['error']}" if "error" in shown else text


def status(shown: Mapping[str, Any]) -> str:
    """Return what is indexed."""
    lines = []
    if shown.get("project"):
        lines.append(f"project {shown['project']['name']}: {shown['files']} files, {shown['chunks']} chunks")
        lines += [
            f"{each['name']} ({each['root']}): indexed {each['indexed_at'] or 'never'}{_at(each)}"
            for each in shown["repositories"]
        ]
        if "freshness" in shown:
            lines += _about({"freshness": shown["freshness"]})
    if shown.get("indexing"):
        lines.append(job(shown["indexing"]))
    return "\n".join(lines) or "nothing is indexed"
