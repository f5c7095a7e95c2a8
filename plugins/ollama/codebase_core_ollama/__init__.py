"""Embedding models that an Ollama server runs."""
