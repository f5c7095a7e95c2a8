"""Sizes, counts and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = (("year", 365 * 86_400), ("month", 30 * 86_400), ("day", 86_400), ("hour", 3_600), ("minute", 60))
_KILO = 1_000


def ago(moment: datetime) -> str:
    """Return how long ago a moment was, as ``3 hours ago``."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{counted(int(seconds // length), unit)} ago"
    return "just now"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, as ``1 file`` or ``1,200 files``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size(count: float) -> str:
    """Return a number of bytes, as ``1.2 MB``."""
    for unit in ("bytes", "kB", "MB"):
        if count < _KILO:
            return f"{count:,.0f} {unit}" if unit == "bytes" else f"{count:,.1f} {unit}"
        count /= _KILO
    return f"{count:,.1f} GB"
