"""Ranking: candidates of all arms to an order, as pure functions. Constants and their measurements: docs/ranking.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING

from .evidence import evidence_share
from .exactness import AskedName, asked_name
from .paths import PathWords, file_stem, word_weights

if TYPE_CHECKING:
    from codebase_core_hookspecs import Candidate, ChunkId, Retrieval, Symbol

    from .query import Query

STAGES = frozenset({"dense", "lexical", "definition", "coherence", "evidence", "path", "role"})
"""What can be switched off for measuring."""

DENSE_SHARE = {"sentence": 0.5, "report": 0.5, "symbol": 0.2}
DENSE_SHARE_OF_PASSAGES = 0.7
"""Which passage of a file a sentence means is told by its meaning more than by its words."""

KIND_WEIGHTS = {
    "type": 1.0, "function": 1.0, "method": 0.9, "namespace": 0.8, "const": 0.8, "impl": 0.5, "decl": 0.5, "field": 0.3,
}  # fmt: skip
OTHER_CASE, OTHER_SCOPE, LOCAL, EMBEDDED, WEAK = 0.7, 0.5, 0.3, 0.3, 0.8
SAME_NAME_AS_FILE = 1.5
COHERENCE, COHERENCE_CHUNKS = 0.4, 8
NAME_MATCH, FOLDER_MATCH, NAME_COVERAGE, NAMED = 0.4, 0.2, 0.3, 0.5
"""What a path gains by its name, its folders, and by being named with at least one of its folders."""

ROLE_FACTORS = {
    "test": 0.3,
    "example": 0.3,
    "compat": 0.3,
    "vendored": 0.3,
    "generated": 0.3,
    "minified": 0.3,
    "translation": 0.3,
    "init": 0.8,
    "declaration": 0.7,
    "documentation": 0.6,
    "configuration": 0.6,
}
EXACT, TIES = 5.0, 0.02
"""A definition that has the name that is asked for gains so much for each level of exactness: more than anything else has.

Among those of one level kind, file and role decide, and the score that it would have had, times the second number, the rest.
"""

LONG_ROLE_FACTORS = ROLE_FACTORS | {"documentation": 0.3, "configuration": 0.3}
"""A question that says much is about what the source does, and documents that say much hold its words."""

PLAIN_IF_LONG = 0.3
"""Factor of files in no known language for such a question: templates, data, what a tool has left."""

SECOND_OF_FILE = {"sentence": 0.6, "report": 0.4, "symbol": 0.6}
FURTHER_OF_FILE = 0.9
"""The second chunk of a file counts so much of the first, each further one so much of the one before; a report asks for files."""


File = tuple[str, str]
"""Repository and path."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its final score and, stage by stage, how it came about."""

    candidate: Candidate
    score: float
    stages: Mapping[str, float] = field(default_factory=dict)


def rank(
    query: Query,
    retrieval: Retrieval,
    *,
    limit: int,
    stages: frozenset[str] = STAGES,
    evidence: Mapping[File, float] = MappingProxyType({}),
) -> list[Ranked]:
    """Order the candidates, best first; ties by repository, path and line. ``evidence`` is what long questions add to a file."""
    if not retrieval.candidates:
        return []
    if stages & {"dense", "lexical"}:
        fused = fuse(retrieval.candidates, dense_share=_dense_share(DENSE_SHARE[query.kind], stages))
    else:
        fused = [0.0] * len(retrieval.candidates)
    defined = frozenset(s.name.lower() for each in retrieval.candidates for s in each.symbols if not s.weak)
    bases = {candidate.id: base for candidate, base in zip(retrieval.candidates, fused, strict=True)}
    defining = [c for c in retrieval.candidates if c.symbols] if "definition" in stages else []
    boosts = {candidate.id: definition(candidate, query, defined=defined) for candidate in defining}
    chunk_scores = bases | {id: bases[id] + boost for id, boost in boosts.items()}
    most_words = sum(weight * retrieval.idf.get(term, 0.0) for term, weight in query.terms.items())
    exact = exact_definitions(query, defining, defined=defined, roles="role" in stages)
    # A name in a sentence says which file is meant, its other words say which passage.
    within = chunk_scores if query.kind == "symbol" else _of_passages(retrieval.candidates, stages)
    files: dict[File, list[Candidate]] = defaultdict(list)
    for candidate in sorted(retrieval.candidates, key=lambda c: (-within[c.id], c.span.start_byte)):
        files[candidate.repository, candidate.path].append(candidate)
    file_stages = _file_stages(query, retrieval, files, chunk_scores, stages)
    if "evidence" in stages:
        for file, shown in file_stages.items():
            shown["evidence"] = evidence.get(file, 0.0)
    scored: list[_Scored] = []
    for file, members in files.items():
        best, first = max(chunk_scores[each.id] for each in members), within[members[0].id]
        shown = file_stages[file]
        score = (best + (shown["coherence"] + shown["path"] + shown.get("evidence", 0.0))) * shown["role"]
        for nth, member in enumerate(_once_a_line(members)):
            repeated = SECOND_OF_FILE[query.kind] * FURTHER_OF_FILE ** (nth - 1) if nth else 1.0
            share = repeated * (within[member.id] / first if first else 1.0)
            worth = exact.get(member.id)
            total = score * share if worth is None else worth + TIES * score * share
            scored.append((-total, file, member.span.start_byte, member, share))
    scored.sort(key=itemgetter(0, 1, 2))
    return [
        Ranked(
            candidate,
            -score,
            {
                "dense": candidate.dense or 0.0,
                "lexical": candidate.lexical or 0.0,
                "fused": bases[candidate.id],
                "definition": boosts.get(candidate.id, 0.0),
                "exact": exact.get(candidate.id, 0.0),
                "relevance": 1.0 if candidate.id in exact else relevance(candidate, most_words=most_words),
                **file_stages[file],
                "repeat": share,
            },
        )
        for score, file, _, candidate, share in _best(scored, limit)
    ]


