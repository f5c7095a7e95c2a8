"""Indexing: from a folder of source to rows in a store."""
