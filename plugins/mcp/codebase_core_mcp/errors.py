"""Errors as an agent reads them: what is wrong, and the one call to make next. None of them invites to index again and again."""

from __future__ import annotations

from codebase_core_hookspecs import (
    CodebaseCoreError,
    EmbedderUnavailable,
    FolderNotAllowed,
    JobNotFound,
    NotProvisioned,
    OtherCheckoutIndexed,
    PathUnusable,
    ProjectBusy,
    ProjectNotFound,
    ProjectUnresolved,
    ServerUnavailable,
)

_NEXT: tuple[tuple[type[CodebaseCoreError], str], ...] = (
    (ProjectNotFound, "call list_projects"),
    (PathUnusable, "call set_working_directory with an existing absolute folder"),
    (ProjectBusy, "call get_indexing_status; it is being indexed already"),
    (JobNotFound, "call get_indexing_status without a job"),
    (FolderNotAllowed, "tell the user; "),
    (OtherCheckoutIndexed, "call index_repository without project: the folder gets an index of its own"),
    (ServerUnavailable, "tell the user to run: codebase-core doctor"),
    (NotProvisioned, "tell the user; "),
    (EmbedderUnavailable, "tell the user; "),
    (ProjectUnresolved, "call list_projects, or index_repository with the folder"),
)


def explained(error: CodebaseCoreError) -> str:
    """Return the text of an error."""
    for kind, step in _NEXT:
        if isinstance(error, kind):
            hint = (error.hint or "nothing else can be done from here") if step.endswith("; ") else ""
            return f"error: {error.message}\nnext: {step}{hint}"
    return f"error: {error.message}" + (f"\nnext: {error.hint}" if error.hint else "")
