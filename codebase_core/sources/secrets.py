"""Files that likely hold secrets: they are not read unless the user names them."""

from __future__ import annotations

import re

REASON = "likely a secret"

_NAMES = re.compile(
    r"\.env(?:\..+)?|.*\.env|id_(?:rsa|dsa|ecdsa|ed25519)|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)|\.netrc|_netrc|\.pgpass|"
    r"\.htpasswd|\.npmrc|\.pypirc|\.git-credentials|credentials(?:\.json)?|secrets?\.(?:json|ya?ml|toml|ini)|service[-_]account.*\.json",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"\.env\.(?:example|sample|template|dist|defaults?)", re.IGNORECASE)
_PRIVATE_KEY = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----\r?\n(?:[A-Za-z-]+: .*\r?\n|\r?\n)*[A-Za-z0-9+/=]{40}"
)


def named_like_secret(name: str) -> bool:
    """Tell by its name that a file likely holds a secret."""
    return bool(_NAMES.fullmatch(name)) and not _HARMLESS.fullmatch(name)


def holds_private_key(text: bytes) -> bool:
    """Tell that a text is a private key in PEM form, not merely code that mentions one."""
    found = _PRIVATE_KEY.search(text)
    return found is not None and not text[: found.start()].strip()
