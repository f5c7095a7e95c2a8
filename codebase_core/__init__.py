"""Index source code into PostgreSQL and answer questions about it."""

__version__ = "0.1.0.dev0"
