"""A plugin for codebase-core."""
