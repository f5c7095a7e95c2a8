"""Plugins that the engine itself brings."""
