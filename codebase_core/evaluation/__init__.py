"""Evaluation: how well a project's index answers questions whose answers are known."""
