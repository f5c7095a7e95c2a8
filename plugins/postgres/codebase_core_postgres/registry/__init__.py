"""Project records in PostgreSQL."""
