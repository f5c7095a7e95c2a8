"""Serve a team over HTTP: an API, a page to search and read, health and metrics."""
