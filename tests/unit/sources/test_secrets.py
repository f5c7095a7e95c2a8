"""Likely secrets are known by their names or, for private keys, by their content."""

from __future__ import annotations

import pytest

from codebase_core.sources.secrets import holds_private_key, named_like_secret

BODY = b"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n"


@pytest.mark.parametrize(
    "name",
    [
        ".env", ".ENV", ".env.production", "prod.env", "id_rsa", "id_ed25519", "server.pem", "server.key", "store.jks", ".netrc",
        ".pgpass", ".htpasswd", ".npmrc", ".pypirc", ".git-credentials", "credentials", "credentials.json", "secrets.yaml",
        "secret.toml", "service-account-prod.json",
    ],
)  # fmt: skip
def test_a_name_that_promises_a_secret(name):
    assert named_like_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        ".env.example", ".env.sample", ".env.template", "env.py", "environment.py", "secrets.py", "id_rsa.pub", "keys.py",
        "key.rs", "credentials.py", "test_secrets.json.py", "README",
    ],
)  # fmt: skip
def test_a_name_that_does_not(name):
    assert not named_like_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        b"-----BEGIN PRIVATE KEY-----\n" + BODY,
        b"-----BEGIN RSA PRIVATE KEY-----\n" + BODY,
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + BODY,
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----\r\n" + BODY,
        b"\n\n-----BEGIN EC PRIVATE KEY-----\n" + BODY,
        b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + BODY,
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n" + BODY,
    ],
)
def test_a_private_key_is_known_by_its_content(text):
    assert holds_private_key(text)


@pytest.mark.parametrize(
    "text",
    [
        b"-----BEGIN CERTIFICATE-----\n" + BODY,
        b"-----BEGIN PUBLIC KEY-----\n" + BODY,
        b"-----BEGIN PRIVATE KEY-----\n...\n",
        b'KEY = """-----BEGIN PRIVATE KEY-----\n' + BODY + b'"""\n',
        b"if line == '-----BEGIN PRIVATE KEY-----':\n    pass\n",
    ],
)
def test_code_that_mentions_a_key_is_no_key(text):
    assert not holds_private_key(text)
