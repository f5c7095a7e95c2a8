"""Ask for definitions by name, of any folders, and count how often the right one comes first.

    python tests/benchmarks/names.py FOLDER … [--count 60] [--seed 1] [--home HOME] [--show]

Each folder is indexed into a project of its own. What is right is told by others than the chunker that made the index: Python's
``ast`` for Python, Universal Ctags for the rest (``ctags`` on the PATH). Asked are, through ``search`` and ``search --symbol``,

- qualified: random ``Class.method`` names. Right is a hit that shows the line of a method so named in a class so named;
- bare: random names of types, functions, methods. Right is a hit that shows a definition of the name: of a type if there is one.

Names are drawn from outside of tests and examples, and what lies there is right only if nothing else is. Names that ctags makes
up are not asked.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import json
import os
import random
import re
import subprocess
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from codebase_core_hookspecs import SearchRequest, SymbolRequest

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings

TYPES = frozenset(
    {"class", "struct", "interface", "trait", "enum", "type", "object", "implementation", "typedef", "union"}
)
CALLABLES = frozenset({"function", "method", "func", "singletonMethod", "subroutine", "procedure"})
SPACES = TYPES | {"module", "namespace", "package"}
ASIDE = re.compile(
    r"(?:^|/)(?:tests?|testing|specs?|__tests__|examples?|samples?|benchmarks?|docs?|docs_src|fixtures|vendor|third_party)/"
    r"|(?:^|/)(?:test_|conftest)|[._](?:test|spec)s?\.|Tests?\.\w+$",
    re.IGNORECASE,
)
PLAIN = re.compile(r"[^\W\d]\w{2,}")
JOINED = {".rs": "::", ".cpp": "::", ".hpp": "::", ".h": "::", ".php": "::", ".rb": "#"}
"""How a language's users write a method; a dot elsewhere."""

SHOWN = 3


class Named(NamedTuple):
    """A definition; ``scope`` is the last name of what is around it, ``kind`` is type or callable."""

    name: str
    scope: str
    kind: str
    path: str
    line: int


def of_python(root: Path, path: str) -> Iterator[Named]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse((root / path).read_bytes())
    except (SyntaxError, ValueError):
        return
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, scope = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                yield Named(child.name, scope, "type", path, child.lineno)
                waiting.append((child, child.name))
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Named(child.name, scope, "callable", path, child.lineno)
            elif isinstance(child, ast.If | ast.Try | ast.With):
                waiting.append((child, scope))


def by_ctags(root: Path) -> Iterator[Named]:
    command = ["ctags", "-R", "--output-format=json", "--fields=+nKsZ", "--extras=-F", "--links=no", "-f", "-", "."]
    excluded = ["--languages=-Python,-JSON,-HTML,-CSS,-Markdown,-Yaml,-ReStructuredText,-Tcl,-Make,-Sh,-XML,-SQL"]
    told = subprocess.run([*command[:-1], *excluded, "."], cwd=root, capture_output=True, check=True).stdout
    for line in told.decode(errors="replace").splitlines():
        tag = json.loads(line)
        kind = "type" if tag.get("kind") in TYPES else "callable" if tag.get("kind") in CALLABLES else None
        within = tag.get("scopeKind")
        if (
            kind is None
            or (within is not None and within not in SPACES)
            or "anon" in f"{tag.get('scope', '')}{tag['name']}".lower()
        ):
            continue
        scope = re.split(r"::|\.|\\|#", tag.get("scope", ""))[-1] if within in TYPES | {"module"} else ""
        yield Named(tag["name"], re.sub(r"<.*", "", scope), kind, os.path.normpath(tag["path"]), tag["line"])


def definitions(root: Path, indexed: frozenset[str]) -> list[Named]:
    found = [*by_ctags(root)]
    for path in sorted(indexed):
        if path.endswith(".py"):
            found += of_python(root, path)
    return [each for each in found if each.path in indexed and PLAIN.fullmatch(each.name)]


def drawn(found: Sequence[Named], count: int, seed: int) -> Iterator[tuple[str, str, frozenset[tuple[str, int]]]]:
    """Yield the way of asking, the name asked for, and the places that are right."""
    chance = random.Random(seed)
    qualified: Mapping[tuple[str, str], list[Named]] = defaultdict(list)
    bare: Mapping[str, list[Named]] = defaultdict(list)
    for each in found:
        bare[each.name].append(each)
        if each.kind == "callable" and PLAIN.fullmatch(each.scope):
            qualified[each.scope, each.name].append(each)
    asked = {
        key: right
        for key, held in qualified.items()
        if (right := [each for each in held if not ASIDE.search(each.path)])
    }
    for scope, name in chance.sample(sorted(asked), min(count, len(asked))):
        right = asked[scope, name]
        joined = JOINED.get(Path(right[0].path).suffix, ".")
        yield "qualified", f"{scope}{joined}{name}", frozenset((each.path, each.line) for each in right)
    names = {
        name: right for name, held in bare.items() if (right := [each for each in held if not ASIDE.search(each.path)])
    }
    for name in chance.sample(sorted(names), min(count, len(names))):
        types = [each for each in names[name] if each.kind == "type"]
        yield "bare", name, frozenset((each.path, each.line) for each in types or names[name])


async def measure(app: App, root: Path, args: argparse.Namespace) -> Counter[tuple[str, str, int]]:
    project = f"names-{re.sub(r'[^a-z0-9]+', '-', root.name.lower())}"
    report = await app.index(root, choices=Choices(project=project))
    searcher = await app.searcher(report.resolution)
    (repository,) = await searcher.store.repositories()
    indexed = frozenset([state.path async for page in searcher.store.file_states(repository.name) for state in page])
    places: Counter[tuple[str, str, int]] = Counter()
    for how, name, right in drawn(definitions(root, indexed), args.count, args.seed):
        for way, request in (("search", SearchRequest(name)), ("symbol", SymbolRequest(name))):
            hits = (await searcher.ask(request)).hits
            place = next(
                (
                    place
                    for place, hit in enumerate(hits, 1)
                    if any(hit.path == path and hit.start_line <= line <= hit.end_line for path, line in right)
                ),
                0,
            )
            places[how, way, place] += 1
            if args.show and place != 1:
                first = f"{hits[0].path}:{hits[0].start_line} {','.join(hits[0].heading[:2])}" if hits else "nothing"
                path, line = min(right)
                print(f"  {way} {name}: {place or 'not found'}; first is {first}; right: {path}:{line}")
    return places


def told(places: Counter[tuple[str, str, int]]) -> str:
    parts = []
    for how in ("qualified", "bare"):
        for way in ("search", "symbol"):
            counted = {place: number for (h, w, place), number in places.items() if (h, w) == (how, way)}
            asked = sum(counted.values())
            near = sum(number for place, number in counted.items() if 1 <= place <= SHOWN)
            if asked:
                shares = f"first {100 * counted.get(1, 0) / asked:.1f}%, among {SHOWN} {100 * near / asked:.1f}%"
                parts.append(f"{how} by {way} {shares} of {asked}")
    return "; ".join(parts)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print every name whose right definition is not first")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "codebase-core-names")
    args = parser.parse_args()
    total: Counter[tuple[str, str, int]] = Counter()
    async with App(load_settings(flags={"home": args.home, "store": "postgres-database"})) as app:
        for folder in args.folders:
            places = await measure(app, folder.resolve(), args)
            total += places
            print(f"{folder.name}: {told(places)}", flush=True)
    print(f"all: {told(total)}")


if __name__ == "__main__":
    asyncio.run(main())
