"""The API under /api/v1, which answers with the values of the Python API."""

from fastapi import APIRouter

from . import audit, changes, events, files, installation, jobs, projects, search


def routers() -> tuple[APIRouter, ...]:
    """Return the routes of the API."""
    return tuple(each.router for each in (search, files, projects, changes, audit, jobs, events, installation))
