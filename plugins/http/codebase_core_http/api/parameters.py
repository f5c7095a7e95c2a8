"""Parameters of requests, described once: what each may be, and an example that works on the project ``example``."""

from typing import Annotated, Any

from codebase_core_hookspecs import Excerpt, Filters
from fastapi import Depends, Path, Query

NAME_CHARACTERS, QUERY_CHARACTERS, LIST_ITEMS = 500, 4_000, 50
MAX_LINE = 10_000_000


def example(value: Any) -> Any:
    """Return an example as OpenAPI has it; tests send it."""
    return {"example": {"value": value}}


ProjectName = Annotated[
    str,
    Path(description="A project's name or id.", max_length=NAME_CHARACTERS, openapi_examples=example("example")),
]
Query_ = Annotated[
    str,
    Query(
        alias="q",
        description="A question in words, or a name.",
        min_length=1,
        max_length=QUERY_CHARACTERS,
        openapi_examples=example("where are connections pooled"),
    ),
]
SymbolName = Annotated[
    str,
    Query(
        description="A definition's name: `send`, `Client.send`, `parse_*`.",
        min_length=1,
        max_length=QUERY_CHARACTERS,
        openapi_examples=example("ConnectionPool"),
    ),
]
Kinds = Annotated[
    list[str],
    Query(alias="kind", description="Only these kinds of definition, as `function`.", max_length=LIST_ITEMS),
]
Projects = Annotated[
    list[str],
    Query(
        alias="project",
        description="Names or ids; without any, every project that you may see.",
        max_length=1_000,
        openapi_examples=example(["example"]),
    ),
]
Limit = Annotated[int, Query(description="Most hits.", ge=1, le=100)]
File = Annotated[
    str,
    Query(description="A path as in an answer.", max_length=4_096, openapi_examples=example("pool.py")),
]
Repository = Annotated[
    str | None, Query(description="Which repository of the project it is in.", max_length=NAME_CHARACTERS)
]
Line = Annotated[int, Query(description="From 1.", ge=1, le=MAX_LINE, openapi_examples=example(4))]


def filters(
    repositories: Annotated[
        list[str], Query(alias="repository", description="Only these repositories.", max_length=LIST_ITEMS)
    ] = [],  # noqa: B006 - FastAPI copies it
    languages: Annotated[
        list[str],
        Query(alias="language", description="Only these languages, as `python` or `ts`.", max_length=LIST_ITEMS),
    ] = [],  # noqa: B006
    paths: Annotated[
        list[str],
        Query(alias="path", description="Only these paths, as `src/**/*.py` or a folder.", max_length=LIST_ITEMS),
    ] = [],  # noqa: B006
    roles: Annotated[
        list[str],
        Query(alias="role", description="Only files of these roles: `code`, `tests`, `docs`, …", max_length=LIST_ITEMS),
    ] = [],  # noqa: B006
    without: Annotated[
        list[str], Query(alias="without_role", description="No files of these roles.", max_length=LIST_ITEMS)
    ] = [],  # noqa: B006
) -> Filters:
    """Return the conditions that every hit meets."""
    return Filters(
        repositories=frozenset(repositories),
        languages=frozenset(language.lower() for language in languages),
        path_globs=tuple(paths),
        roles=frozenset(roles),
        without_roles=frozenset(without),
    )


def excerpt(
    context: Annotated[int, Query(description="Lines to add before and after each hit.", ge=0, le=1_000)] = 0,
    full: Annotated[bool, Query(description="Show whole passages, and no function cut.")] = False,  # noqa: FBT002
    max_tokens: Annotated[
        int | None, Query(description="Fit the answer into so many tokens of a model.", ge=1, le=1_000_000)
    ] = None,
) -> Excerpt:
    """Return how much of each hit is shown."""
    return Excerpt(lines=context, full=full, max_tokens=max_tokens)


TheFilters = Annotated[Filters, Depends(filters)]
TheExcerpt = Annotated[Excerpt, Depends(excerpt)]
