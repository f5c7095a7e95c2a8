"""The corpus is data."""

collect_ignore = ["corpus"]
