"""Syntax-aware chunks and symbols, by official tree-sitter grammars."""
