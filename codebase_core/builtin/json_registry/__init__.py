"""Project records in one file: readable, versioned, a record a line."""
