"""A whole run without a server: real scan, diff and workers, a store that keeps what it is told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from codebase_core_hookspecs import Batch, EmbedderIdentity, EmbedderUnavailable, FileState, IndexedFile, StorageFull

from codebase_core.indexing import pipeline
from codebase_core.indexing.budget import ByteBudget
from codebase_core.indexing.pipeline import IndexRun
from codebase_core.indexing.pipelines import Pipelines
from codebase_core.indexing.progress import Progress
from codebase_core.indexing.workers.messages import Loading, Setup
from codebase_core.indexing.workers.pool import WorkerPool
from codebase_core.lexical.bm25 import FIELD_LENGTHS
from codebase_core.plugins.manager import PluginManager
from codebase_core.sources.scan import Scan


@dataclass
class Memory:
    """A store of one repository, and its writer."""

    files: dict[str, IndexedFile] = field(default_factory=dict)
    states: dict[str, FileState] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    reports: list[Mapping[str, object]] = field(default_factory=list)
    fault: Exception | None = None

    async def file_states(self, repository: str, *, under: str = ""):
        known = sorted(self.states.values(), key=lambda state: state.path.encode())
        for start in range(0, len(known), 3):
            page = known[start : start + 3]
            yield [s for s in page if not under or s.path == under or s.path.startswith(under + "/")]

    async def apply(self, batch: Batch) -> None:
        if self.fault is not None:
            raise self.fault
        self.batches.append(batch)
        for path in batch.removed:
            del self.files[path], self.states[path]
        for file in batch.replaced:
            self.files[file.state.path] = file
            self.states[file.state.path] = file.state
        for state in batch.touched:
            known = self.states[state.path]
            self.states[state.path] = FileState(
                path=state.path,
                size=state.size,
                mtime_ns=state.mtime_ns,
                content_hash=known.content_hash,
                pipeline=known.pipeline,
                skipped=known.skipped,
                fallback=known.fallback,
            )

    async def report(self, detail: Mapping[str, object]) -> None:
        self.reports.append(detail)

    def skipped(self) -> dict[str, str]:
        return {path: state.skipped for path, state in self.states.items() if state.skipped is not None}


@dataclass
class Letters:
    """An embedder that counts a text's letters; its answers may not be written to."""

    texts: list[str] = field(default_factory=list)
    rows: int | None = None

    @property
    def identity(self) -> EmbedderIdentity:
        return EmbedderIdentity(plugin="letters", model="az", revision="1", dimensions=26)

    async def embed_documents(self, texts: Sequence[str]):
        self.texts += texts
        found = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], dtype=np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        found = np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 0)[: self.rows]
        found.flags.writeable = False
        return found


@pytest.fixture
def index(tree):
    """Return a function that runs once over the tree and returns what the run counted."""

    def index(memory: Memory, *scope: str, embedder: Letters | None = None, cached: bool = False, **choices):
        embedded = "none" if embedder is None else "source" if cached else "words"
        run = IndexRun(
            store=memory,
            embedder=embedder,
            file_centroid=not cached,
            hash_texts=cached,
            scan=Scan(root=tree.root, scope=scope, max_file_bytes=50_000),
            repository="tree",
            setup=Setup(FIELD_LENGTHS, embedded, 50_000, {}),
            pipelines=choices.pop("pipelines", None)
            or Pipelines(PluginManager.load(disabled=["tree-sitter"]).chunkers()),
            pool=WorkerPool(size=1, timeout=20, loading=Loading(("tree-sitter",))),
            **choices,
        )

        async def execute() -> Progress:
            try:
                return await run.execute(memory)
            finally:
                await run.pool.aclose()

        found = asyncio.run(asyncio.wait_for(execute(), 30)).as_dict()["files"]
        return {name: count for name, count in found.items() if count}

    return index


def touch(file) -> None:
    status = file.stat()
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))


