"""Keep an index current while files change."""

from .watcher import WatchBatch, watch

__all__ = ["WatchBatch", "watch"]
