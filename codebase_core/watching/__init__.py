"""Keep an index current while files change."""

from .watcher import Batch, watch

__all__ = ["Batch", "watch"]
