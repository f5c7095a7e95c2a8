"""Use cases: one a file, each a function over an engine."""
