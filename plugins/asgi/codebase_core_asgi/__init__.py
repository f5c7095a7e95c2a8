"""What the plugins that serve over HTTP have in common: listening sockets, deadlines for clients, a token kept in a file."""
