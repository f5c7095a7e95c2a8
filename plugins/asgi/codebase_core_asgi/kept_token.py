"""A token that a server makes for itself and keeps in a file that only this account can read."""

from __future__ import annotations

import secrets
from pathlib import Path

from codebase_core_hookspecs import CodebaseCoreError


def kept_token(file: Path, *, setting: str) -> str:
    """Return the token in a file, made now if there is none; ``setting`` names what can give another one."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        if file.stat().st_mode & 0o077:
            raise CodebaseCoreError(f"others may read the token in {file}", hint=f"rm {file}: the next start makes one")
        if not (token := file.read_text(encoding="ascii").strip()):
            token = secrets.token_urlsafe(32)
            file.write_text(f"{token}\n", encoding="ascii")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it holds no token"
        raise CodebaseCoreError(f"cannot keep a token in {file}: {why}", hint=f"set {setting}") from exc
    return token
