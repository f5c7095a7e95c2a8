"""Write the server into the settings of coding agents."""
