"""What a writer stores."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from codebase_core_hookspecs import Batch, IndexedFile, ProjectStore, RetrievalQuery

from .base import DELAYS, StoreKit, cut_short
from .content import MAIL, SHOP, file, paths, state, states, symbol, texts, write

ODD_PATHS = (
    "a b.py",
    "ä/数.py",
    "quote'\".py",
    "100%.py",
    "under_score.py",
    "back\\slash.py",
    "tab\tnew\nline.py",
    "x" * 1_500,
)
ODD_TEXTS = (
    "'; DROP TABLE x; --\n",
    "\\ \\n \\0 {} [] $1 %s ?\n",
    "ü 数据库 🙂 \ufffd\n",
    "\x01\x07\x1b[0m\x7f\n",
    "\r\n\r",
    "x" * 500_000,
)


class Writing(StoreKit):
    """Files come back as they were written; what is replaced or removed is gone; a batch is stored whole or not at all."""

    async def test_a_file_comes_back_as_it_was_written(self, opened: ProjectStore) -> None:
        """State, language, roles, and every chunk with its text, span, scope and definitions."""
        wanted = file(
            "src/pool.py",
            "class Pool:\n",
            "    pass\n",
            symbols=[symbol("Pool", kind="class")],
            roles=frozenset({"test", "docs"}),
        )
        await write(opened, wanted)
        (found,) = (await opened.files([(SHOP.name, "src/pool.py"), (SHOP.name, "nowhere.py")])).values()
        assert (found.state, found.language, found.roles) == (wanted.state, wanted.language, wanted.roles)
        written = [(each.text, each.chunk.span, each.chunk.scope) for each in wanted.chunks]
        assert [(each.text, each.span, each.scope) for each in found.chunks] == written
        assert found.chunks[1].symbols == ()

    async def test_odd_paths_and_texts_are_values(self, opened: ProjectStore) -> None:
        """Quotes, percent signs, every alphabet, control characters, long lines."""
        for path in ODD_PATHS:
            await write(opened, file(path, *ODD_TEXTS))
            assert await texts(opened, path) == list(ODD_TEXTS), path
        assert sorted(await paths(opened)) == sorted(ODD_PATHS)

    async def test_every_chunk_keeps_its_own_text_terms_and_vector(self, opened: ProjectStore) -> None:
        """Three hundred in one batch: none takes its neighbour's."""
        await write(opened, *(file(f"f{n}.py", *(f"chunk unique{n}x{m}\n" for m in range(10))) for n in range(30)))
        for n, m in ((0, 0), (0, 9), (6, 3), (6, 4), (12, 7), (12, 8), (25, 5), (25, 6), (29, 8), (29, 9)):
            text = f"chunk unique{n}x{m}\n"
            term = {f"unique{n}x{m}": 1.0}
            vector = file("q", text).chunks[0].vector
            found = (await opened.retrieve(RetrievalQuery(terms=term, vector=vector, per_arm=1))).candidates
            assert {(each.path, each.span.start_line) for each in found} == {(f"f{n}.py", m + 1)}, text
            (passage,) = (await opened.passages([each.id for each in found])).values()
            assert passage.text == text

    async def test_states_come_in_byte_order_of_their_paths(self, opened: ProjectStore) -> None:
        """The tree is walked in that order, and both are merged."""
        wanted = ["B.py", "Z", "a-b/c", "a.py", "a/b", "a/c/d", "a0", "aa", "ab/x", "z", "é", "数", "🙂"]
        await write(opened, *(file(path, "x\n") for path in reversed(wanted)))
        assert await paths(opened) == sorted(wanted, key=str.encode)

    async def test_states_of_a_folder_are_those_in_it(self, opened: ProjectStore) -> None:
        """Not those of a folder whose name begins alike, nor patterns."""
        every = ["a", "a-b/c", "a/b", "a/b/c", "a/bc", "a0", "ab/x", "a_/x", "a%/x", "axb/x"]
        await write(opened, *(file(path, "x\n") for path in every))
        assert await paths(opened, under="a/b") == ["a/b", "a/b/c"]
        assert await paths(opened, under="ab") == ["ab/x"]
        assert await paths(opened, under="a_") == ["a_/x"]
        assert await paths(opened, under="a%") == ["a%/x"]
        assert await paths(opened, under="nowhere") == []

    async def test_a_file_is_replaced_as_a_whole(self, opened: ProjectStore) -> None:
        """Nothing of what it was is found any more, and frequencies are right."""
        await write(opened, file("a.py", "old pool\n", "old tree\n"), file("b.py", "tree\n"))
        await write(opened, file("a.py", "new lake\n", version=2))
        assert await texts(opened, "a.py") == ["new lake\n"]
        found = await opened.retrieve(RetrievalQuery(terms={"old": 1.0, "pool": 1.0}))
        assert list(found.candidates) == []
        fresh = await opened.retrieve(RetrievalQuery(terms={"old": 1.0, "tree": 1.0, "lake": 1.0}))
        assert fresh.idf["old"] > fresh.idf["tree"] == fresh.idf["lake"]
        assert [each.size for each in await states(opened)] == [102, 101]

    async def test_writing_the_same_again_changes_nothing(self, opened: ProjectStore) -> None:
        """A run that is repeated after a crash meets what it wrote before."""
        wanted = (file("a.py", "pool\n", symbols=[symbol("pool")]), file("b.py", "tree\n", "lake\n"))
        await write(opened, *wanted)
        before, answer = await _content(opened), (await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}))).idf
        await write(opened, *wanted)
        assert await _content(opened) == before
        assert (await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}))).idf == answer

    async def test_a_file_is_removed_as_a_whole(self, opened: ProjectStore) -> None:
        """One that is not there is no error, and others stay."""
        await write(opened, file("a.py", "pool\n"), file("a.py.txt", "pool\n"), file("b.py", "pool\n"))
        await write(opened, removed=["a.py", "nowhere.py"])
        assert await paths(opened) == ["a.py.txt", "b.py"]
        assert {c.path for c in (await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}))).candidates} == {
            "a.py.txt",
            "b.py",
        }
        assert (await opened.statistics()).chunks == 2

    async def test_touching_changes_size_and_time_alone(self, opened: ProjectStore) -> None:
        """The content is what it was."""
        await write(opened, file("a.py", "pool\n"), file("b.py", "tree\n"))
        later = state("a.py", version=7)
        await write(opened, touched=[later, state("nowhere.py", version=7)])
        found = {each.path: (each.size, each.mtime_ns, each.inode, each.ctime_ns) for each in await states(opened)}
        assert found["a.py"] == (later.size, later.mtime_ns, later.inode, later.ctime_ns)
        before = state("b.py")
        assert found["b.py"] == (before.size, before.mtime_ns, before.inode, before.ctime_ns)
        assert await texts(opened, "a.py") == ["pool\n"]

    async def test_skipped_files_are_known_with_their_reason(self, opened: ProjectStore) -> None:
        """And those that were cut by lines for want of better, or read in another encoding than UTF-8."""
        skipped = IndexedFile(state=state("logo.bin", skipped="binary"))
        fallen = replace(file("deep.py", "pool\n"), state=state("deep.py", fallback="nested too deeply"))
        latin = replace(file("latin.py", "pool\n"), state=state("latin.py", encoding="windows-1252"))
        await write(opened, skipped, fallen, latin, file("good.py", "pool\n"))
        listed = [
            (name, each.path, each.skipped, each.fallback or each.encoding)
            async for page in opened.skipped_files()
            for name, each in page
        ]
        assert listed == [
            (SHOP.name, "deep.py", None, "nested too deeply"),
            (SHOP.name, "latin.py", None, "windows-1252"),
            (SHOP.name, "logo.bin", "binary", None),
        ]
        counted = await opened.statistics()
        assert (counted.files, dict(counted.skipped)) == (3, {"binary": 1})
        assert await paths(opened) == ["deep.py", "good.py", "latin.py", "logo.bin"]

    async def test_repositories_do_not_touch_each_other(self, opened: ProjectStore) -> None:
        """The same path in two of them is two files."""
        await write(opened, file("a.py", "shop\n"))
        await write(opened, file("a.py", "mail\n"), source=MAIL)
        await write(opened, removed=["a.py"], source=MAIL)
        assert (await paths(opened), await paths(opened, source=MAIL)) == (["a.py"], [])
        assert await texts(opened, "a.py") == ["shop\n"]

    async def test_a_batch_is_stored_whole_or_not_at_all(self, opened: ProjectStore) -> None:
        """Wherever it was cut short."""
        await write(opened, *(file(f"{n}.py", "old\n") for n in range(20)))
        for version, delay in enumerate(DELAYS, 2):
            before = await texts(opened, "0.py")
            await cut_short(write(opened, *(file(f"{n}.py", f"v{version}\n") for n in range(20))), after=delay)
            found = {text for n in range(20) for text in await texts(opened, f"{n}.py")}
            assert found in ({f"v{version}\n"}, set(before)), f"cut short after {delay} s: {found}"
            assert (await opened.statistics()).chunks == 20

    async def test_nothing_of_a_batch_is_seen_before_all_of_it(self, opened: ProjectStore) -> None:
        """One snapshot: an answer never mixes two states."""
        await write(opened, *(file(f"{n}.py", "pool version0\n") for n in range(10)))
        done = asyncio.Event()

        async def rewrite() -> None:
            async with opened.writing(SHOP, scope=()) as writer:
                for version in range(1, 12):
                    await writer.apply(
                        Batch(replaced=tuple(file(f"{n}.py", f"pool version{version}\n") for n in range(10)))
                    )
                await writer.finish(outcome="done", detail={})
            done.set()

        writing = asyncio.ensure_future(rewrite())
        while not done.is_set() and not writing.done():
            found = await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}, per_arm=50))
            seen = {each.text for each in (await opened.passages([c.id for c in found.candidates])).values()}
            assert len(found.candidates) == 10
            assert len(seen) <= 1, seen
            await asyncio.sleep(0)
        await writing


async def _content(opened: ProjectStore) -> object:
    counted = await opened.statistics()
    return (
        await states(opened),
        [await texts(opened, path) for path in await paths(opened)],
        (counted.files, counted.chunks, counted.symbols, counted.without_vector, counted.bytes_chunked),
    )
