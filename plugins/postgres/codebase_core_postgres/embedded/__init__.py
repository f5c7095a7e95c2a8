"""An embedded PostgreSQL: the binaries of a wheel, run for one user and shared by all their processes."""

from .endpoint import Endpoint, ServerStatus
from .errors import (
    AccountUnusable,
    BinariesUnavailable,
    DataIncompatible,
    DataIncomplete,
    DataInUse,
    EmbeddedServerError,
    FolderUnusable,
    NotReady,
    PlatformUnsupported,
    StartFailed,
)
from .server import EmbeddedServer

__all__ = [
    "AccountUnusable",
    "BinariesUnavailable",
    "DataInUse",
    "DataIncompatible",
    "DataIncomplete",
    "EmbeddedServer",
    "EmbeddedServerError",
    "Endpoint",
    "FolderUnusable",
    "NotReady",
    "PlatformUnsupported",
    "ServerStatus",
    "StartFailed",
]
