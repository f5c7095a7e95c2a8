"""A plugin for tests: the shipped model, of which some of the values are kept. ``sliced:64``, ``sliced:half``.

``half`` has as many values as the whole model, so that only who looks at the generation can tell their vectors apart.
"""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
from codebase_core_hookspecs import EmbedderPlugin, hookimpl
from codebase_core_static.embedder import StaticEmbedder


class Sliced:
    def __init__(self, model):
        self._whole = StaticEmbedder.open()
        whole = self._whole.identity.dimensions
        self._kept = whole // 2 if model == "half" else int(model)
        revision = Path(os.environ["SLICED_REVISION"]).read_text() if "SLICED_REVISION" in os.environ else "1"
        dimensions = whole if model == "half" else self._kept
        self.identity = replace(
            self._whole.identity, plugin="sliced", model=model, revision=revision, dimensions=dimensions
        )

    async def embed_documents(self, texts):
        return self._sliced(await self._whole.embed_documents(texts))

    async def embed_query(self, text):
        return self._sliced((await self._whole.embed_query(text))[None])[0]

    async def aclose(self):
        await self._whole.aclose()

    def _sliced(self, rows):
        found = np.zeros((len(rows), self.identity.dimensions), dtype=np.float32)
        found[:, : self._kept] = rows[:, : self._kept]
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 0)


async def open_sliced(context, model):
    return Sliced(model or "64")


@hookimpl
def codebase_core_embedders():
    return [
        EmbedderPlugin(
            name="sliced",
            summary="For tests",
            open=open_sliced,
            cache_vectors=False,
            document_text="words",
            file_centroid=True,
        )
    ]
