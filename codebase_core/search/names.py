"""What a text may name: every way to read it as a definition's name with qualifiers before it."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import normalize

MAX_READINGS = 32
"""Of a longer chain, the shortest names and the whole text are read."""

_SEPARATOR = re.compile(r"::|->|[.#\\/:]")
_SIGILS = ("#", "$", "@", "%", "r#")
"""What some languages write before a name, and their users now and then leave out."""

_CALL = re.compile(r"(?<=.)(?:\(.*\)|<.*>|/\d+)+$")
"""``f()``, ``f(int x)``, ``Box<T>``, ``hello/1``."""

_DECORATION = re.compile(r"^(?:r#|[#$@%&~*!:`'\"])+(?=\w)|(?<=\w)[`'\":,;?!()]+$")
"""``r#type``, ``#private``, ``$x``, ``~Zed``, and quotes."""


class Reading(NamedTuple):
    """A name and the qualifiers before it, as they were written."""

    name: str
    written: tuple[str, ...] = ()

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """The qualifiers as names are compared."""
        return tuple(map(folded, self.written))

    def spellings(self) -> tuple[str, ...]:
        """Return the folded names to look up: as written first, then without what decorates a name, then with sigils."""
        called = _CALL.sub("", self.name)
        bare = _DECORATION.sub("", called)
        names = (self.name, called, bare, *(f"{sigil}{bare}" for sigil in _SIGILS))
        return tuple(dict.fromkeys(form for name in names if name for form in _forms(name)))

    def is_spelled(self, name: str) -> bool:
        """Tell whether a name is written like this one, whatever its case and the composition of its accents."""
        return folded(name) == folded(self.name)


def readings(text: str) -> list[Reading]:
    """Return the readings of a text, the longest name first: what a name holds may look like a separator.

    ``Client.send`` is the key ``Client.send`` or the name ``send`` in something called Client.
    """
    separators = list(_SEPARATOR.finditer(text))
    shorter = [
        Reading(name, _qualifiers(text[: found.start()]))
        for found in separators[-MAX_READINGS:]
        if (name := text[found.end() :].strip())
    ]
    return [Reading(text), *shorter]


def _qualifiers(text: str) -> tuple[str, ...]:
    parts = (_DECORATION.sub("", _CALL.sub("", part.strip())) for part in _SEPARATOR.split(text))
    return tuple(part for part in parts if part)


def folded(name: str) -> str:
    """Return a name as names are compared: lower-case, accents composed."""
    return normalize("NFC", name).lower()


def _forms(name: str) -> tuple[str, ...]:
    """Return the folded forms in which a source may hold a name: on some systems accents are written apart."""
    return (name.lower(), folded(name), normalize("NFD", name).lower())
