"""Errors of the engine, and those of the contract under one roof.

Every class states a condition that a caller can act on. The command line prints ``error:`` and ``hint:`` for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from codebase_core_hookspecs.errors import (
    BindingTaken,
    CheckoutTaken,
    CodebaseCoreError,
    CursorInvalid,
    EmbedderUnavailable,
    FileNotIndexed,
    FolderNotAllowed,
    FormatTooNew,
    GenerationChanged,
    InvalidRequest,
    JobNotFound,
    LeaseLost,
    NameTaken,
    NotOwned,
    NotProvisioned,
    OtherCheckoutIndexed,
    PathUnusable,
    ProjectBusy,
    ProjectNotFound,
    ProjectUnresolved,
    ProvisionError,
    RerankerUnavailable,
    ResolverUnavailable,
    ServerBusy,
    ServerUnavailable,
    StorageFull,
    TokenNotFound,
    VersionConflict,
)

__all__ = [
    "AlreadyThere",
    "AlreadyWatched",
    "AmbiguousPlugin",
    "ArchiveUnreadable",
    "BindingTaken",
    "CheckoutTaken",
    "CheckoutUnconfirmed",
    "CodebaseCoreError",
    "ConfigFileError",
    "CursorInvalid",
    "EmbedderMismatch",
    "EmbedderUnavailable",
    "FileNotIndexed",
    "FolderNotAllowed",
    "FormatTooNew",
    "GenerationChanged",
    "IllegalName",
    "IllegalText",
    "InvalidRequest",
    "JobNotFound",
    "LeaseLost",
    "NameTaken",
    "NotOwned",
    "NotProvisioned",
    "NothingToIndex",
    "OtherCheckoutIndexed",
    "PathUnusable",
    "PlotUnavailable",
    "PluginFailed",
    "ProjectBusy",
    "ProjectNotFound",
    "ProjectUnresolved",
    "ProvisionError",
    "QueriesMalformed",
    "RegistryUnreadable",
    "RepositoryNotHere",
    "RerankerUnavailable",
    "ResolverUnavailable",
    "ServerBusy",
    "ServerUnavailable",
    "SettingsError",
    "StorageFull",
    "TokenNotFound",
    "UnknownPlugin",
    "Unsupported",
    "VersionConflict",
    "WorkerFailed",
    "choices",
]


def choices(name: str, known: Sequence[str]) -> str:
    """Say which names exist, the likeliest first, for the hint of an unknown name."""
    near = get_close_matches(name, known, n=1)
    listed = ", ".join(known) or "none"
    return f"did you mean {near[0]!r}? known: {listed}" if near else f"known: {listed}"


class CheckoutBeingIndexed(CodebaseCoreError):
    """A checkout is asked about for the first time, and a job finds out what it sees."""


class RegistryUnreadable(CodebaseCoreError):
    """The file of project records is damaged or gone; it is never taken for an empty one."""


class AlreadyThere(CodebaseCoreError):
    """A project is asked to move to where it is."""


class ArchiveUnreadable(CodebaseCoreError):
    """An export or backup is malformed, of another format, or of something else."""


class SettingsError(CodebaseCoreError):
    """A setting is missing, unknown or malformed; the message names where it came from."""


class UnknownPlugin(CodebaseCoreError):
    """No active plugin has this name."""


class AmbiguousPlugin(CodebaseCoreError):
    """Two third-party plugins declare the same name."""


class Unsupported(CodebaseCoreError):
    """A plugin does not declare the ability that a command needs."""


class PluginFailed(CodebaseCoreError):
    """A plugin raised something that is not an error of the contract."""


class IllegalName(InvalidRequest):
    """A project name breaks the rules: letters, digits, space, ``_`` and ``-``, at most 255 characters."""


class IllegalText(InvalidRequest):
    """A description, tag or metadata holds what a record cannot."""


class CheckoutUnconfirmed(CodebaseCoreError):
    """A write would go into a project that this checkout does not belong to; the user has to name it once."""


class ConfigFileError(CodebaseCoreError):
    """A repository's ``.codebase-mcp/config.json`` is unreadable or says something it may not."""


class AlreadyWatched(CodebaseCoreError):
    """Another process keeps this folder's index current."""


class QueriesMalformed(CodebaseCoreError):
    """A file of labelled queries cannot be read."""


class PlotUnavailable(CodebaseCoreError):
    """A picture cannot be drawn: no library, no format, or no place for it."""


class NothingToIndex(CodebaseCoreError):
    """A folder holds no file that can be indexed."""


class RepositoryNotHere(CodebaseCoreError):
    """A repository of a project has to be read and is not on this machine, or gone."""


class EmbedderMismatch(CodebaseCoreError):
    """A project was made with another embedding model than the one asked for."""


class WorkerFailed(CodebaseCoreError):
    """The worker processes of indexing cannot be started."""
