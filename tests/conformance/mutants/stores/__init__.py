"""Wrong stores."""

from . import abilities, isolation, places, reading, runs, writing
from .base import Suite

__all__ = ["Suite", "abilities", "isolation", "places", "reading", "runs", "writing"]
