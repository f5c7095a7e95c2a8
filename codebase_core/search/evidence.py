"""What a file's passages hold of a long question between them.

No passage of twenty lines holds the thirty words that a report is about, but a file does: BM25 over whole files finds what a
report means more often than BM25 over passages (docs/ranking.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from codebase_core.lexical.bm25 import FIELD_LENGTHS, K1, B
from codebase_core.lexical.bounded_cache import BoundedCache
from codebase_core.lexical.identifiers import identifiers
from codebase_core.lexical.terms import CACHED_TERMS

if TYPE_CHECKING:
    from codebase_core_hookspecs import Candidate, ChunkId, Retrieval

    from .query import Query

FEW_TERMS, MANY_TERMS = 10, 20
"""Up to so many terms a question is about one passage; from so many on its file counts in full, between them in part."""


def evidence_share(query: Query) -> float:
    """Return how much the evidence counts, 0 to 1: the more a question says, the less of it a single passage can hold."""
    if query.kind == "symbol":
        return 0.0
    return min(1.0, max(0.0, (len(query.terms) - FEW_TERMS) / (MANY_TERMS - FEW_TERMS)))


def file_evidence(query: Query, retrieval: Retrieval, texts: Mapping[ChunkId, str]) -> dict[tuple[str, str], float]:
    """Return, for each repository and path, how much of the question its candidates hold, 1 for the file that holds most.

    A term counts by weight and idf, and by 1 - ∏(1 - impact) over the candidates of the file: one passage that is about it is
    enough, and a second one adds less.
    """
    weights = {term: weight * retrieval.idf.get(term, 0.0) for term, weight in query.terms.items()}
    words: BoundedCache[str, _Word] = BoundedCache(lambda word: _Word.of(word, weights))
    files: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in retrieval.candidates:
        files[candidate.repository, candidate.path].append(candidate)
    found = {
        file: _held(weights, words, [texts[c.id] for c in members if c.id in texts]) for file, members in files.items()
    }
    most = max(found.values(), default=0.0)
    return {file: held / most if most else 0.0 for file, held in found.items()}


class _Word(NamedTuple):
    """How many terms a word has, and those that are asked for: looked up once for a word of all passages."""

    terms: int
    asked: tuple[str, ...]

    @classmethod
    def of(cls, word: str, weights: Mapping[str, float]) -> _Word:
        terms = CACHED_TERMS[word]
        return cls(len(terms), tuple(term for term in terms if term in weights))


def _held(weights: Mapping[str, float], words: Mapping[str, _Word], texts: Sequence[str]) -> float:
    missing: dict[str, float] = {}
    for text in texts:
        length, counts = 0, dict[str, int]()
        for said, times in Counter(identifiers(text)).items():
            word = words[said]
            length += times * word.terms
            for term in word.asked:
                counts[term] = counts.get(term, 0) + times
        saturation = K1 * (1 - B + B * length / FIELD_LENGTHS["body"])
        for term, count in counts.items():
            missing[term] = missing.get(term, 1.0) * (1 - count / (count + saturation))
    # In the order of the query: that of the words, and with it the last digit, differs from text to text.
    return sum(weight * (1 - missing[term]) for term, weight in weights.items() if term in missing)
