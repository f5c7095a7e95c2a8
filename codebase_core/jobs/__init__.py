"""Index runs in a process of their own: they outlive whoever asked for them."""

from .job import Job
from .spool import Jobs

__all__ = ["Job", "Jobs"]
