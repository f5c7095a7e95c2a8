"""Sockets that listen before the server runs: whoever reads the address may connect at once."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

from codebase_core_hookspecs import CodebaseCoreError

_ANY_PORT = "choose another --port, 0 for any"


def listen_tcp(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a host's address; raise CodebaseCoreError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
    except OSError as exc:
        raise CodebaseCoreError(f"{host!r} is no address of this machine: {exc.strerror}", hint="see --host") from exc
    # asyncio sets TCP_NODELAY where the protocol is named; without it the end of an answer waits 40 ms for an acknowledgement.
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(1_024)
    except OSError as exc:
        listening.close()
        raise CodebaseCoreError(f"cannot listen on {host}:{port}: {exc.strerror}", hint=_ANY_PORT) from exc
    return listening


def listen_unix(path: Path) -> socket.socket:
    """Return a socket that listens in a file for this account and its group; what a dead server left there is replaced."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket() and not _answers(path):
            path.unlink()
        before = os.umask(0o117)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        listening.listen(1_024)
    except OSError as exc:
        listening.close()
        raise CodebaseCoreError(
            f"cannot listen on {path}: {exc.strerror or exc}", hint="choose another --unix"
        ) from exc
    return listening


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe, suppress(OSError):
        probe.connect(str(path))
        return True
    return False
