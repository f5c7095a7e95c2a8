"""Ask questions about public repositories, and look whether the lines that are shown hold the answer.

    python tests/benchmarks/questions.py NAME=FOLDER … [--queries questions.jsonl] [--home HOME] [--show]

``questions.jsonl`` has 40 questions about five repositories (flask, fastapi, django, pydantic, redis) that were written down,
with an expression for what the answer has to hold, before anybody looked at answers. Counted is in how many of the first three
hits, and for how many questions in one of them, the lines that the text form shows (eight a hit) match the expression.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import tempfile
from pathlib import Path

from codebase_core_hookspecs import Hit, SearchRequest

from codebase_core.app import App
from codebase_core.cli.answers import SNIPPET_LINES
from codebase_core.config.settings import load_settings
from codebase_core.search.window import numbered_lines

FIRST = 3


def shown(hit: Hit, query: str) -> str:
    return "\n".join(line[1] for line in numbered_lines(hit, query, SNIPPET_LINES) if line is not None)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--queries", type=Path, default=Path(__file__).with_name("questions.jsonl"))
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "codebase-core-questions")
    parser.add_argument("--show", action="store_true", help="print what is not answered, and by what")
    args = parser.parse_args()
    folders = dict(each.split("=", 1) for each in args.folders)
    questions = [json.loads(line) for line in args.queries.read_text().splitlines()]
    counted = {"questions": 0, "answered": 0, "answered first": 0, "hits": 0, "answering hits": 0}
    async with App(load_settings(flags={"home": args.home})) as app:
        for name, folder in folders.items():
            searcher = await app.searcher((await app.index(Path(folder))).resolution)
            for question in (each for each in questions if each["repo"] == name):
                answer = await searcher.search(SearchRequest(question["query"]))
                matching = [
                    bool(re.search(question["shows"], shown(h, question["query"]))) for h in answer.hits[:FIRST]
                ]
                counted["questions"] += 1
                counted["answered"] += any(matching)
                counted["answered first"] += any(matching[:1])
                counted["hits"] += len(matching)
                counted["answering hits"] += sum(matching)
                if args.show and not any(matching):
                    print(f"  {name}: {question['query']}")
                    for hit in answer.hits[:FIRST]:
                        print(f"    {hit.path}:{hit.start_line}-{hit.end_line} {', '.join(hit.heading[:2])}")
    asked = counted["questions"]
    print(
        f"{asked} questions: answered {counted['answered'] / asked:.0%} in the first {FIRST},"
        f" {counted['answered first'] / asked:.0%} first; of {counted['hits']} hits {counted['answering hits']}"
    )


if __name__ == "__main__":
    asyncio.run(main())