_Scored = tuple[float, File, int, "Candidate", float]
"""What is sorted by (negated score, file, first byte), the candidate, the share of the score that is left to it in its file."""


def _once_a_line(members: Sequence[Candidate]) -> list[Candidate]:
    """Return passages without the further pieces of a line: whoever reads it sees one line, of a minified file all of it."""
    lines: set[int] = set()
    kept = []
    for member in members:
        line = member.span.start_line if member.span.start_line == member.span.end_line else None
        if line is None or line not in lines:
            kept.append(member)
        lines |= {line} if line is not None else set()
    return kept


def _best(scored: Sequence[_Scored], limit: int) -> Sequence[_Scored]:
    """Return the first of a ranking; never one file only where another matches too."""
    best = list(scored[:limit])
    if len(best) > 1 and len({file for _, file, *_ in best}) == 1:
        others = (each for each in scored[limit:] if each[1] != best[0][1] and each[0] < 0)
        best[-1] = next(others, best[-1])
    return best


def fuse(candidates: Sequence[Candidate], *, dense_share: float) -> list[float]:
    """Join both scores: lexical by its maximum, cosine by its range, weighted; the best candidate gets 1."""
    lexical = [c.lexical or 0.0 for c in candidates]
    cosines = [c.dense for c in candidates if c.dense is not None]
    low, high = min(cosines, default=0.0), max(cosines, default=0.0)
    top = max(lexical)
    joined = [
        dense_share * ((c.dense - low) / (high - low) if c.dense is not None and high > low else 0.0)
        + (1 - dense_share) * (words / top if top else 0.0)
        for c, words in zip(candidates, lexical, strict=True)
    ]
    best = max(joined)
    return [score / best if best else 0.0 for score in joined]


def definition(candidate: Candidate, query: Query, *, defined: frozenset[str] = frozenset()) -> float:
    """Return what a chunk gains by defining a name that is asked for; a weak definition gains nothing for a ``defined`` one."""
    return max((_definition(symbol, candidate.path, query) for symbol in _counted(candidate, defined)), default=0.0)


def _counted(candidate: Candidate, defined: frozenset[str]) -> list[Symbol]:
    return [symbol for symbol in candidate.symbols if not (symbol.weak and symbol.name.lower() in defined)]


def relevance(candidate: Candidate, *, most_words: float) -> float:
    """Return how well a candidate answers, 0 to 1, comparable between queries and projects: the mean of words and meaning.

    ``most_words`` is what its words could weigh: the sum over the query's terms of weight * idf, which BM25F's impacts scale.
    """
    words = min(1.0, (candidate.lexical or 0.0) / most_words) if most_words else 0.0
    return words if candidate.dense is None else (words + max(0.0, candidate.dense)) / 2


