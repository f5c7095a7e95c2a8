"""Answers as compact text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_QUERY_CHARACTERS, _SYMBOLS = 80, 8


def compact(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer without what an agent does not need: a definition is told by its name."""
    hits = [
        {**hit, "symbols": [symbol["qualified_name"] for symbol in hit["symbols"][:_SYMBOLS]]} for hit in answer["hits"]
    ]
    return {**answer, "hits": hits}


def answer(shown: Mapping[str, Any]) -> str:
    """Return a compacted answer as text."""
    asked = shown["query"]
    lines = [f"# {asked[:_QUERY_CHARACTERS]}{'…' * (len(asked) > _QUERY_CHARACTERS)}", *_about(shown)]
    if shown.get("note") or not shown["hits"]:
        lines.append(shown.get("note") or ("no result" if shown["project"] else "nothing is indexed yet"))
    several = len(shown["index"]) > 1
    for number, hit in enumerate(shown["hits"], 1):
        state = "" if hit["state"] == "current" else f" [{hit['state']} since it was indexed]"
        names = f" {', '.join(hit['symbols'][:3])}" if hit["symbols"] else ""
        path = f"{hit['repository']}/{hit['path']}" if several else hit["path"]
        lines.append(f"{number}. {path}:{hit['start_line']}-{hit['end_line']}{names}{state}")
        if "explain" in hit:
            lines.append("   " + " ".join(f"{name} {value:.3f}" for name, value in hit["explain"].items()))
        lines.append(hit["text"].rstrip("\n"))
    return "\n".join(lines)


def _about(shown: Mapping[str, Any]) -> list[str]:
    """Say which project answered, why that one, and how fresh it is."""
    lines = []
    project = shown.get("project")
    if project:
        states = [
            f"{each['repository']} ({each['root']}) indexed {each['indexed_at'] or 'never'}{_at(each)}"
            for each in shown["index"]
        ]
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
