"""Errors that cross the contract: what a plugin raises and core shows as ``error:`` and ``hint:``."""

from __future__ import annotations


class CodebaseCoreError(Exception):
    """Base of every error a user can act on.

    ``hint`` names the next step, in the imperative; it is printed on a line of its own.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ServerUnavailable(CodebaseCoreError):
    """A database server cannot be reached or refuses the connection."""


class ServerBusy(ServerUnavailable):
    """No connection came free before the deadline."""


class ProvisionError(CodebaseCoreError):
    """The server refuses to create or change something; ``sql`` is what an administrator must run once."""

    def __init__(self, message: str, *, hint: str | None = None, sql: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.sql = sql


class StorageFull(CodebaseCoreError):
    """A disk is full or a quota is reached; what was committed before is kept."""


class NotProvisioned(CodebaseCoreError):
    """The database or schema that the registry names does not exist or holds no index."""


class NotOwned(CodebaseCoreError):
    """A database or schema lacks this project's ownership mark and is left alone."""


class FormatTooNew(CodebaseCoreError):
    """The stored data asks for a newer client than this one."""


class NameTaken(CodebaseCoreError):
    """Another live project has this name."""


class BindingTaken(CodebaseCoreError):
    """Another project owns this database or schema; the caller plans again."""


class OtherCheckoutIndexed(CodebaseCoreError):
    """The project follows another checkout of the repository that would be indexed into it."""


class CheckoutTaken(CodebaseCoreError):
    """The folder already belongs to another project on this machine."""


class CursorInvalid(CodebaseCoreError):
    """A cursor belongs to another query or to none."""


class VersionConflict(CodebaseCoreError):
    """The record changed since it was read; read it again and repeat the change."""


class ProjectBusy(CodebaseCoreError):
    """Another process is writing this project; ``holder`` says which."""

    def __init__(self, message: str, *, holder: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.holder = holder


class LeaseLost(CodebaseCoreError):
    """The write lease expired and another writer has taken over; nothing of the last batch was stored."""


class GenerationChanged(CodebaseCoreError):
    """The index was replaced by a newer generation; open the store again."""


class ResolverUnavailable(CodebaseCoreError):
    """A service that knows which project is meant does not answer: reads fall through to the next tier, writes stop."""


class EmbedderUnavailable(CodebaseCoreError):
    """The embedding model cannot be loaded or reached."""


class RerankerUnavailable(CodebaseCoreError):
    """The reranking model cannot be loaded or used; answers are then ordered without it."""


class ProjectNotFound(CodebaseCoreError):
    """No live project has this name or id."""


class ProjectUnresolved(CodebaseCoreError):
    """No tier of the resolution chain knows the project of this folder."""


class InvalidRequest(CodebaseCoreError):
    """A request asks for something that no index could answer; the message names the field and what it may be."""


class PathUnusable(CodebaseCoreError):
    """A path given by the user does not exist or cannot be read."""


class FileNotIndexed(CodebaseCoreError):
    """The index holds no such file."""


class JobNotFound(CodebaseCoreError):
    """No job of this account has this id."""


class TokenNotFound(CodebaseCoreError):
    """No token has this name."""


class FolderNotAllowed(CodebaseCoreError):
    """A folder lies outside what may be indexed on behalf of whoever asks."""


def undeclared(method: str) -> NotImplementedError:
    """Return what the default body of an optional method raises.

    A bare ``raise NotImplementedError`` would make the method abstract to type checkers, and every plugin wrong that lacks it.
    """
    return NotImplementedError(f"{method} belongs to an ability that this plugin does not declare")