def exact_definitions(
    query: Query, candidates: Sequence[Candidate], *, defined: frozenset[str], roles: bool
) -> dict[ChunkId, float]:
    """Return what candidates are worth that define the one name that a query is: they come before all that mention it."""
    asked = asked_name(query)
    if asked is None:
        return {}
    worth = {
        candidate.id: max(
            (_exact(symbol, candidate, asked, roles=roles) for symbol in _counted(candidate, defined)), default=0.0
        )
        for candidate in candidates
    }
    return {id: value for id, value in worth.items() if value}


def _exact(symbol: Symbol, candidate: Candidate, asked: AskedName, *, roles: bool) -> float:
    level = asked.exactness(symbol, candidate)
    if not level:
        return 0.0
    weight = definition_weight(symbol, candidate.path, same_case=True, qualifiers=())
    return EXACT * level + weight * (role_factor(candidate.roles, frozenset()) if roles else 1.0)


def _definition(symbol: Symbol, path: str, query: Query) -> float:
    folded = symbol.name.lower()
    if folded not in query.names:
        return 0.0
    weight = definition_weight(symbol, path, same_case=symbol.name in query.text, qualifiers=query.names[folded])
    return weight * (1.0 if query.kind == "symbol" else EMBEDDED)


def definition_weight(symbol: Symbol, path: str, *, same_case: bool, qualifiers: Sequence[str]) -> float:
    """Return what a definition is worth to whoever asks for its name."""
    weight = KIND_WEIGHTS.get(symbol.kind, KIND_WEIGHTS["field"])
    weight *= 1.0 if same_case else OTHER_CASE
    scope = symbol.qualified_name.lower()
    weight *= OTHER_SCOPE if qualifiers and not any(q in scope or q in path.lower() for q in qualifiers) else 1.0
    weight *= LOCAL if symbol.local else 1.0
    weight *= WEAK if symbol.weak else 1.0
    folded = symbol.name.lower()
    name = file_stem(path).lower().replace("_", "").replace("-", "")
    plain = folded.replace("_", "")
    return weight * (SAME_NAME_AS_FILE if name in (plain, plain + "s") or name + "s" == plain else 1.0)


def _file_stages(
    query: Query,
    retrieval: Retrieval,
    files: Mapping[tuple[str, str], Sequence[Candidate]],
    chunk_scores: Mapping[ChunkId, float],
    stages: frozenset[str],
) -> dict[tuple[str, str], dict[str, float]]:
    gathered = {key: sum(chunk_scores[c.id] for c in members[:COHERENCE_CHUNKS]) for key, members in files.items()}
    most = max(gathered.values())
    paths = PathWords(query.words, word_weights(query.words, retrieval.idf))
    tails = [tail for tail in query.paths if "/" in tail]
    long = evidence_share(query) > 0
    result = {}
    for key, members in files.items():
        coherence = COHERENCE * gathered[key] / most if most and "coherence" in stages else 0.0
        path = 0.0
        if query.kind != "symbol" and "path" in stages:
            match = paths.match(key[1])
            path = NAME_MATCH * match.name + FOLDER_MATCH * match.folders + NAME_COVERAGE * match.coverage
            path += NAMED if any(f"/{key[1]}".endswith(f"/{tail}") for tail in tails) else 0.0
        role = 1.0
        if "role" in stages:
            role = role_factor(members[0].roles, query.asked, LONG_ROLE_FACTORS if long else ROLE_FACTORS)
            role *= PLAIN_IF_LONG if long and members[0].language is None else 1.0
        result[key] = {"coherence": coherence, "path": path, "role": role}
    return result


def role_factor(
    roles: frozenset[str], asked: frozenset[str], factors: Mapping[str, float] = MappingProxyType(ROLE_FACTORS)
) -> float:
    """Return the factor for a file's roles; a role that is asked for costs nothing."""
    factor = 1.0
    for role in sorted(roles):  # the order of factors shows in the last digit, and so in the order of hits
        if role not in asked:
            factor *= factors.get(role, 1.0)
    return factor


def _of_passages(candidates: Sequence[Candidate], stages: frozenset[str]) -> dict[ChunkId, float]:
    """Return how well each candidate answers a sentence, compared with others of its file."""
    scores = [0.0] * len(candidates)
    if stages & {"dense", "lexical"}:
        scores = fuse(candidates, dense_share=_dense_share(DENSE_SHARE_OF_PASSAGES, stages))
    return {candidate.id: score for candidate, score in zip(candidates, scores, strict=True)}


def _dense_share(share: float, stages: frozenset[str]) -> float:
    """Return the share of the dense arm, which has all of it without the lexical arm and none if it is switched off."""
    if "dense" not in stages:
        return 0.0
    return share if "lexical" in stages else 1.0
