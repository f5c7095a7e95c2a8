"""Serving others: what MCP and other fronts get of the engine, with fresh answers and folders that index themselves."""

from .service import LocalSearchService
from .team import LocalTeamService

__all__ = ["LocalSearchService", "LocalTeamService"]
