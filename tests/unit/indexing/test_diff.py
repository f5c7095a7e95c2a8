"""What a scan and the index disagree on: a merge of two ordered streams, checked against sets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from codebase_core_hookspecs import FileState
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.indexing.diff import Changed, Gone, Unchanged, differences
from codebase_core.sources.scan import Entry


def state(path: str, size: int = 1, mtime_ns: int = 1, pipeline: str = "now", skipped: str | None = None) -> FileState:
    return FileState(
        path=path, size=size, mtime_ns=mtime_ns, content_hash=b"", pipeline=pipeline, skipped=skipped, fallback=None
    )


async def paged(states: Sequence[FileState], size: int):
    for start in range(0, len(states), size):
        yield states[start : start + size]
    yield []


def compare(entries: Sequence[Entry], states: Sequence[FileState], *, page: int = 2, expected=lambda _: "now"):
    async def gather():
        return [each async for each in differences(iter(entries), paged(states, page), expected=expected)]

    return asyncio.run(gather())


def changed(*arguments, **keywords) -> list[str]:
    return [each.entry.path for each in compare(*arguments, **keywords) if isinstance(each, Changed)]


def gone(*arguments, **keywords) -> list[str]:
    return [each.path for each in compare(*arguments, **keywords) if isinstance(each, Gone)]


def in_order(entries):
    return sorted(entries, key=lambda each: each.path.encode())


PATHS = st.lists(
    st.sampled_from(["a", "b", "a.", "a-", "é", "\uffee", "😀", "\U0010ffff"]), min_size=1, max_size=3
).map("/".join)
FACTS = st.tuples(st.integers(0, 1), st.integers(0, 1))
ENTRIES = st.dictionaries(PATHS, st.tuples(FACTS, st.sampled_from([None, None, "too large", "symbolic link"])))
STATES = st.dictionaries(
    PATHS, st.tuples(FACTS, st.sampled_from(["now", "now", "older", ""]), st.sampled_from([None, None, "too large"]))
)


@given(ENTRIES, STATES, st.sets(PATHS, max_size=2), st.integers(1, 4))
def test_the_merge_agrees_with_sets(found, known, closed, page):
    unread = {f"{path}/" for path in closed}
    found = {path: facts for path, facts in found.items() if not any(path.startswith(folder) for folder in unread)}
    unread = {folder for folder in unread if not any(folder.startswith(other) for other in unread - {folder})}
    entries = in_order(
        [Entry(path, *facts, skip) for path, (facts, skip) in found.items()]
        + [Entry(folder, 0, 0, "unreadable", folder=True) for folder in unread]
    )
    states = in_order([state(path, *facts, pipeline, skip) for path, (facts, pipeline, skip) in known.items()])

    answer = compare(entries, states, page=page)

    def same(path: str) -> bool:
        facts, skip = found[path]
        if path not in known or known[path][0] != facts:
            return False
        return known[path][2] == skip if skip is not None else known[path][1] == "now"

    assert {each.entry.path for each in answer if isinstance(each, Changed)} == {p for p in found if not same(p)}
    assert {each.path for each in answer if isinstance(each, Gone)} == {
        path for path in known.keys() - found.keys() if not any(path.startswith(folder) for folder in unread)
    }
    assert sum(each.files for each in answer if isinstance(each, Unchanged)) == sum(map(same, found))
    for each in answer:
        if isinstance(each, Changed):
            assert (each.known is not None) == (each.entry.path in known)
            assert each.known is None or each.known.path == each.entry.path


@given(ENTRIES, STATES)
def test_differences_come_in_order_and_once(found, known):
    entries = in_order(Entry(path, *facts, skip) for path, (facts, skip) in found.items())
    states = in_order(state(path, *facts, pipeline, skip) for path, (facts, pipeline, skip) in known.items())

    paths = [
        (each.entry.path if isinstance(each, Changed) else each.path).encode()
        for each in compare(entries, states)
        if not isinstance(each, Unchanged)
    ]

    assert paths == sorted(set(paths))


def test_a_file_differs_by_size_or_time_or_pipeline():
    entry = Entry("a", 1, 1)

    assert changed([entry], [state("a")]) == []
    assert changed([entry], [state("a", size=2)]) == ["a"]
    assert changed([entry], [state("a", mtime_ns=2)]) == ["a"]
    assert changed([entry], [state("a", pipeline="older")]) == ["a"]


def test_the_pipeline_is_asked_for_by_path():
    states = [state("a", pipeline="for a"), state("b", pipeline="for a")]

    assert changed([Entry("a", 1, 1), Entry("b", 1, 1)], states, expected=lambda path: f"for {path}") == ["b"]


def test_a_file_that_may_be_read_now_is_read():
    assert changed([Entry("a", 1, 1)], [state("a", pipeline="", skipped="too large")]) == ["a"]


def test_a_file_that_may_not_be_read_any_more_is_recorded():
    assert changed([Entry("a", 1, 1, "too large")], [state("a")]) == ["a"]


def test_nothing_beneath_a_folder_that_was_not_read_is_gone():
    entries = [Entry("b/", 0, 0, "unreadable", folder=True), Entry("d", 1, 1)]
    states = [state(path) for path in ("a", "b", "b-", "b/c", "b/c/d", "b0", "c")]

    assert gone(entries, states) == ["a", "b", "b-", "b0", "c"]


def test_an_empty_tree_is_all_gone_and_an_empty_index_all_new():
    assert gone([], [state("a"), state("b/c")]) == ["a", "b/c"]
    assert changed([Entry("a", 1, 1), Entry("b/c", 1, 1)], []) == ["a", "b/c"]
    assert compare([], []) == []


def test_two_spellings_on_disk_that_are_stored_alike_count_once():
    entries = [Entry("\\xff", 1, 1, "name is not UTF-8"), Entry("\\xff", 2, 2)]

    assert changed(entries, []) == ["\\xff"]


def test_a_scan_of_many_pages_counts_every_file():
    paths = [f"{n:06}" for n in range(4_321)]

    answer = compare([Entry(path, 1, 1) for path in paths], [state(path) for path in paths[::2]], page=500)

    assert sum(each.files for each in answer if isinstance(each, Unchanged)) == 2_161
    assert sum(isinstance(each, Changed) for each in answer) == 2_160
