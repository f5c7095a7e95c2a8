"""One Ollama server: its answers checked, its failures in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import ollama
import pydantic
from codebase_core_hookspecs import EmbedderUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONNECT_SECONDS = 3.0
ASK_SECONDS = 10.0
"""For what needs no model: which ones are there, how long their vectors are."""

_NOT_FOUND = 404


class TextTooLong(EmbedderUnavailable):
    """A text is longer than the model reads, and the server does not cut it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model as a server has it: ``digest`` of its weights, ``dimensions`` if it says them."""

    digest: str
    dimensions: int | None


class Endpoint:
    """Ask one server; at most ``concurrency`` requests at a time."""

    def __init__(self, url: str, *, timeout: float, concurrency: int) -> None:
        self._places = asyncio.Semaphore(max(1, concurrency))
        self._timeout = timeout
        try:
            self.name = _shown(url)
            self._client = ollama.AsyncClient(
                url,
                timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS),
                trust_env=not _is_loopback(url),  # a proxy cannot reach what listens here
            )
        except (ValueError, httpx.InvalidURL) as exc:
            raise EmbedderUnavailable("what is set is no address of an Ollama server", hint=_HINT_URL) from exc

    async def model(self, name: str) -> Model:
        """Look a model up; raise EmbedderUnavailable with the command that fetches it."""
        async with self._asking(name, seconds=ASK_SECONDS):
            listed = (await self._client.list()).models
            wanted = {name, f"{name}:latest"}
            digest = next((each.digest for each in listed if each.model in wanted and each.digest), None)
            if digest is None:
                raise _absent(name, self.name)
            info: Mapping[str, Any] = (await self._client.show(name)).modelinfo or {}
        lengths = [value for key, value in info.items() if key.endswith(".embedding_length")]
        return Model(digest=digest, dimensions=lengths[0] if len(lengths) == 1 else None)

    async def digest(self, name: str) -> str | None:
        """Return the digest that a model has now."""
        async with self._asking(name, seconds=ASK_SECONDS):
            listed = (await self._client.list()).models
        return next((each.digest for each in listed if each.model in {name, f"{name}:latest"}), None)

    async def embed(self, name: str, texts: Sequence[str], **options: Any) -> NDArray[np.float32]:
        """Return float32 ``(n, d)`` as the server sent them, finite; raise EmbedderUnavailable, never a part."""
        async with self._places, self._asking(name, seconds=self._timeout):
            rows = (await self._client.embed(name, texts, **options)).embeddings
        if len(rows) != len(texts) or len({len(row) for row in rows}) > 1:
            raise EmbedderUnavailable(
                f"{self.name} returned {len(rows)} vectors for {len(texts)} texts, or of unequal lengths",
                hint=_HINT_LOG,
            )
        found = np.asarray(rows, dtype=np.float32)
        if not np.isfinite(found).all():
            raise EmbedderUnavailable(f"{self.name} returned values that are not finite", hint=_HINT_LOG)
        return found

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()  # type: ignore[no-untyped-call]

    @asynccontextmanager
    async def _asking(self, model: str, *, seconds: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(seconds):
                yield
        except ollama.ResponseError as exc:
            raise self._refused(exc, model) from exc
        except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout) as exc:
            hint = "start it (ollama serve), or set OLLAMA_BASE_URL"
            raise EmbedderUnavailable(f"no Ollama server can be reached at {self.name}", hint=hint) from exc
        except (TimeoutError, httpx.TimeoutException) as exc:
            hint = "look at its load (ollama ps), or raise CODEBASE_CORE_OLLAMA_TIMEOUT"
            raise EmbedderUnavailable(f"{self.name} did not answer within {seconds:g} s", hint=hint) from exc
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            said = str(exc) or type(exc).__name__
            raise EmbedderUnavailable(f"the answer of {self.name} broke off: {said}", hint=_HINT_LOG) from exc
        except (pydantic.ValidationError, ValueError, TypeError) as exc:
            raise EmbedderUnavailable(f"{self.name} returned what is no answer of Ollama", hint=_HINT_URL) from exc

    def _refused(self, exc: ollama.ResponseError, model: str) -> EmbedderUnavailable:
        if exc.status_code == _NOT_FOUND and "model" in str(exc.error):
            return _absent(model, self.name)
        if "context length" in str(exc.error):
            hint = "let texts be cut (option truncate), or choose a model that reads more"
            return TextTooLong(f"{self.name}: {exc.error}", hint=hint)
        return EmbedderUnavailable(f"{self.name} refused (HTTP {exc.status_code}): {exc.error}", hint=_HINT_LOG)


_HINT_URL = "check OLLAMA_BASE_URL, as http://127.0.0.1:11434"
_HINT_LOG = "look at the server's log, and try another model or fewer texts a request (option batch_size)"


def _absent(model: str, where: str) -> EmbedderUnavailable:
    return EmbedderUnavailable(f"{where} has no model {model!r}", hint=f"ollama pull {model}")


def _shown(url: str) -> str:
    """Return host and port: what else is in a URL may be secret."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url if "://" in url else f"http://{url}").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
