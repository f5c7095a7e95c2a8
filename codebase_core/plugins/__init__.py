"""Find, check and trace plugins, and scaffold new ones."""