def test_the_first_run_takes_everything_and_says_why_not_what_it_does_not(tree, index):
    tree.add(
        {
            "a.py": "def pooled(): ...\n",
            "src/b.md": "# Pools\n",
            "binary.py": b"\0",
            "latin.py": b"caf\xe9",
            "empty.py": "",
            "large.py": b"x" * 50_001,
            "logo.png": b"",
            ".env": "KEY=1",
        }
    )
    memory = Memory()

    counted = index(memory)

    assert counted == {
        "indexed": 3,
        "skipped": {
            "binary": 1, "empty": 1, "too large": 1, "no source by its name": 1, "likely a secret": 1,
        },
    }  # fmt: skip
    assert memory.skipped() == {
        "binary.py": "binary",
        "empty.py": "empty",
        "large.py": "too large",
        "logo.png": "no source by its name",
        ".env": "likely a secret",
    }
    assert memory.files["a.py"].language == "python"
    assert [c.text for c in memory.files["a.py"].chunks] == ["def pooled(): ...\n"]
    assert memory.files["src/b.md"].roles == {"documentation"}


def test_a_second_run_does_nothing(tree, index):
    tree.add({"binary.py": b"\0", ".env": "KEY=1"}, "a.py", "src/b.py")
    memory = Memory()
    index(memory)
    memory.batches.clear()

    assert index(memory) == {"unchanged": 4}
    assert memory.batches == []


def test_an_edited_file_alone_is_indexed_anew(tree, index):
    tree.add({}, "a.py", "b.py", "c.py")
    memory = Memory()
    index(memory)

    tree.add({"b.py": "y = 22\n"})

    assert index(memory) == {"indexed": 1, "unchanged": 2}
    assert memory.files["b.py"].chunks[0].text == "y = 22\n"


def test_a_file_that_only_looks_newer_is_read_but_not_indexed(tree, index):
    tree.add({"binary.py": b"\0"}, "a.py", "b.py")
    memory = Memory()
    index(memory)
    for name in ("a.py", "binary.py"):
        touch(tree.root / name)

    assert index(memory) == {"touched": 2, "unchanged": 1}
    assert memory.skipped() == {"binary.py": "binary"}
    assert index(memory) == {"unchanged": 3}


def test_files_that_are_gone_are_removed(tree, index):
    tree.add({}, "a.py", "b/c.py", "b/d.py", "e.py")
    memory = Memory()
    index(memory)
    for name in ("a.py", "b/c.py"):
        (tree.root / name).unlink()

    assert index(memory) == {"removed": 2, "unchanged": 2}
    assert set(memory.files) == {"b/d.py", "e.py"}


def test_a_run_over_a_folder_leaves_the_rest_alone(tree, index):
    tree.add({}, "a.py", "b/c.py", "b/d.py", "bb.py")
    memory = Memory()
    index(memory)
    for name in ("a.py", "b/c.py", "bb.py"):
        (tree.root / name).unlink()
    tree.add({}, "b/new.py", "other.py")

    assert index(memory, "b") == {"indexed": 1, "removed": 1, "unchanged": 1}
    assert set(memory.files) == {"a.py", "b/d.py", "b/new.py", "bb.py"}


def test_a_run_over_one_file(tree, index):
    tree.add({}, "a.py", "b.py")
    memory = Memory()

    assert index(memory, "b.py") == {"indexed": 1}
    assert set(memory.files) == {"b.py"}


def test_what_lies_in_an_unreadable_folder_is_kept(tree, index, without_rights):
    tree.add({}, "a.py", "closed/b.py", "d.py")
    memory = Memory()
    index(memory)
    (tree.root / "a.py").unlink()
    (tree.root / "closed").chmod(0)

    with without_rights():
        assert index(memory) == {"removed": 1, "unchanged": 1}

    assert set(memory.files) == {"closed/b.py", "d.py"}


def test_a_file_that_was_cut_by_an_older_chunker_is_cut_anew(tree, index):
    tree.add({}, "a.py", "b.rb")
    memory = Memory()
    index(memory)
    newer = Pipelines(PluginManager.load(disabled=["tree-sitter"]).chunkers())
    newer._names["python"] = "another pipeline"

    assert index(memory, pipelines=newer) == {"indexed": 1, "renewed": 1, "unchanged": 1}
    assert memory.states["a.py"].pipeline == "another pipeline"


