"""One project: its tables, written under a lease, read by statements that name its schema."""
