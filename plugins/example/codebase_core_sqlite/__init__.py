"""Projects in SQLite, one file each."""
