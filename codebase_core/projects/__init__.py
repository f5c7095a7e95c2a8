"""Projects: their names, how one is found for a folder, and their life cycle."""
