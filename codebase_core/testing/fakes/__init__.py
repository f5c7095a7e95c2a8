"""Plugins to build on in tests: small, exact, without files or servers."""

from .chunker import LINE_CHUNKER
from .embedder import HASH_EMBEDDER
from .registry import MEMORY_REGISTRY
from .reranker import WORDS_RERANKER
from .store import MEMORY_STORE

__all__ = ["HASH_EMBEDDER", "LINE_CHUNKER", "MEMORY_REGISTRY", "MEMORY_STORE", "WORDS_RERANKER"]