def test_force_reads_everything_again(tree, index):
    tree.add({}, "a.py", "b.py")
    memory = Memory()
    index(memory)

    assert index(memory, force=True) == {"indexed": 2}


def test_a_file_that_kills_its_worker_is_cut_by_lines_and_says_so(tree, index, site, monkeypatch):
    site.add(
        "deadly",
        """
        import os
        from codebase_core_hookspecs import ChunkerPlugin, hookimpl

        def chunk(source, options):
            os._exit(5)

        @hookimpl
        def codebase_core_chunkers():
            return [ChunkerPlugin(name="deadly", summary="", chunk=chunk, languages=frozenset({"python"}), version="1")]
        """,
    )
    monkeypatch.setenv("PYTHONPATH", str(site.folder))
    tree.add({}, "a.py", "b.rb")
    memory = Memory()

    assert index(memory) == {"indexed": 2}
    assert memory.states["a.py"].fallback == "crashed its worker (exit status 5)"
    assert memory.states["b.rb"].fallback is None
    assert index(memory) == {"unchanged": 2}


def test_a_file_larger_than_all_that_may_be_in_flight_goes_alone(tree, index, monkeypatch):
    """It waited for files before it that were only handed out behind it: the run never ended."""
    monkeypatch.setattr(pipeline, "ByteBudget", lambda: ByteBudget(20_000))
    monkeypatch.setattr(pipeline, "GROUP_BYTES", 16_000)
    tree.add({"b.py": "x = 1\n" * 5_000}, "a.py", "c.py")
    memory = Memory()

    assert index(memory) == {"indexed": 3}


@pytest.mark.parametrize("fault", [StorageFull("the disk is full"), RuntimeError("unforeseen")])
def test_what_stops_the_writer_stops_the_run_and_is_raised_as_it_is(tree, index, fault):
    tree.add({}, "a.py")

    with pytest.raises(type(fault)) as caught:
        index(Memory(fault=fault))

    assert caught.value is fault


def test_vectors_are_joined_with_their_files(tree, index):
    tree.add({"a.py": "aaaa\n" * 200 + "bbbb\n" * 200, "b.py": "cccc\n"})
    memory = Memory()

    index(memory, embedder=Letters())

    first, last = memory.files["a.py"].chunks[0].vector, memory.files["a.py"].chunks[-1].vector
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    assert first[0] > first[1] > 0.1
    assert last[1] > last[0] > 0.1
    assert memory.files["a.py"].chunks[0].text_hash == b""


def test_a_dear_embedders_vectors_are_kept_as_they_are_with_the_hash_of_their_text(tree, index):
    tree.add({"a.py": "aaaa\n" * 200 + "bbbb\n" * 200})
    memory, letters = Memory(), Letters()

    index(memory, embedder=letters, cached=True)

    chunks = memory.files["a.py"].chunks
    assert letters.texts == [chunk.text for chunk in chunks]
    assert chunks[0].vector[0] == pytest.approx(1)
    assert len({chunk.text_hash for chunk in chunks}) == len(set(letters.texts))
    assert {len(chunk.text_hash) for chunk in chunks} == {16}


def test_a_chunk_that_says_nothing_has_no_vector(tree, index):
    tree.add({"1.md": "1234\n"})
    memory = Memory()

    index(memory, embedder=Letters(), cached=True)

    assert memory.files["1.md"].chunks[0].vector is None


def test_a_partial_answer_of_an_embedder_stops_the_run(tree, index):
    tree.add({"a.py": "aaaa\n" * 200})
    memory = Memory()

    with pytest.raises(EmbedderUnavailable, match="letters:az returned shape"):
        index(memory, embedder=Letters(rows=1))

    assert memory.batches == []


def test_without_an_embedder_there_are_no_vectors(tree, index):
    tree.add({}, "a.py")
    memory = Memory()

    index(memory)

    assert memory.files["a.py"].chunks[0].vector is None
