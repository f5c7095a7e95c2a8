"""Connections to servers: addresses, one pool per server, errors of the driver."""
