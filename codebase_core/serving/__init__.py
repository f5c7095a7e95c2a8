"""Serving others: what MCP and other fronts get of the engine, with fresh answers and folders that index themselves."""

from .service import Service

__all__ = ["Service"]
