"""A thousand texts that somebody would try: as names, ids, descriptions, tags and paths."""

# ruff: noqa: RUF001 - look-alikes are the point

from __future__ import annotations

from itertools import islice, product

SQL = [
    "'", '"', ";", "--", "/*", "*/", "$$", "\\", "$1", "%s", "%(x)s", "{s}", "{0}", "::text", "E'\\''",
    "'; DROP TABLE codebase_core.projects; --", '"; DROP SCHEMA codebase_core CASCADE; --', "' OR '1'='1",
    "x' UNION SELECT * FROM codebase_core.projects --", "robert'); DROP DATABASE bystander;--", "pg_sleep(10)",
    "COPY x TO PROGRAM 'id'", "\\gexec", "\\! id", "LIKE '%'", "_", "%", "NULL", "null", "DEFAULT", "'' ''",
]  # fmt: skip
RESERVED = [
    "select", "SELECT", "table", "user", "order", "group", "public", "pg_catalog", "pg_temp", "information_schema",
    "postgres", "template0", "template1", "codebase_core", "codebase", "default", "current_user", "all", "project",
    "con", "nul", "aux", "prn", "true", "false", "none", "0", "-1", "--project", "-", "__init__", "constructor",
]  # fmt: skip
PATHS = [
    ".", "..", "/", "//", "../..", "../../etc/passwd", "a/../b", "~", "~root", "C:\\x", "\\\\host\\share", "file:///x",
    ".git", ".codebase-mcp", "a/b", "%2e%2e%2f", "..\\..", "/dev/null", "$HOME", "`id`", "$(id)", "*", "?", "[a]",
]  # fmt: skip
UNICODE = [
    "ѕhop", "shоp", "ｓｈｏｐ", "shop\u200b", "\u202eshop", "sh\u00adop", "s\u0301hop", "ſhop", "ß", "SS", "İ", "ı",
    "ﬁ", "𝓼𝓱𝓸𝓹", "日本語", "🛒", "\ufeffshop", "\u2028", "\u2029", "\u0085", "\u00a0", "\ufffe", "\U0010ffff", "e\u0301", "é",
]  # fmt: skip
CONTROL = [
    "\0",
    "a\0b",
    "\n",
    "a\nb",
    "\r",
    "\t",
    "\x1b[31mred",
    "\x7f",
    "\x08",
    "\ud800",
    "a\udcffb",
    "\x00\x00",
    "\v",
    "\f",
]
IDS = [
    "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}", "0" * 32, "f" * 32, "0" * 31,
    "urn:uuid:00000000-0000-0000-0000-000000000001", "12345678-1234-1234-1234-12345678901g", "1e10", "0x10", "NaN",
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "12345678123412341234123456789012",
]  # fmt: skip
LONG = [
    "a" * 63, "a" * 64, "a" * 62 + "b", "a" * 255, "a" * 256, "a" * 10_000, "-" * 255, " " * 10, "é" * 200, "a" * 40 + "b",
    "a" * 40 + "c", "A" * 40 + "b", "a-" * 30, "a_" * 31 + "x", "a " * 20 + "z", "x" * 1_000_000,
]  # fmt: skip
PLAIN = [
    "",
    " ",
    "  a",
    "a  ",
    " a ",
    "a b",
    "a_b",
    "a-b",
    "A-B",
    "a--b",
    "a__b",
    "a_-_b",
    "shop",
    "Shop",
    "1",
    "9lives",
]

BASES = [*SQL, *RESERVED, *PATHS, *UNICODE, *CONTROL, *IDS, *LONG, *PLAIN]
FRAMES = ["{}", "x{}", "{}x", "x {} y", "{0}{0}", "({})", "-{}-", " {}", "{}\n", "A{}"]

TEXTS = list(dict.fromkeys(frame.replace("{0}", "{}").replace("{}", base) for frame, base in product(FRAMES, BASES)))
NAMES = list(islice(TEXTS, 1_100))
