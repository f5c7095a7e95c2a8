"""Write the benchmark of changes: what a changelog says of a change, and the source files that the change touched.

    python -m tests.benchmarks.changes SNAPSHOTS OUT [--limit 60] [--repos pip …]

SNAPSHOTS holds ``owner+name``, a git folder each. A query is the text of a changelog fragment, its targets are the one to
three source files that the commit which added it modified. Of each repository the newest ``--limit`` such commits of the
main line are taken (a merge counts as the change that it brings), and the tree is that of the parent of the oldest, without
the fragments: so all queries ask one tree, in which none of the changes is made. OUT gets ``trees``, ``corpora.json`` and
``queries.jsonl``:

    python tests/benchmarks/retrieval_quality.py OUT/trees --bench OUT

A query whose words hold the name of a file that it seeks is of the category ``named``, others are ``unnamed``.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import yaml

from codebase_core.lexical.identifiers import identifiers, parts
from codebase_core.search.paths import file_stem

from .snapshots import Snapshot, source_language

FRAGMENTS = {
    "pytest-dev/pytest": "changelog",
    "rubocop/rubocop": "changelog",
    "ansible/ansible": "changelogs/fragments",
    "pypa/pip": "news",
    "withastro/astro": ".changeset",
}
"""Where a repository keeps one file a change: towncrier, changesets and their like."""

MOST_TARGETS, LEAST_WORDS = 3, 4

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_AUTHORS = re.compile(r"\(?\[@[^\]]*\]\[\](?:,\s*)?\)?")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_RST_ROLE = re.compile(r":[\w:.-]+:`~?!?([^`<]*?)\s*(?:<[^>]*>)?`")
_RST_LINK = re.compile(r"`([^`<]+?)\s*<[^>]*>`_+")
_URL = re.compile(r"https?://\S+")
_NUMBER = re.compile(r"(?:\b[\w.-]+/[\w.-]+)?#\d+|\bGH-\d+")
_EMPTY = re.compile(r"\(\s*[,.;:\s]*\)|\[\s*\]")


class Change(NamedTuple):
    """A commit that adds one fragment, its first parent, the fragment's path, and the source files that it modifies."""

    commit: str
    parent: str
    fragment: str
    sources: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--repos", nargs="*", help="only these, by their names without owner")
    args = parser.parse_args()
    corpora, queries = [], []
    for repository, folder in FRAGMENTS.items():
        name = repository.rpartition("/")[2]
        if args.repos and name not in args.repos:
            continue
        commit, found = build(Snapshot.of(args.snapshots, repository), folder, args.out / "trees" / name, args.limit)
        corpora.append({"name": name, "github": repository, "commit": commit, "root": ""})
        queries += [{"id": f"{name}-{nth}", "repo": name, **query} for nth, query in enumerate(found)]
        named = sum(query["category"] == "named" for query in found)
        print(f"{name}: {len(found)} queries, {named} name a file, tree of {commit[:10]}")
    (args.out / "corpora.json").write_text(json.dumps(corpora, indent=1))
    (args.out / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in queries))


def build(snapshot: Snapshot, folder: str, tree: Path, limit: int) -> tuple[str, list[dict[str, object]]]:
    """Write the tree; return its commit and the queries."""
    changes = list(islice(_changes(snapshot, folder), limit))
    commit = changes[-1].parent
    known = snapshot.files(commit)
    queries = [
        _query(text(snapshot.run("show", f"{change.commit}:{change.fragment}"), change.fragment), change)
        for change in changes
        if known.issuperset(change.sources)
    ]
    shutil.rmtree(tree, ignore_errors=True)
    snapshot.export(commit, tree)
    shutil.rmtree(tree / folder, ignore_errors=True)
    return commit, queries


def _query(asked: str, change: Change) -> dict[str, object]:
    return {
        "query": asked,
        "relevant": [{"path": path} for path in change.sources],
        "category": "named" if any(names(asked, path) for path in change.sources) else "unnamed",
        "language": source_language(change.sources[0]),
        "commit": change.commit,
    }


def _changes(snapshot: Snapshot, folder: str) -> Iterator[Change]:
    """Yield the changes that qualify, the newest first; of equal texts only the newest."""
    added = snapshot.run("log", "--first-parent", "-m", "--diff-filter=A", "--format=%H", "--", f"{folder}/")
    seen = set()
    for commit in dict.fromkeys(added.split()):
        parent = snapshot.run("rev-parse", f"{commit}^1").strip()
        fields = snapshot.run("diff", "--name-status", "--no-renames", "-z", parent, commit).split("\0")
        changed = list(zip(fields[1::2], fields[::2], strict=False))
        fragments = [path for path, status in changed if status == "A" and path.startswith(f"{folder}/")]
        sources = [(path, status) for path, status in changed if source_language(path)]
        if len(fragments) != 1 or not 1 <= len(sources) <= MOST_TARGETS or any(status != "M" for _, status in sources):
            continue
        said = text(snapshot.run("show", f"{commit}:{fragments[0]}"), fragments[0])
        if len(identifiers(said)) >= LEAST_WORDS and said not in seen:
            seen.add(said)
            yield Change(commit, parent, fragments[0], tuple(path for path, _ in sources))


def text(fragment: str, path: str) -> str:
    """Return what a fragment says, without front matter, markup of links, authors and numbers of issues."""
    if path.endswith((".yml", ".yaml")):
        said = "\n".join(_strings(yaml.safe_load(fragment)))
    else:
        said = _FRONT_MATTER.sub("", fragment).strip().removeprefix("* ")
    for pattern, kept in (
        (_AUTHORS, ""), (_LINK, r"\1"), (_RST_ROLE, r"`\1`"), (_RST_LINK, r"\1"), (_URL, ""), (_NUMBER, ""), (_EMPTY, "")
    ):  # fmt: skip
        said = pattern.sub(kept, said)
    return said.strip(" \n:-,")


def _strings(value: object) -> Iterator[str]:
    """Yield the texts of a fragment in YAML, not the names of its sections."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def names(asked: str, path: str) -> bool:
    """Tell whether the words of a file's name stand in a text, one behind the other."""
    wanted = _words(file_stem(path).replace("-", " "))
    words = _words(asked)
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words)))


def _words(said: str) -> Sequence[str]:
    return [part for identifier in identifiers(said) for part in parts(identifier)]


if __name__ == "__main__":
    main()
