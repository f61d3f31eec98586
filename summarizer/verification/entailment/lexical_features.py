"""Features of the lexical entailment: overlap of a claim's words with its sources.

All sources count together, never only the best one: a claim may combine two passages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from summarizer.text.cache import cached_by_text
from summarizer.text.sentences import sentences
from summarizer.text.tokens import Reading, coverage, listed, read

PER_SENTENCE = (
    "recall",
    "long_recall",
    "best_sentence",
    "best_pair",
    "bigrams",
    "together",
    "trigrams",
    "unknown",
    "unknown_run",
    "unknown_late",
    "numbers_unknown",
    "capitals_unknown",
    "clause_worst",
    "alike",
    "negation_differs",
    "length",
    "verbatim",
)
"""Features of one sentence of a claim; the vector has their mean and their worst value over the
sentences."""

NAMES = tuple(
    [f"mean_{name}" for name in PER_SENTENCE]
    + [f"worst_{name}" for name in PER_SENTENCE]
    + ["sentences", "source_length"]
)
"""Names of the features, in the order of the vector."""

_MORE_IS_WORSE = frozenset(
    listed("unknown unknown_run unknown_late numbers_unknown capitals_unknown negation_differs")
)
_NEGATIONS = frozenset(listed("not no never none neither nor without cannot"))


class Sources:
    """The sources of one claim, analysed together."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.readings: list[Reading] = [read(text) for text in texts]
        self.content = frozenset().union(*(r.content_set for r in self.readings))
        self.norms = frozenset().union(*(r.norms for r in self.readings))
        self.sentences = [c for r in self.readings for c in r.sentence_contents]
        self.bigrams = frozenset().union(*(_bigrams(r.text) for r in self.readings))
        self.trigrams = frozenset().union(*(_trigrams(r.text) for r in self.readings))
        self.length = sum(len(r.tokens) for r in self.readings)


@cached_by_text
def _bigrams(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(read(text).content))


@cached_by_text
def _trigrams(text: str) -> frozenset[tuple[str, ...]]:
    return _grams(read(text))


def _grams(reading: Reading) -> frozenset[tuple[str, ...]]:
    norms = [t.norm for t in reading.tokens]
    size = min(3, len(norms))
    return frozenset(tuple(norms[i : i + size]) for i in range(len(norms) - size + 1))


def features(claim: str, sources: Sources) -> NDArray[np.float64]:
    """Feature vector of a claim, in the order of ``NAMES``."""
    spans = sentences(claim)
    rows = [_sentence(claim[s.start : s.end], sources) for s in spans] or [_sentence("", sources)]
    table = np.array(rows)
    worst = np.where(
        [name in _MORE_IS_WORSE for name in PER_SENTENCE], table.max(axis=0), table.min(axis=0)
    )
    tail = [math.log(len(rows)), math.log1p(sources.length) / 10]
    return np.concatenate([table.mean(axis=0), worst, tail])


def _sentence(text: str, sources: Sources) -> list[float]:
    reading = read(text)
    content = reading.content
    known = [stem in sources.content for stem in content]
    best, pair, closest = _best(reading.content_set, sources)
    size = max(1, len(content))
    unknown = [n for n, there in enumerate(known) if not there]
    return [
        sum(known) / size if content else 1.0,
        _long_recall(content, known),
        best,
        pair,
        _share(list(pairwise(content)), sources.bigrams),
        _together(content, sources.sentences),
        _share(list(_grams(reading)), sources.trigrams),
        math.log1p(len(unknown)),
        math.log1p(_longest_run(known)),
        sum(n / size for n in unknown) / size,
        *_unknown_shapes(reading, sources),
        _worst_clause(text, sources),
        len(reading.content_set & closest) / max(1, len(reading.content_set | closest)),
        _negation_differs(reading, closest, sources),
        math.log1p(len(content)) / 4,
        float(bool(content) and any(text.strip() in r.text for r in sources.readings)),
    ]


def _long_recall(content: Sequence[str], known: Sequence[bool]) -> float:
    """Recall with words weighted by length, since long words are rarer."""
    weight = sum(len(s) for s in content)
    return sum(len(s) for s, there in zip(content, known, strict=True) if there) / max(1, weight)


def _best(words: frozenset[str], sources: Sources) -> tuple[float, float, frozenset[str]]:
    """Recall of the best sentence, recall of the best two together, and the best sentence."""
    if not words or not sources.sentences:
        return 0.0, 0.0, frozenset()
    first = max(sources.sentences, key=lambda s: len(words & s))
    rest = words - first
    second = max((len(rest & s) for s in sources.sentences), default=0)
    best = coverage(words, first)
    return best, best + second / len(words), first


def _share(mine: Sequence[tuple[str, ...]], theirs: frozenset[tuple[str, ...]]) -> float:
    return sum(gram in theirs for gram in mine) / len(mine) if mine else 0.5


def _together(content: Sequence[str], there: Sequence[frozenset[str]]) -> float:
    """Share of pairs of neighbouring words that occur in one source sentence."""
    pairs = list(pairwise(content))
    if not pairs:
        return 0.5
    return sum(any(a in s and b in s for s in there) for a, b in pairs) / len(pairs)


def _longest_run(known: Sequence[bool]) -> int:
    longest = run = 0
    for there in known:
        run = 0 if there else run + 1
        longest = max(longest, run)
    return longest


def _unknown_shapes(reading: Reading, sources: Sources) -> tuple[float, float]:
    """Unknown numbers and unknown capitalised words of a sentence, each capped at 3 and scaled to
    0–1."""
    numbers = capitals = 0
    for place, token in enumerate(reading.tokens):
        if token.norm in sources.norms:
            continue
        numbers += token.text[0].isdigit()
        capitals += place > 0 and token.text[0].isupper()
    return min(numbers, 3) / 3, min(capitals, 3) / 3


def _worst_clause(text: str, sources: Sources) -> float:
    """Lowest best-sentence recall among clauses of at least three content words."""
    found = []
    for clause in text.replace(";", ",").replace(" and ", ",").replace(" but ", ",").split(","):
        words = read(clause).content_set
        if len(words) >= 3:
            found.append(max((coverage(words, s) for s in sources.sentences), default=0.0))
    return min(found, default=0.7)


def _negation_differs(reading: Reading, closest: frozenset[str], sources: Sources) -> float:
    """1 when only one of the claim and its closest source sentence has a negation, else 0."""
    mine = bool(reading.norms & _NEGATIONS) or "n't" in reading.text or "n’t" in reading.text
    for source in sources.readings:
        for span, content in zip(source.spans, source.sentence_contents, strict=True):
            if content is closest:
                text = source.text[span.start : span.end]
                theirs = read(text).norms & _NEGATIONS or "n't" in text or "n’t" in text
                return float(mine != bool(theirs))
    return float(mine)
