"""What happens, as it happens: changes of projects, and jobs that go on and end."""

from collections.abc import AsyncIterator

from codebase_core_hookspecs import ProjectNotFound, TeamEvent
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from codebase_core_http.access import TheReader
from codebase_core_http.description import PREFIX
from codebase_core_http.events import MEDIA_TYPE, team_events
from codebase_core_http.reader import Reader

router = APIRouter(prefix=PREFIX, tags=["events"])


@router.get(
    "/events",
    operation_id="follow_events",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "Events without end."}},
)
async def follow_events(request: Request, reader: TheReader) -> StreamingResponse:
    """Follow the projects that you may see, and the jobs: events `project` and `job`, each within a second or two.

    A `project` has `project`, its id, and the `action` of the audit trail; a `job` has what `/jobs/ID` answers.
    """
    return StreamingResponse(team_events(_seen(reader), stopping=request.app.state.stopping), media_type=MEDIA_TYPE)


async def _seen(reader: Reader) -> AsyncIterator[TeamEvent | None]:
    """Leave out what the reader does not see; a deleted project is seen by who sees them all."""
    async for event in reader.service.events():
        if event is None or reader.principal.unrestricted:
            yield event
        elif event.job is not None:
            yield event if await reader.sees_job(event.job) else None
        else:
            try:
                await reader.project(str(event.project))
            except ProjectNotFound:
                yield None
            else:
                yield event
