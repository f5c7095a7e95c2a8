"""Statements in files, and the names that are put into them."""
