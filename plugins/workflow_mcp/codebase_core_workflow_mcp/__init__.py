"""The project that workflow-mcp has active, as a tier of resolution."""
