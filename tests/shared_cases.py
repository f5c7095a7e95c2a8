"""Run the small inputs that users of such tools have reported, where they lie beside the project.

    python -m tests.shared_cases [--cases ../shared/cases] [--jobs N] [WORD …]

Each folder holds an input and a ``run.sh`` that ends with 0 if the command treats it rightly. WORD: only cases whose names hold
one of the words. Ends with 1 if a case is wrong.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CASES = Path(__file__).parents[2] / "shared" / "cases"
COMMAND = Path(sys.executable).with_name("codebase-core")
SECONDS = 300
RIGHT, WRONG, NOT_RUN = 0, 1, 2
SAID = {RIGHT: "right", WRONG: "WRONG"}


def run(case: Path, environ: dict[str, str]) -> tuple[int, str]:
    """Return how a case ended, and what it said."""
    command = ["bash", str(case / "run.sh")]
    try:
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return NOT_RUN, f"took over {SECONDS} s"
    return done.returncode, (done.stdout + done.stderr).strip()


def main() -> int:
    """Run the cases and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    if not args.cases.is_dir():
        print(f"{args.cases} is not there", file=sys.stderr)
        return 0
    scripts = sorted(args.cases.glob("*/run.sh"), key=lambda each: int(each.parent.name.partition("-")[0]))
    cases = [each.parent for each in scripts if not args.words or any(word in each.parent.name for word in args.words)]
    home = Path(tempfile.mkdtemp(prefix="cases-"))
    environ = {**os.environ, "CC": str(COMMAND), "CODEBASE_CORE_HOME": str(home)}
    try:
        with ThreadPoolExecutor(args.jobs) as pool:
            ends = list(pool.map(lambda case: run(case, environ), cases))
    finally:
        subprocess.run([COMMAND, "server", "remove", "--yes"], env=environ, capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)
    for case, (code, said) in zip(cases, ends, strict=True):
        print(f"{SAID.get(code, 'not run'):<8} {case.name}{'' if code == RIGHT else f': {said[:300]}'}")
    print(f"{sum(code == RIGHT for code, _ in ends)} of {len(ends)} right")
    return int(any(code != RIGHT for code, _ in ends))


if __name__ == "__main__":
    sys.exit(main())
