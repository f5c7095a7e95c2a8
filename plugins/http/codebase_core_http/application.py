"""The application: routes, and around them who gets in and what every answer has."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from . import api, health, login, page
from .description import describe
from .guard import Guard
from .metrics import Metrics
from .mounted import Mounted
from .observed import Observed
from .problems import add_handlers

if TYPE_CHECKING:
    from codebase_core_hookspecs import ASGIApplication, TeamService

    from .principals import Principals

STATIC = Path(__file__).parent / "static"
_LEAST_COMPRESSED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How the server serves; ``only_loopback_names`` where nobody else may have a name for it."""

    request_timeout: float = 60.0
    only_loopback_names: bool = True


def build(
    service: TeamService,
    principals: Principals,
    *,
    choices: Choices,
    turn: asyncio.Semaphore,
    applications: Mapping[str, ASGIApplication] = MappingProxyType({}),
) -> Observed:
    """Return the application over an opened engine; requests that work with it take a ``turn``. ``applications`` have names."""
    metrics = Metrics()
    app = describe(FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False))
    app.state.service = service
    app.state.principals = principals
    app.state.metrics = metrics
    app.state.turn = turn
    add_handlers(app)
    for router in (*api.routers(), health.router, login.router, *page.routers()):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    guarded = Guard(Mounted(app, applications), principals, only_loopback_names=choices.only_loopback_names)
    observed = Observed(
        GZipMiddleware(guarded, minimum_size=_LEAST_COMPRESSED),
        metrics=metrics,
        timeout=choices.request_timeout,
        applications=frozenset(applications),
    )
    app.state.stopping = lambda: observed.stopping
    return observed
