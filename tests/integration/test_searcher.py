"""Definitions, outlines, what is related, and whole files, out of a real index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from codebase_core_hookspecs import Excerpt, Filters, RelatedRequest, SearchRequest, SymbolRequest
from codebase_core_postgres.project.store import PostgresProjectStore
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App
from codebase_core.cli.app import cli
from codebase_core.errors import FileNotIndexed
from codebase_core.search.searcher import Searcher
from codebase_core.search.window import numbered_lines

pytestmark = [pytest.mark.any_store, pytest.mark.embedder]

POOL = '''"""ConnectionPool are pooled."""


class Pool:
    """Hold open connections."""

    def acquire(self):
        connection = self.idle.pop()
        connection.check()
        return connection

    def release(self, connection):
        connection.reset()
        self.idle.append(connection)
'''
SOURCES = {
    "db/pool.py": POOL,
    "db/threads.py": POOL.replace("Pool", "ThreadPool").replace("ConnectionPool", "Threads").replace("connection", "thread"),
    "db/text.py": "def acquire_text(path):\n    return open(path).read()\n\n\ndef _acquire():\n    pass\n",
    "tests/test_pool.py": "from db.pool import Pool\n\n\ndef acquire():\n    return Pool().acquire()\n",
    "web.go": "package web\n\nfunc Acquire() int {\n\treturn 1\n}\n",
    "notes.txt": "acquire a pool of connections\n",
}  # fmt: skip


@pytest.fixture
async def root(tmp_path: Path) -> Path:
    folder = tmp_path / "pools"
    for path, text in SOURCES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / ".git").mkdir()
    return folder


@pytest.fixture
async def searcher(app: App, root: Path) -> Searcher:
    report = await app.index(root)
    return await app.searcher(report.resolution)


async def test_files_are_asked_for_or_left_out_by_their_role(searcher: Searcher, root: Path) -> None:
    def paths(answer: object) -> set[str]:
        return {hit.path for hit in answer.hits}  # type: ignore[attr-defined]

    tests, code = Filters(roles=frozenset({"tests"})), Filters(roles=frozenset({"code"}))
    assert paths(await searcher.search(SearchRequest("acquire a connection", filters=tests))) == {"tests/test_pool.py"}
    assert paths(await searcher.symbol(SymbolRequest("acquire", filters=tests))) == {"tests/test_pool.py"}
    no_tests = Filters(without_roles=frozenset({"tests"}))
    assert "tests/test_pool.py" not in paths(await searcher.search(SearchRequest("acquire a pool", filters=no_tests)))
    assert {"tests/test_pool.py", "notes.txt"}.isdisjoint(
        paths(await searcher.search(SearchRequest("acquire a pool", filters=code)))
    )
    vendored = await searcher.search(SearchRequest("acquire", filters=Filters(roles=frozenset({"vendored"}))))
    assert (vendored.hits, vendored.note) == ([], "no result passes the filters; only vendored were asked for")


async def test_a_part_of_a_long_definition_is_shown_with_the_line_that_begins_it(app: App, root: Path) -> None:
    """Eight lines out of the middle of a function did not say which function that is."""
    steps = "".join(f"    ledger.balance_{n} = reconcile(statement, account_{n})\n" for n in range(60))
    (root / "books.py").write_text(
        f"def close_year(\n    ledger,\n    statement,\n):\n{steps}    archive_vouchers(ledger)\n"
    )
    searcher = await app.searcher((await app.index(root)).resolution)
    answer = await searcher.search(SearchRequest("archive the vouchers of the ledger"))
    hit = answer.hits[0]
    assert (hit.path, hit.scope, hit.start_line > 4) == ("books.py", "close_year", True)
    assert (hit.kind, hit.signature) == ("function", "def close_year( ledger, statement, )")
    shown = hit.as_dict()
    assert (shown["kind"], shown["signature"], shown["heading"]) == (hit.kind, hit.signature, ["close_year"])
    assert hit.within is not None
    assert numbered_lines(hit, answer.query, 8)[:2] == [(1, hit.signature), None]


async def test_where_nothing_matches_well_it_says_so_and_shows_little(app: App, root: Path) -> None:
    """Ten hits of other things filled the answer to a question about none of them."""
    for n in range(12):
        (root / f"module{n}.py").write_text(f"def compute_{n}(values):\n    return sum(values) * {n}\n")
    searcher = await app.searcher((await app.index(root)).resolution)
    for question in ("who won the world cup in 1998", "symptoms of influenza in children"):
        answer = await searcher.search(SearchRequest(question))
        assert answer.note is not None
        assert "these are the nearest" in answer.note
        assert 1 <= len(answer.hits) <= 3
    answer = await searcher.search(SearchRequest("acquire a connection from the pool"))
    assert (answer.note, len(answer.hits)) == (None, 10)


async def test_files_of_the_same_bytes_are_one_hit(app: App, root: Path) -> None:
    """Ten copies of a vendored file filled the answer."""
    for n in range(12):
        (root / f"copy{n}").mkdir()
        (root / f"copy{n}/pool.py").write_text(POOL)
    searcher = await app.searcher((await app.index(root)).resolution)
    answer = await searcher.search(SearchRequest("acquire a connection of the pool"))
    shown = [hit for hit in answer.hits if hit.path.endswith("/pool.py")]
    assert len(shown) == 1
    assert {shown[0].path, *shown[0].copies} == {"db/pool.py", *(f"copy{n}/pool.py" for n in range(12))}
    assert {"db/threads.py", "notes.txt"} <= {hit.path for hit in answer.hits}


async def test_a_symbol_is_found_by_name_kind_prefix_and_qualifier(searcher: Searcher) -> None:
    def places(found: object) -> list[str]:
        return [f"{hit.path}:{hit.start_line}-{hit.end_line}" for hit in found.hits]  # type: ignore[attr-defined]

    methods = ["db/pool.py:7-10", "db/threads.py:7-10"]
    assert places(await searcher.symbol(SymbolRequest("acquire"))) == [*methods, "tests/test_pool.py:4-5", "web.go:3-5"]
    assert places(await searcher.symbol(SymbolRequest("Acquire")))[0] == "web.go:3-5", "the case decides among equals"
    assert places(await searcher.symbol(SymbolRequest("ThreadPool.acquire")))[0] == "db/threads.py:7-10"
    assert places(await searcher.symbol(SymbolRequest("acquire", kinds=frozenset({"method"})))) == methods
    prefixed = await searcher.symbol(SymbolRequest("acquire_*"))
    assert places(prefixed) == ["db/text.py:1-2"]
    assert prefixed.hits[0].text == "def acquire_text(path):\n    return open(path).read()\n"
    assert places(await searcher.symbol(SymbolRequest("acq*", filters=Filters(languages=frozenset({"go"}))))) == [
        "web.go:3-5"
    ]
    assert places(await searcher.symbol(SymbolRequest("acquire", limit=1))) == methods[:1]
    for nothing in ("nowhere", "", "*", "acquire'; --", "\0", "%"):
        assert places(await searcher.symbol(SymbolRequest(nothing))) == [], nothing


async def test_a_name_that_nothing_has_is_answered_with_those_that_are_nearly_so(searcher: Searcher) -> None:
    begun = await searcher.symbol(SymbolRequest("acq"))
    filtered = await searcher.symbol(SymbolRequest("acquire", kinds=frozenset({"type"})))
    assert begun.note == "no definition named 'acq' matches; did you mean acquire, Acquire, acquire_text?"
    assert filtered.note == "no definition named 'acquire' is a type; there are: function, method"
    assert (await searcher.symbol(SymbolRequest("nowhere_*"))).note == "no definition named 'nowhere_*' matches"
    assert (await searcher.symbol(SymbolRequest("acquire"))).note is None
    for wrong, right in (
        ("aquire", "acquire"),
        ("acqurie", "acquire"),
        ("realese", "release"),
        ("ThreadPol", "ThreadPool"),
    ):
        for answer in (await searcher.symbol(SymbolRequest(wrong)), await searcher.search(SearchRequest(wrong))):
            assert answer.note is not None, wrong
            assert f"did you mean {right}" in answer.note, answer.note
    assert "did you mean" not in str((await searcher.symbol(SymbolRequest("frobnicate"))).note)
    elsewhere = await searcher.symbol(SymbolRequest("Pond.acquire"))
    assert (elsewhere.note, len(elsewhere.hits)) == ("nothing named acquire is in Pond: these are elsewhere", 4)


async def test_names_are_found_by_a_pattern(searcher: Searcher) -> None:
    async def names(pattern: str, **fields: object) -> list[str]:
        answer = await searcher.symbol(SymbolRequest(pattern, **fields))  # type: ignore[arg-type]
        return [symbol.qualified_name for hit in answer.hits for symbol in hit.symbols]

    assert await names("*POOL*") == ["Pool", "ThreadPool"]
    assert await names("*Pool") == ["Pool", "ThreadPool"]
    assert await names("a*_te*t") == ["acquire_text"]
    assert (await names("Pool.*s*"))[0] == "Pool.release"
    assert await names("*a*", kinds=frozenset({"class"})) == ["ThreadPool"]


async def test_kinds_are_asked_for_by_the_words_of_any_language(searcher: Searcher) -> None:
    for word in ("class", "Class", "classes", "struct", "type"):
        answer = await searcher.symbol(SymbolRequest("Pool", kinds=frozenset({word})))
        assert [hit.symbols[0].qualified_name for hit in answer.hits] == ["Pool"], word
    answer = await searcher.symbol(SymbolRequest("Pool", kinds=frozenset({"klass"})))
    assert answer.note == ("no kind is klass; there are: type, function, method, const, namespace, impl, decl, field")


async def test_related_code_is_what_resembles_a_passage_and_not_itself(searcher: Searcher, root: Path) -> None:
    answer = await searcher.related(RelatedRequest("pool.py", 8, path=root / "db"))
    assert answer.hits[0].path == "db/threads.py"
    assert "db/pool.py" not in {hit.path for hit in answer.hits}
    again = await searcher.related(RelatedRequest("db/pool.py", 9, limit=1))
    assert [hit.path for hit in again.hits] == ["db/threads.py"], "by the path of an answer, from anywhere"
    with pytest.raises(FileNotIndexed, match=r"db/pool\.py ends with line 14 in the index"):
        await searcher.related(RelatedRequest("db/pool.py", 9_999))


async def test_files_that_are_not_indexed_are_said_to_be(searcher: Searcher, root: Path) -> None:
    for name in ("nowhere.py", "../../etc/passwd", "/etc/passwd", "", ".", "a\0b", "\udc80"):
        with pytest.raises(FileNotIndexed, match="is not in project"):
            await searcher.outline(name, folder=root)
    (root / "late.py").write_text("x = 1\n")
    with pytest.raises(FileNotIndexed, match=r"late\.py is not in project"):
        await searcher.outline("late.py", folder=root)


async def test_a_skipped_file_says_why(app: App, root: Path) -> None:
    (root / "empty.py").write_text("")
    searcher = await app.searcher((await app.index(root)).resolution)
    with pytest.raises(FileNotIndexed, match="empty"):
        await searcher.outline("empty.py", folder=root)


async def test_an_outline_knows_ends_and_freshness(searcher: Searcher, root: Path) -> None:
    found = await searcher.outline("db/pool.py", folder=root)
    assert [(depth, s.kind, s.name, s.line, s.end_line) for depth, s in found.entries] == [
        (0, "type", "Pool", 4, 14),
        (1, "method", "acquire", 7, 10),
        (1, "method", "release", 12, 14),
    ]
    assert found.state == "current"
    (root / "db/pool.py").write_text("gone = 1\n")
    assert (await searcher.outline("db/pool.py", folder=root)).state == "changed"


async def test_an_answer_is_as_wide_as_asked(searcher: Searcher) -> None:
    narrow = await searcher.search(SearchRequest("pool connections", limit=1))
    assert narrow.hits[0].text == POOL
    small = await searcher.search(SearchRequest("release connection append", excerpt=Excerpt(max_tokens=60), limit=3))
    assert 0 < sum(len(hit.text) for hit in small.hits) <= 180
    assert "append" in small.hits[0].text
    (found,) = (await searcher.symbol(SymbolRequest("release", limit=1, excerpt=Excerpt(lines=1)))).hits
    assert (found.start_line, found.end_line) == (11, 14)


async def test_a_project_of_the_first_format_answers_without_ends(searcher: Searcher, app: App) -> None:
    store = searcher.store
    assert isinstance(store, PostgresProjectStore)
    schema = quote(store.namespace.schema)
    async with store._pool.acquire(store.namespace.database) as connection:
        await connection.execute(f"ALTER TABLE {schema}.symbols DROP COLUMN end_line")
        await connection.execute(f"UPDATE {schema}.manifest SET format = 1")
    async with App(app.settings) as fresh:
        old = await fresh.searcher(searcher.resolution)
        assert (await old.search(SearchRequest("ThreadPool"))).hits[0].path == "db/threads.py"
        (hit, *_) = (await old.symbol(SymbolRequest("ThreadPool"))).hits
        assert hit.symbols[0].end_line is None
        assert (await old.outline("db/pool.py")).entries[0][1].name == "Pool"


def test_of_several_repositories_each_hit_names_its_own(
    environ: dict[str, str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    (other / "db").mkdir(parents=True)
    (other / "db" / "basin.py").write_text("class Basin:\n    pass\n")
    (root / ".git").mkdir(exist_ok=True)
    (other / ".git").mkdir()
    monkeypatch.chdir(root)
    runner = CliRunner()

    def run(*arguments: str) -> str:
        result = runner.invoke(cli, arguments, env=dict(environ), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    run("index", ".", "--project", "both")
    run("index", str(other), "--project", "both")
    assert run("search", "Basin").startswith("1. other/db/basin.py:1-2")
    opened = run("search", "Basin", "--format", "path:line").partition(":")[0]
    assert Path(opened).samefile(other / "db" / "basin.py")
    path, number, text = run("search", "def Basin fill", "--format", "path:line").splitlines()[0].split(":", 2)
    assert Path(path).read_text().splitlines()[int(number) - 1].strip() == text.strip(), "the text is that of the line"
    assert "related to other/db/basin.py" in run("related", "other/db/basin.py:1", "--json")


def test_values_that_nothing_has_are_told_from_no_result(environ: dict[str, str], root: Path) -> None:
    def run(*arguments: str) -> str:
        return CliRunner().invoke(cli, [*arguments, "-C", str(root)], env=dict(environ)).output

    CliRunner().invoke(cli, ["index", str(root)], env=dict(environ))
    assert "no language is klingon; there are: go, python" in run("search", "--lang", "klingon", "pool")
    assert "no repository is nope; there are: " in run("search", "--repo", "nope", "pool")
    assert "from the current folder" in run("search", "--path", "/elsewhere", "pool")
    assert "1. db/pool.py" in run("search", "--lang", "Python", "Pool")
    assert "it is empty" in run("search", " ")


def test_the_commands(environ: dict[str, str], root: Path) -> None:
    runner = CliRunner()

    def run(*arguments: str) -> str:
        result = runner.invoke(cli, arguments, env=dict(environ), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    run("index", str(root))
    place = ("-C", str(root))
    assert (
        run("search", "--symbol", "Pool", "--format", "path:line", *place).splitlines()[0]
        == f"{root}/db/pool.py:4: class Pool:"
    )
    assert "release" in run("search", "--symbol", "Pool", "--full", "-k", "1", *place)
    assert run("related", "db/pool.py:8", "--format", "path:line", *place).startswith(f"{root}/db/threads.py:")
    assert run("outline", "db/pool.py", *place).splitlines()[1] == "       7-10    method acquire"
    assert json.loads(run("outline", "web.go", "--json", *place))["symbols"][0]["end_line"] == 5
    for arguments, said in (
        (("search", "--kind", "method", "x"), "--kind needs --symbol"),
        (("related", "db/pool.py"), "src/pool.py:42"),
        (("related", "db/pool.py:0"), "src/pool.py:42"),
    ):
        failed = runner.invoke(cli, [*arguments, *place], env=dict(environ))
        assert failed.exit_code == 2
        assert said in failed.output


async def test_a_query_of_which_no_word_occurs_says_so(searcher: Searcher) -> None:
    guess = await searcher.search(SearchRequest("zzqqxx blorp"))
    assert guess.note is not None
    assert "no word of the query occurs" in guess.note
    for known in ("acquire a connection", "Pool", "pool.py"):
        assert (await searcher.search(SearchRequest(known))).note is None
    nothing = await searcher.search(SearchRequest("🙂"))
    assert bool(nothing.hits) == (nothing.note is not None)  # a static model has nothing to say to that
