"""Vectors kept to be used again: found by embedder and text, bounded, never in the way."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from codebase_core_hookspecs import EmbedderIdentity

from codebase_core.indexing import vector_cache
from codebase_core.indexing.features import text_hash
from codebase_core.indexing.vector_cache import VectorCache

IDENTITY = EmbedderIdentity(plugin="p", model="m", revision="1", dimensions=8)
MUCH = 1_000_000_000


def hashes(*texts: str) -> list[bytes]:
    return [text_hash(text) for text in texts]


def rows(count: int, *, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, 8)).astype(np.float32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "vectors.sqlite"


def test_what_was_put_is_found_again_bit_by_bit_by_another_process(file: Path) -> None:
    kept = rows(2)
    cache = VectorCache(file, IDENTITY, most_bytes=MUCH)
    cache.put(hashes("a", "b"), kept)
    cache.close()
    found = VectorCache(file, IDENTITY, most_bytes=MUCH).get(hashes("b", "x", "a"))
    assert list(found) == hashes("b", "a")
    assert np.array_equal(np.stack(list(found.values())), kept[::-1])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("change", [{"plugin": "q"}, {"model": "n"}, {"revision": "2"}, {"dimensions": 4}])
def test_vectors_of_another_model_are_not_found(file: Path, change: dict) -> None:
    VectorCache(file, IDENTITY, most_bytes=MUCH).put(hashes("a"), rows(1))
    assert VectorCache(file, replace(IDENTITY, **change), most_bytes=MUCH).get(hashes("a")) == {}


def test_what_was_used_longest_ago_goes_first_and_the_file_stays_small(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1_000_000.0]
    monkeypatch.setattr(vector_cache, "time", lambda: clock[0])
    cache = VectorCache(file, IDENTITY, most_bytes=400_000)
    cache.put(hashes("used", "unused"), rows(2))
    for day in range(1, 60):
        clock[0] += 86_401
        cache.put(hashes(*(f"{day} {number}" for number in range(200))), rows(200))
        assert set(cache.get(hashes("used"))) == set(hashes("used"))
    assert cache.get(hashes("unused", "1 0")) == {}
    assert len(cache.get(hashes(*(f"59 {number}" for number in range(200))))) == 200
    cache.close()
    assert file.stat().st_size < 450_000


def test_a_damaged_file_is_begun_anew(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_bytes(b"this was never a database" * 1_000)
    cache = VectorCache(file, IDENTITY, most_bytes=MUCH)
    assert cache.get(hashes("a")) == {}
    assert "damaged and begun anew" in caplog.text
    cache.put(hashes("a"), rows(1))
    assert len(cache.get(hashes("a"))) == 1


def test_a_file_that_cannot_be_used_costs_the_reuse_and_is_said_once(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.mkdir(parents=True)
    cache = VectorCache(file, IDENTITY, most_bytes=MUCH)
    cache.put(hashes("a"), rows(1))
    assert cache.get(hashes("a")) == {}
    cache.close()
    assert caplog.text.count("vectors are not reused") == 1


def test_a_file_that_somebody_keeps_locked_is_not_deleted(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_cache, "_WAIT_SECONDS", 0.1)
    first = VectorCache(file, IDENTITY, most_bytes=MUCH)
    first.put(hashes("a"), rows(1))
    other = sqlite3.connect(file)
    other.execute("BEGIN EXCLUSIVE")
    late = VectorCache(file, IDENTITY, most_bytes=MUCH)
    late.put(hashes("b"), rows(1))
    other.close()
    assert set(first.get(hashes("a", "b"))) == set(hashes("a"))


def test_threads_and_processes_share_it(file: Path) -> None:
    cache = VectorCache(file, IDENTITY, most_bytes=MUCH)
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.unit.indexing.test_vector_cache import IDENTITY, MUCH, VectorCache, hashes, rows\n"
        "cache = VectorCache(Path(sys.argv[1]), IDENTITY, most_bytes=MUCH)\n"
        "for n in range(50): cache.put(hashes(*(f'{sys.argv[2]} {n} {i}' for i in range(10))), rows(10))\n"
        "assert not cache._broken"
    )
    root = Path(__file__).parents[3]
    others = [subprocess.Popen([sys.executable, "-c", code, str(file), name], cwd=root) for name in "pq"]

    def work(name: str) -> None:
        for n in range(50):
            cache.put(hashes(f"{name} {n}"), rows(1))
            assert cache.get(hashes(f"{name} {n}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "tuv"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait() for other in others] == [0, 0]
    wanted = [f"{p} {n} {i}" for p in "pq" for n in range(50) for i in range(10)]
    wanted += [f"{t} {n}" for t in "tuv" for n in range(50)]
    assert len(cache.get(hashes(*wanted))) == 1_150
