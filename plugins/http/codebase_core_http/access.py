"""What a route gets of its request: the index as the principal sees it, and the metrics."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from codebase_core_hookspecs import TokenScope
from fastapi import Depends, HTTPException, Request

from .metrics import Metrics
from .principals import Principal
from .reader import Reader


def _principal(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


def _reader(request: Request, principal: Annotated[Principal, Depends(_principal)]) -> Reader:
    return Reader(service=request.app.state.service, principal=principal, turn=request.app.state.turn)


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


def _overseer(reader: Annotated[Reader, Depends(_reader)]) -> Reader:
    """Let those in who see every project: what the installation tells of itself tells of all of them."""
    if not reader.principal.unrestricted:
        raise HTTPException(404)
    return reader


def scoped(scope: TokenScope) -> Callable[[Reader], Reader]:
    """Return a dependency that lets those in whose token is for at least this."""

    def allowed(reader: Annotated[Reader, Depends(_reader)]) -> Reader:
        if not reader.principal.may(scope):
            raise HTTPException(
                HTTPStatus.FORBIDDEN, f"the token of {reader.principal.name!r} is not for this: {scope}"
            )
        return reader

    return allowed


TheReader = Annotated[Reader, Depends(_reader)]
TheOverseer = Annotated[Reader, Depends(_overseer)]
TheIndexer = Annotated[Reader, Depends(scoped("index"))]
TheAdministrator = Annotated[Reader, Depends(scoped("admin"))]
TheMetrics = Annotated[Metrics, Depends(_metrics)]
