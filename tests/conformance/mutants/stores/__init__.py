"""Wrong stores."""

from . import abilities, checkouts, isolation, places, reading, runs, writing
from .base import Suite

__all__ = ["Suite", "abilities", "checkouts", "isolation", "places", "reading", "runs", "writing"]
