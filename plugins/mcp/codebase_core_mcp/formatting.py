"""Answers as compact text, and as objects with what an agent needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codebase_core_hookspecs import Answer, Freshness, JobProgress, RepositoryState, WorkspaceStatus

_QUERY_CHARACTERS, _SYMBOLS, _COPIES = 80, 8, 3
_STATES = {"current": "", "elsewhere": " [of another checkout]"}


def compact(answer: Answer, *, explain: bool = False) -> dict[str, Any]:
    """Return an answer as an object in which a definition is told by its name alone."""
    shown = answer.as_dict(explain=explain)
    for hit in shown["hits"]:
        hit["symbols"] = [symbol["qualified_name"] for symbol in hit["symbols"][:_SYMBOLS]]
    return shown


def answer(answer: Answer, *, explain: bool = False) -> str:
    """Return an answer as text."""
    asked = answer.query.strip().partition("\n")[0][:_QUERY_CHARACTERS]
    lines = [f"# {asked}{'…' * (len(asked) < len(answer.query))}", *_provenance(answer)]
    if answer.note or not answer.hits:
        lines.append(answer.note or ("no result" if answer.project else "nothing is indexed yet"))
    for number, hit in enumerate(answer.hits, 1):
        state = _STATES.get(hit.state, f" [{hit.state} since it was indexed]")
        place = f"{answer.display_path(hit)}:{hit.start_line}-{hit.end_line}"
        same = f" [same in {', '.join(hit.copies[:_COPIES])}]" if hit.copies else ""
        lines.append(f"{number}. {place}{f' {hit.title}' if hit.title else ''}{state}{same}")
        if explain:
            lines.append("   " + " ".join(f"{name} {value:.3f}" for name, value in hit.stages.items()))
        if hit.within is not None and hit.opening and hit.within.line < hit.start_line:
            lines.append(f"{hit.opening} …")
        lines.append(hit.text.rstrip("\n"))
    return "\n".join(lines)


def job(progress: JobProgress) -> str:
    """Return how far a job is."""
    text = f"indexing {progress.path}: job {progress.job} {progress.state}"
    if progress.done is not None:
        total = f" of {progress.changed}" if progress.scanned else ""
        text += f", {progress.done}{total} files, {progress.chunks or 0} chunks"
    return f"{text}: {progress.error}" if progress.error is not None else text


def status(found: WorkspaceStatus) -> str:
    """Return what is indexed."""
    lines = []
    if found.status is not None:
        statistics = found.status.statistics
        lines.append(f"project {found.status.project.name}: {statistics.files} files, {statistics.chunks} chunks")
        lines += [_indexed(state, separator=":") for state in statistics.repositories]
    lines += _served(found.freshness, found.indexing)
    return "\n".join(lines) or "nothing is indexed"


def _provenance(answer: Answer) -> list[str]:
    """Say which project answered, why that one, and how fresh it is."""
    lines = []
    project = answer.project
    if project is not None:
        states = "; ".join(_indexed(state) for state in answer.repositories)
        lines.append(f"project {project.name} (by {project.tier}: {project.evidence}); {states}")
    return lines + _served(answer.freshness, answer.indexing)


def _served(freshness: Freshness | None, indexing: JobProgress | None) -> list[str]:
    lines = []
    if freshness is not None:
        lines.append(f"index: {freshness.state}" + (f" ({freshness.reason})" if freshness.reason is not None else ""))
    if freshness is not None and freshness.state == "elsewhere":
        lines.append("next: call index_repository without project, so that this folder is answered from its own files")
    return [*lines, job(indexing)] if indexing is not None else lines


def _indexed(state: RepositoryState, *, separator: str = "") -> str:
    commit = f" at {state.commit[:10]}" if state.commit else ""
    when = state.indexed_at.isoformat() if state.indexed_at else "never"
    return f"{state.name} ({state.root}){separator} indexed {when}{commit}"
