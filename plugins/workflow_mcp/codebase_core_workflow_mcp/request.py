"""One GET over HTTP/1.0, with one deadline for all of it: a client library costs 100 ms to import, urllib has no deadline."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

_MAX_BYTES = 64 * 1024
_PORTS = {"http": 80, "https": 443}


async def get(url: str, *, seconds: float) -> tuple[int, bytes]:
    """Return status and body; raise OSError, TimeoutError, or ValueError for what is not HTTP."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("not an http:// or https:// URL")
    port = parts.port or _PORTS[parts.scheme]
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=parts.scheme == "https" or None)
        try:
            writer.write(
                f"GET {parts.path} HTTP/1.0\r\nHost: {parts.netloc}\r\nAccept: application/json\r\n\r\n".encode()
            )
            answer = b""
            while len(answer) <= _MAX_BYTES and (more := await reader.read(_MAX_BYTES)):
                answer += more
        finally:
            writer.transport.abort()  # what was to be read has been read
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    if len(answer) > _MAX_BYTES or not head.startswith(b"HTTP/") or not words[1:] or not words[1].isdigit():
        raise ValueError("not HTTP, or more than 64 KiB")
    return int(words[1]), body
