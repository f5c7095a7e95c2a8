"""How good answers are, on a small corpus of our own: a floor under every change."""
