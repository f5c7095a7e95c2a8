"""Whether the process lives, whether it can answer, and how it is; metrics for Prometheus."""

from codebase_core_hookspecs import Health, TeamService
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import TypeAdapter

from .access import TheMetrics, TheOverseer
from .metrics import CONTENT_TYPE

router = APIRouter(include_in_schema=False)

_HEALTH: TypeAdapter[Health] = TypeAdapter(Health)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Say that the process answers at all."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready(request: Request) -> JSONResponse:
    """Say whether requests can be answered; nothing of why not, for this is for everybody."""
    service: TeamService = request.app.state.service
    check = await service.ready()
    return JSONResponse({"status": "ready" if check.ok else "unavailable"}, 200 if check.ok else 503)


@router.get("/health")
async def health(reader: TheOverseer) -> JSONResponse:
    """Say what answers and what does not, and how the connections are used."""
    found = await reader.service.health()
    shown = _HEALTH.dump_python(found, mode="json")
    uses = [{**use, "in_use": use["open"] - use["idle"]} for use in shown["connections"]]
    status = {"status": "degraded" if found.degraded else "ok", "degraded": list(found.degraded)}
    return JSONResponse(status | shown | {"connections": uses}, 503 if "registry" in found.degraded else 200)


@router.get("/metrics")
async def metrics(reader: TheOverseer, metrics: TheMetrics) -> Response:
    """Return the metrics."""
    return Response(await metrics.exposed(reader, await reader.service.health()), media_type=CONTENT_TYPE)
