"""Two thousand hostile files index without crash or hang, and every included byte is in a chunk."""

from __future__ import annotations

from pathlib import Path

import pytest

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from codebase_core.sources.decode import Undecodable, decode

from .conftest import STORES
from .hostile_sources import LONG, files

pytestmark = pytest.mark.any_store

COUNT, SEED = 2_000, 20261121


def decoded(content: bytes) -> tuple[bytes, str | None]:
    """Return the text of a file, or none and why not."""
    try:
        return decode(content).text, None
    except Undecodable as exc:
        return b"", exc.reason


async def test_every_included_byte_of_two_thousand_hostile_files_is_in_a_chunk(
    environ: dict[str, str], tmp_path: Path, store_name: str
) -> None:
    if store_name != STORES[0]:
        pytest.skip("what a file becomes does not depend on the isolation strategy")
    root = tmp_path / "hostile"
    written = dict(files(SEED, COUNT))
    assert len(written) == COUNT
    for path, content in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    settings = load_settings(environ={**environ, "CODEBASE_CORE_MAX_FILE_BYTES": str(2 * LONG)})
    async with App(settings) as app:
        report = await app.index(root)
        store = await app.open(report.resolution.require_project())
        statistics = await store.statistics()
        reasons = {state.path: state.skipped async for page in store.skipped_files() for _, state in page}
        paths = sorted(written)
        stored = {}
        for at in range(0, len(paths), 100):
            found = await store.files([(report.repository, path) for path in paths[at : at + 100]])
            stored |= {path: file for (_, path), file in found.items()}
    assert set(stored) == set(written), "every file is accounted for"
    assert statistics.bytes_seen == statistics.bytes_chunked
    for path, content in written.items():
        text = "".join(chunk.text for chunk in stored[path].chunks).encode()
        expected, reason = decoded(content)
        assert (text, reasons.get(path)) == (expected, reason), path
        spans = [chunk.span for chunk in stored[path].chunks]
        assert [span.start_byte for span in spans] == [0, *(span.end_byte for span in spans)][:-1] or not spans
