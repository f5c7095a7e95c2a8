"""The embedder: batches to one server or several that have the same model."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import cycle
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from codebase_core_hookspecs import EmbedderIdentity, EmbedderUnavailable

from .endpoint import Endpoint, Model, TextTooLong
from .prefixes import Prefixes, prefixes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 30.0
"""Between queries the model is looked at this often: somebody may pull a newer one."""

_PROBE = "dimensions"


class OllamaEmbedder:
    """Embed with one model. A blank text has a row of zeros; one that is too long is cut, by the server or here."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        *,
        identity: EmbedderIdentity,
        digest: str,
        prefixes: Prefixes,
        batch_size: int,
        truncate: bool,
        request: Mapping[str, Any],
    ) -> None:
        self.identity = identity
        self._endpoints = endpoints
        self._digest = digest
        self._prefixes = prefixes
        self._batch_size = batch_size
        self._truncate = truncate
        self._request = request
        self._looked = monotonic()

    @classmethod
    async def open(cls, options: Mapping[str, Any], model: str | None) -> OllamaEmbedder:
        """Find the model on every server; raise EmbedderUnavailable if one lacks it or has another of that name."""
        name = (model or options["model"]).removesuffix(":latest")  # one name for one model
        urls = [url.strip() for url in options["base_url"].split(",") if url.strip()]
        endpoints: list[Endpoint] = []
        try:
            endpoints += (Endpoint(url, timeout=options["timeout"], concurrency=options["concurrency"]) for url in urls)
            if not endpoints:
                raise EmbedderUnavailable("no Ollama server is named", hint="set OLLAMA_BASE_URL")
            found = await asyncio.gather(*(endpoint.model(name) for endpoint in endpoints))
            _check_same(endpoints, found, name)
            num_ctx = options["num_ctx"]
            request = {"truncate": options["truncate"]}
            request |= {"options": {"num_ctx": num_ctx}} if num_ctx is not None else {}
            request |= {"keep_alive": options["keep_alive"]} if options["keep_alive"] is not None else {}
            length = found[0].dimensions or (await endpoints[0].embed(name, [_PROBE], **request)).shape[1]
        except BaseException:
            await asyncio.gather(*(endpoint.aclose() for endpoint in endpoints))
            raise
        prefixes = prefixes_of(name, query=options["query_prefix"], document=options["document_prefix"])
        revision = found[0].digest + _deviation(name, prefixes, num_ctx)
        return cls(
            endpoints,
            identity=EmbedderIdentity(plugin="ollama", model=name, revision=revision, dimensions=length),
            digest=found[0].digest,
            prefixes=prefixes,
            batch_size=max(1, options["batch_size"]),
            truncate=options["truncate"],
            request=request,
        )

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 ``(n, d)`` with unit rows; raise EmbedderUnavailable, also when the model changed meanwhile."""
        rows = np.zeros((len(texts), self.identity.dimensions), dtype=np.float32)
        said = [number for number, text in enumerate(texts) if text.strip()]
        # Texts of like length together: a batch takes as long as its longest.
        said.sort(key=lambda number: len(texts[number]))
        batches = [said[start : start + self._batch_size] for start in range(0, len(said), self._batch_size)]

        async def embed(endpoint: Endpoint, batch: Sequence[int]) -> None:
            rows[batch] = await self._embed(endpoint, [self._prefixes.document + texts[number] for number in batch])

        try:
            async with asyncio.TaskGroup() as group:
                for endpoint, batch in zip(cycle(self._endpoints), batches, strict=False):
                    group.create_task(embed(endpoint, batch))
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        if batches:
            await self._check_unchanged()
        return rows

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return float32 ``(d,)`` of unit length; zeros for a blank query."""
        if not text.strip():
            return np.zeros(self.identity.dimensions, dtype=np.float32)
        if monotonic() - self._looked > _LOOK_SECONDS:
            await self._check_unchanged()
        found: NDArray[np.float32] = (await self._embed(self._endpoints[0], [self._prefixes.query + text]))[0]
        return found

    async def aclose(self) -> None:
        """Close the connections; the server unloads the model when it likes."""
        await asyncio.gather(*(endpoint.aclose() for endpoint in self._endpoints))

    async def _embed(self, endpoint: Endpoint, texts: Sequence[str]) -> NDArray[np.float32]:
        try:
            rows = await endpoint.embed(self.identity.model, texts, **self._request)
        except TextTooLong:
            if not self._truncate:
                raise
            return await self._cut(endpoint, texts)
        if rows.shape[1] != self.identity.dimensions:
            raise EmbedderUnavailable(
                f"{endpoint.name} returned vectors of {rows.shape[1]} values where {self.identity.dimensions} were due",
                hint=f"ollama show {self.identity.model} says which model this is",
            )
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return unit

    async def _cut(self, endpoint: Endpoint, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed one by one, and halve what is too long: some versions refuse although they were asked to cut."""
        if len(texts) > 1:
            return np.concatenate([await self._embed(endpoint, [text]) for text in texts])
        (text,) = texts
        if len(text) < 2:  # noqa: PLR2004 - nothing is left to halve
            raise EmbedderUnavailable(f"{endpoint.name} finds even one character too long", hint="raise num_ctx")
        logger.warning("a text of %d characters is longer than %s reads and is cut", len(text), self.identity.model)
        return await self._embed(endpoint, [text[: len(text) // 2]])

    async def _check_unchanged(self) -> None:
        """Raise EmbedderUnavailable if the name stands for another model than it did."""
        digests = await asyncio.gather(*(endpoint.digest(self.identity.model) for endpoint in self._endpoints))
        for endpoint, digest in zip(self._endpoints, digests, strict=True):
            if digest != self._digest:
                raise EmbedderUnavailable(
                    f"model {self.identity.model!r} of {endpoint.name} was replaced meanwhile",
                    hint="codebase-core reindex builds the index anew with it",
                )
        self._looked = monotonic()


def _check_same(endpoints: Sequence[Endpoint], found: Sequence[Model], name: str) -> None:
    for endpoint, model in zip(endpoints, found, strict=True):
        if model.digest != found[0].digest:
            raise EmbedderUnavailable(
                f"{endpoints[0].name} and {endpoint.name} have different models of the name {name!r}",
                hint=f"ollama pull {name} on both",
            )


def _deviation(name: str, prefixes: Prefixes, num_ctx: int | None) -> str:
    """Return what tells vectors apart that options have changed; nothing where they are as the model is meant."""
    if prefixes == prefixes_of(name, query=None, document=None) and num_ctx is None:
        return ""
    said = repr((prefixes.query, prefixes.document, num_ctx)).encode()
    return f"+{blake2b(said, digest_size=4).hexdigest()}"
