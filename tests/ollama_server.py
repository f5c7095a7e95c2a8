"""A server on loopback that speaks Ollama's protocol: /api/tags, /api/show and /api/embed, as its routes.go writes them.

Its model counts words into hashed places, so that texts with the same words are near each other. ``faults`` say what goes
wrong, one request after the other; an entry is answered as it stands or does what it likes with the handler.
"""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zlib import crc32

DIGEST = "0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f"
Fault = Callable[["Handler"], None]


@dataclass
class State:
    """What the server has, what it was asked, and what goes wrong next."""

    models: dict[str, str] = field(default_factory=lambda: {"nomic-embed-text:latest": DIGEST})
    dimensions: int = 768
    context: int | None = None
    """Words that the model reads; more is cut, or refused without ``truncate`` (``stubborn``: refused anyway)."""
    stubborn: bool = False
    says_length: bool = True
    requests: list[tuple[str, dict]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    busy: int = 0
    most: int = 0
    slow: threading.Event | None = None

    def embed(self, text: str) -> list[float]:
        row = [0.0] * self.dimensions
        for word in re.findall(r"\w+", text.lower()):
            row[crc32(word.encode()) % self.dimensions] += 1.0
        length = math.sqrt(sum(value * value for value in row)) or 1.0
        return [value / length for value in row]

    def embedded(self) -> list[str]:
        """Every text that was embedded, in the order of the requests."""
        return [text for path, body in self.requests if path == "/api/embed" for text in body["input"]]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def send(self, body: object, status: int = 200) -> None:
        """Write JSON as gin does."""
        text = (body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: dict) -> None:
        state = self.state
        state.requests.append((self.path, body))
        if self.path == "/api/embed" and state.faults:
            state.faults.pop(0)(self)
        elif self.path == "/api/tags":
            self.send({"models": [_listed(name, digest) for name, digest in state.models.items()]})
        elif body.get("model") not in {name.removesuffix(":latest") for name in state.models} | set(state.models):
            said = f"model '{body.get('model')}' not found"
            said = f'model "{body.get("model")}" not found, try pulling it first' if "embed" in self.path else said
            self.send({"error": said}, 404)
        elif self.path == "/api/show":
            self.send(_shown(state))
        else:
            self._embed(body)

    def _embed(self, body: dict) -> None:
        state = self.state
        state.busy += 1
        state.most = max(state.most, state.busy)
        if state.slow is not None:
            state.slow.wait(10)
        state.busy -= 1
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        if state.context is not None:
            long = any(len(text.split()) > state.context for text in texts)
            if long and (state.stubborn or body.get("truncate") is False):
                self.send({"error": "the input length exceeds the context length"}, 400)
                return
            texts = [" ".join(text.split()[: state.context]) for text in texts]
        self.send(
            {
                "model": body["model"],
                "embeddings": [state.embed(text) for text in texts],
                "total_duration": 14143917,
                "load_duration": 1019500,
                "prompt_eval_count": sum(len(text.split()) for text in texts),
            }
        )


def _listed(name: str, digest: str) -> dict:
    return {
        "name": name,
        "model": name,
        "modified_at": "2025-05-04T17:37:44.706015396-07:00",
        "size": 274302450,
        "digest": digest,
        "details": _DETAILS,
    }


def _shown(state: State) -> dict:
    info = {"general.architecture": "nomic-bert", "nomic-bert.context_length": 2048}
    if state.says_length:
        info["nomic-bert.embedding_length"] = state.dimensions
    return {
        "license": "Apache",
        "modelfile": "FROM x",
        "template": "{{ .Prompt }}",
        "details": _DETAILS,
        "model_info": info,
        "capabilities": ["embedding"],
        "modified_at": "2025-05-04T17:37:44.706015396-07:00",
    }


_DETAILS = {
    "parent_model": "",
    "format": "gguf",
    "family": "nomic-bert",
    "families": ["nomic-bert"],
    "parameter_size": "137M",
    "quantization_level": "F16",
}


@contextmanager
def serving(state: State | None = None) -> Iterator[tuple[str, State]]:
    """Serve from a thread; yield the URL and the state."""
    state = state or State()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"state": state}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", state
    finally:
        if state.slow is not None:
            state.slow.set()
        server.shutdown()
        server.server_close()
        thread.join()
