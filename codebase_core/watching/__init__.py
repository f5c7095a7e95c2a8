"""Keep an index current while files change."""

from .watcher import Intervals, WatchBatch, watch

__all__ = ["Intervals", "WatchBatch", "watch"]
