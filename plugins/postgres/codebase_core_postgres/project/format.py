"""The format of a project's tables."""

FORMAT = 4
"""What this version writes: the number of the newest migration."""

MIN_READER = 4
"""The oldest format whose readers can still read what this version writes."""
