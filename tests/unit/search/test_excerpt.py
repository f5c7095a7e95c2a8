"""What is shown of a hit: whole functions, lines around, as much as fits."""

from __future__ import annotations

from codebase_core_hookspecs import ChunkId, FileState, Hit, Span, StoredChunk, StoredFile, Symbol
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.search.context import completed, expand, file_lines
from codebase_core.search.outline import outlined
from codebase_core.search.packing import (
    HEADING,
    LARGEST_HIT,
    LONGEST_LINE,
    fit_to_budget,
    named_alone,
    tokens,
    with_short_lines,
    within_bounds,
)
from codebase_core.search.window import best_line

SOURCE = """import os


class Pool:
    size = 1

    def acquire(self):
        a = 1
        b = 2
        return a + b

    def release(self):
        self.free()


def helper():
    pass
"""
SYMBOLS = (
    Symbol(name="Pool", kind="type", qualified_name="Pool", line=4, end_line=13),
    Symbol(name="size", kind="field", qualified_name="Pool.size", line=5, end_line=5),
    Symbol(name="acquire", kind="method", qualified_name="Pool.acquire", line=7, end_line=10),
    Symbol(name="release", kind="method", qualified_name="Pool.release", line=12, end_line=13),
    Symbol(name="helper", kind="function", qualified_name="helper", line=16, end_line=17),
)


def stored(text: str = SOURCE, cuts: tuple[int, ...] = (6, 8, 14), symbols: tuple[Symbol, ...] = SYMBOLS) -> StoredFile:
    """A file in chunks that begin after the lines ``cuts``."""
    lines = text.splitlines(keepends=True)
    chunks, at = [], 0
    for number, end in enumerate((*cuts, len(lines))):
        piece = "".join(lines[at:end])
        own = tuple(symbol for symbol in symbols if at < symbol.line <= end)
        start_byte = len("".join(lines[:at]))
        span = Span(start_line=at + 1, end_line=end, start_byte=start_byte, end_byte=start_byte + len(piece))
        chunks.append(StoredChunk(id=ChunkId(number), span=span, scope="", symbols=own, text=piece))
        at = end
    state = FileState(path="pool.py", size=len(text), mtime_ns=0, content_hash=b"", pipeline="p")
    return StoredFile(state=state, language="python", roles=frozenset(), chunks=tuple(chunks))


def hit(file: StoredFile, number: int) -> Hit:
    chunk = file.chunks[number]
    return Hit(
        repository="r",
        path="pool.py",
        start_line=chunk.span.start_line,
        end_line=chunk.span.end_line,
        language="python",
        symbols=chunk.symbols,
        score=1.0,
        state="current",
        text=chunk.text,
    )


def show(hits: list[Hit]) -> list[tuple[int, int]]:
    return [(each.start_line, each.end_line) for each in hits]


def test_a_function_that_is_cut_is_shown_whole() -> None:
    assert completed(9, 9, SYMBOLS) == (7, 10)
    assert completed(7, 8, SYMBOLS) == (7, 10)
    assert completed(9, 12, SYMBOLS) == (7, 13), "both that it touches"
    assert completed(16, 17, SYMBOLS) == (16, 17)
    assert completed(1, 2, SYMBOLS) == (1, 2)


def test_a_type_that_begins_in_a_hit_is_shown_whole() -> None:
    assert completed(1, 5, SYMBOLS) == (1, 13)
    assert completed(5, 5, SYMBOLS) == (5, 5), "not the type around it: that may be a thousand lines"


def test_full_hits_that_become_the_same_are_shown_once() -> None:
    file = stored()
    wide = expand([hit(file, 2), hit(file, 1)], {("r", "pool.py"): file}, full=True)
    assert show(wide) == [(7, 14)]
    assert wide[0].text == "".join(SOURCE.splitlines(keepends=True)[6:14])
    assert [symbol.name for symbol in wide[0].symbols] == ["acquire", "release"]


def test_lines_around_stop_at_the_ends_of_the_file() -> None:
    file = stored()
    files = {("r", "pool.py"): file}
    assert show(expand([hit(file, 1)], files, lines=2)) == [(5, 10)]
    assert show(expand([hit(file, 0)], files, lines=500)) == [(1, 17)]
    assert expand([hit(file, 3)], {}, lines=2) == [hit(file, 3)], "a file that vanished meanwhile"


def test_the_budget_is_kept_and_best_lines_are_kept_first() -> None:
    file = stored(cuts=(3, 13))
    whole = hit(file, 1)
    room = tokens("".join(SOURCE.splitlines(keepends=True)[6:10])) + HEADING + tokens("pool.py")
    (cut,) = fit_to_budget([whole], "acquire a + b", max_tokens=room)
    assert (cut.start_line, cut.end_line) == (6, 9)
    assert cut.text.count("\n") == cut.end_line - cut.start_line + 1
    assert fit_to_budget([whole, hit(file, 2)], "acquire", max_tokens=10_000) == [whole, hit(file, 2)]
    assert fit_to_budget([whole], "acquire", max_tokens=5) == []


