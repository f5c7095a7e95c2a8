"""The command line. It parses, calls one function of the library, and prints; nobody imports it."""
