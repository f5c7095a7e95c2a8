"""The commands of ``codebase-core projects``."""