def test_a_cut_never_begins_with_a_lone_bracket() -> None:
    text = "int before;\nint before;\nint connect(int port)\n{\n    open_socket();\n    listen(port);\n}\nint after;\n"
    whole = hit(stored(text=text, cuts=(), symbols=()), 0)
    room = HEADING + tokens("pool.py") + tokens("".join(text.splitlines(keepends=True)[2:6]))
    (cut,) = fit_to_budget([whole], "open socket listen", max_tokens=room)
    assert cut.text.startswith("int connect(int port)\n{\n    open_socket();")
    assert cut.start_line == 3


def test_a_smaller_hit_may_fit_behind_one_that_does_not() -> None:
    file = stored(text="x" * 900 + "\n" + SOURCE, cuts=(1, 7), symbols=())
    large, small = hit(file, 0), hit(file, 1)
    assert fit_to_budget([large, small], "q", max_tokens=HEADING + tokens("pool.py") + tokens(small.text)) == [small]


@given(st.lists(st.text(alphabet="abé🙂\n ", max_size=200), max_size=5), st.integers(1, 400))
def test_an_answer_never_exceeds_its_budget(texts: list[str], budget: int) -> None:
    hits = [hit(stored(text=(text or "x") + "\n", cuts=(), symbols=()), 0) for text in texts]
    taken = fit_to_budget(hits, "a b", max_tokens=budget)
    assert sum(tokens(each.text) + tokens(each.path) + HEADING for each in taken) <= budget
    for each in taken:
        assert any(each.text in whole.text for whole in hits)


def test_an_outline_nests_by_lines() -> None:
    assert [(depth, symbol.name) for depth, symbol in outlined(stored())] == [
        (0, "Pool"),
        (1, "size"),
        (1, "acquire"),
        (1, "release"),
        (0, "helper"),
    ]


def test_an_outline_leaves_out_what_is_local_unless_asked() -> None:
    inner = Symbol(name="a", kind="const", qualified_name="Pool.acquire.a", line=8, end_line=8, local=True)
    file = stored(symbols=(*SYMBOLS, inner))
    assert "a" not in [symbol.name for _, symbol in outlined(file)]
    assert (2, inner) in outlined(file, local=True)


def test_the_best_line_is_the_definition_that_is_asked_for() -> None:
    file = stored(cuts=())
    assert best_line(hit(file, 0), "release") == 12
    assert best_line(hit(file, 0), "return a b") == 10


def test_the_lines_of_a_file_are_those_that_were_indexed() -> None:
    for text in ("", "a", "a\n", "a\n\nb", "a\r\nb\r\n", "\n\n"):
        assert "".join(file_lines(stored(text=text, cuts=(), symbols=()))) == text


def test_a_long_line_is_cut_around_what_matches() -> None:
    text = "a=1;" * 5_000 + "function wanted(){}" + "b=2;" * 5_000 + "\nshort\n"
    cut = within_bounds(hit(stored(text=text, cuts=(), symbols=()), 0), "wanted")
    long, *rest = cut.text.split("\n")
    assert len(long) <= LONGEST_LINE
    assert "function wanted(){}" in long
    assert (long[0], long[-1], rest) == ("…", "…", ["short", ""])


def test_a_hit_of_thousands_of_lines_is_cut_to_the_best_of_them() -> None:
    lines = [f"line {n}" for n in range(20_000)]
    lines[12_345] = "the needle"
    cut = within_bounds(hit(stored(text="\n".join(lines), cuts=(), symbols=()), 0), "needle")
    assert tokens(cut.text) <= LARGEST_HIT
    assert cut.start_line <= 12_346 <= cut.end_line
    assert "the needle" in cut.text


@given(st.text(max_size=3_000), st.text(max_size=20), st.integers(0, 500))
def test_no_line_is_longer_than_asked_for(text: str, query: str, longest: int) -> None:
    whole = hit(stored(text=text + "\n", cuts=(), symbols=()), 0)
    cut = with_short_lines(whole, query, longest)
    if len(whole.text) > longest:
        assert max(map(len, cut.text.split("\n"))) <= longest


@given(st.integers(1, 600), st.text(alphabet="abé🙂 ", min_size=1, max_size=2_000))
def test_the_best_hit_is_named_whatever_the_budget(budget: int, text: str) -> None:
    named = named_alone(hit(stored(text=text + "\nmore\n", cuts=(), symbols=()), 0), "a b", max_tokens=budget)
    assert named.path == "pool.py"
    assert tokens(named.text) <= budget
