"""PostgreSQL: stores, registry, and an embedded server."""
