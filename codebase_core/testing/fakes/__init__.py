"""Plugins to build on in tests: small, exact, without files or servers."""
