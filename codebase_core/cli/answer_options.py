"""The options of commands that answer with hits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .answers import FORMATS, print_answer
from .completion import complete_roles
from .options import folder_option, json_option, project_option, refresh_option

if TYPE_CHECKING:
    from codebase_core_hookspecs import Answer, Excerpt, Filters, RequestFields

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("-k", "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Most hits."),
    click.option("--lang", multiple=True, metavar="NAME", help="Only files of a language: python, ts, c++; may be repeated."),
    click.option("--path", multiple=True, metavar="GLOB", help="Only paths that match: src/**/*.{ts,tsx}, ./app, a name."),
    click.option("--only", multiple=True, metavar="ROLE", shell_complete=complete_roles,
                 help="Only files of a role: code, tests, docs, examples, config, vendored, generated, …; may be repeated."),
    click.option("--not", "leave_out", multiple=True, metavar="ROLE", shell_complete=complete_roles,
                 help="No files of a role; may be repeated."),
    click.option("--repo", multiple=True, metavar="NAME", help="Only a repository of the project."),
    project_option,
    folder_option,
    click.option(
        "--format", "output_format", type=click.Choice(list(FORMATS)), default="text", show_default=True,
        help="Form of the answer.",
    ),
    json_option,
    click.option("--context", type=click.IntRange(0, 10_000), default=0, metavar="N", help="Show N lines before and after."),
    click.option("--full", is_flag=True, help="Show whole passages, and the functions that they cut as a whole."),
    refresh_option,
    click.option("--max-tokens", type=click.IntRange(min=1), metavar="N", help="Fit the answer into N tokens of a model."),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOptions:
    """What the shared options say."""

    limit: int
    lang: tuple[str, ...]
    path: tuple[str, ...]
    repo: tuple[str, ...]
    only: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    project: str | None
    projects: tuple[str, ...] = ()
    every: bool = False
    folder: Path
    output_format: str
    context: int
    full: bool
    max_tokens: int | None
    no_refresh: bool = False

    @property
    def many(self) -> bool:
        """Whether more than one project is asked."""
        return self.every or len(self.projects) > 1

    @property
    def filters(self) -> Filters:
        """What every hit must meet."""
        from codebase_core_hookspecs import Filters  # noqa: PLC0415

        return Filters(
            languages=frozenset(map(str.lower, self.lang)),
            path_globs=self.path,
            repositories=frozenset(self.repo),
            roles=frozenset(self.only),
            without_roles=frozenset(self.leave_out),
        )

    @property
    def fields(self) -> RequestFields:
        """The fields of a request that the shared options give."""
        return {
            "path": self.folder,
            "project": self.project,
            "limit": self.limit,
            "filters": self.filters,
            "excerpt": self.excerpt,
        }

    @property
    def excerpt(self) -> Excerpt:
        """How much of a hit is shown."""
        from codebase_core_hookspecs import Excerpt  # noqa: PLC0415

        return Excerpt(lines=self.context, full=self.full, max_tokens=self.max_tokens)

    def show(self, answer: Answer, *, explain: bool = False, line: bool = False) -> None:
        """Print an answer as asked; ``line`` asks for one line of JSON."""
        whole = self.full or bool(self.context) or self.max_tokens is not None
        print_answer(
            answer, output_format="json" if line else self.output_format, explain=explain, full=whole, line=line
        )


def answer_options(command: F) -> F:
    """Add the shared options, and hand them to the command as ``options``."""
    return _collecting(command, _OPTIONS)


def many_answer_options(command: F) -> F:
    """Add the shared options, with which several projects may be asked."""
    several = click.option(
        "--project",
        multiple=True,
        metavar="NAME",
        help="Project, by name or id; may be repeated to ask several at once.",
    )
    every = click.option("--all", "every", is_flag=True, help="Ask all projects.")
    place = _OPTIONS.index(project_option)
    return _collecting(command, (*_OPTIONS[:place], several, every, *_OPTIONS[place + 1 :]))


def _collecting(command: F, shared: Sequence[Callable[..., Any]]) -> F:
    @wraps(command)
    def collected(
        *args: Any, folder: str, output_format: str, as_json: bool, project: str | tuple[str, ...] | None, **given: Any
    ) -> Any:
        named = project if isinstance(project, tuple) else (project,) if project is not None else ()
        own = {name: given.pop(name) for name in AnswerOptions.__slots__ if name in given}
        options = AnswerOptions(
            folder=Path(folder),
            output_format="json" if as_json else output_format,
            project=named[0] if named else None,
            projects=named,
            **own,
        )
        return command(*args, options=options, **given)

    decorated: Any = collected
    for option in reversed(shared):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
