"""What the benchmarks of speed ask: sentences and names, over and over."""

from __future__ import annotations

QUERIES = (
    "where are connections pooled",
    "parse command line arguments",
    "how are errors reported to the user",
    "HttpClient",
    "read a file line by line",
    "retry after a timeout",
    "parse_headers",
    "convert a value to json",
)
