"""Which kinds of file a question asks for: tests, examples, documentation, configuration.

A kind that is mentioned is not asked for: "what happens when a test fails" is about the code that runs tests.
"""

from __future__ import annotations

import re

from codebase_core.sources.languages import language_of
from codebase_core.sources.roles import roles_of

_NOUNS = {
    "test": "tests?|specs?|benchmarks?|fixtures?|mocks?",
    "example": "examples?|samples?|demos?",
    "documentation": "docs?|documentation|guides?|tutorials?|manuals?",
    "configuration": "configs?|configurations?|settings",
}
_PLURALS = {
    "test": "tests|specs|benchmarks|test (?:cases?|suites?)",
    "example": "examples|samples|demos",
    "documentation": "docs|documentation|guide|tutorial|manual",
    "configuration": "(?:config|configuration|settings|json|yaml|toml|ini|xml) files?",
}
"""What a list of words ends with that asks for such files: "pool tests", but not "run test"."""

_NAMED_FILES = {"documentation": "readme|changelog", "configuration": "(?:json|yaml|toml|ini|xml) files?"}
"""Files that are called so: whoever says it means the file."""

_DONE = {"test": "tested", "documentation": "documented"}
_FILES = r"(?: (?:cases?|suites?|code|files?|pages?))?"
_BEFORE = r"(?:unit|integration|regression|functional|acceptance|usage|code|api|user|reference|all|the|an?|any|some)"
_ASKING = r"(?:where|what|which|is|are|find|show|list|give|get|see|need|want|look|search|for|at|me|i|there|please|this)"
_ABOUT = r"(?:for|of|that|which|about|on|covering|covers?|checks?|exercises?|against|showing|where|how|to)"

_STOP = re.compile(
    r"\b(?:how|what|why|when|where|which|who|is|are|the|an?|to|in|of|for|from|with|and|or|after|before|by)\b"
)
_MOST_KEYWORDS = 6


def asked_roles(text: str) -> frozenset[str]:
    """Return the roles of files that a question of one line asks for.

    It does so by beginning with them ("tests for the pool", "show me examples that use sockets"), as the last of a few
    key words ("pool tests"), by what is done there ("where is the pool tested"), by a path among theirs
    ("tests/test_pool.py"), by what such a file is called ("the readme"), or by a name that only such files hold
    (``test_acquire``).
    """
    said = " ".join(re.findall(r"[\w'-]+", text.lower()))
    few = len(said.split()) <= _MOST_KEYWORDS and not _STOP.search(said)
    return frozenset(role for role in _NOUNS if _asks(role, said, few=few)) | _of_names(text)


def _asks(role: str, said: str, *, few: bool) -> bool:
    first = rf"^(?:{_ASKING} )*(?:{_BEFORE} )*(?:{_NOUNS[role]}){_FILES} {_ABOUT}\b"
    last = rf"(?:^| )(?:{_PLURALS[role]})$"
    return bool(
        re.search(first, said)
        or re.match(rf"this (?:{_NOUNS[role]}){_FILES}\b", said)
        or re.fullmatch(_NOUNS[role], said)
        or (few and re.search(last, said))
        or (role in _NAMED_FILES and re.search(rf"\b(?:{_NAMED_FILES[role]})\b", said))
        or (role in _DONE and re.search(rf"^(?:where|how) (?:is|are) .*\b{_DONE[role]}$", said))
    )


def _of_names(text: str) -> frozenset[str]:
    """Return the roles of the files that a text names, and of those that a name in it comes from."""
    roles: set[str] = set()
    for word in text.split():
        name = word.strip("`'\",;:?!()[]")
        if "/" in name:
            roles |= roles_of(name, language_of(name.rpartition("/")[2]))
        elif re.fullmatch(r"(?:test_\w+|\w+_(?:test|spec)|Test[A-Z]\w*|\w+[a-z](?:Tests?|Spec))(?:[.:(].*)?", name):
            roles.add("test")
    return frozenset(roles)
