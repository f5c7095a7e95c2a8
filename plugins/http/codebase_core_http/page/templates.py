"""Templates, in which every text is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .links import Lines
from .wording import ago, counted, size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals |= {"ago": ago, "counted": counted, "size": size, "Lines": Lines}


def render(request: Request, template: str, values: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """Return a page."""
    principal = getattr(request.state, "principal", None)
    return HTMLResponse(ENVIRONMENT.get_template(template).render(principal=principal, **values), status)
