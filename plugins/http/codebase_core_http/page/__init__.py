"""The page: rendered here, better with a script, and nothing of it comes from elsewhere."""

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Return the routes of the page."""
    from . import files, jobs, projects, search  # noqa: PLC0415 - the login page needs the templates alone

    return tuple(each.router for each in (search, files, projects, jobs))
