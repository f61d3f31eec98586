"""Corroboration: independent origins that each support a claim by themselves.

Names and places of an incident occur in every report of it, so a citation with only these is no
second source for a claim.  Names therefore have no weight, and a claim's other words weigh more the
fewer origins have them.  An origin counts when its passages alone contain most of that weight and
pass every check of the claim's words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from summarizer.text import names
from summarizer.text.tokens import read
from summarizer.verification import scoring
from summarizer.verification.evidence import CitedEvidence, CitedText

SHARE = 2 / 3
"""Least share of the weight of a claim's words that an origin must have by itself, 0–1: well over
half, so that the origin of one part of a claim does not count for the other part."""

LEAST_WORDS = 2
"""Least words of a claim, without names, in a passage suggested as its source."""


def origins(claim: str, grounds: CitedEvidence) -> frozenset[str]:
    """Independent origins of the cited passages that each support the claim by themselves.

    Words in none of the cited passages are ignored, so that a paraphrase does not cost an origin.
    When no origin has enough by itself, the best one counts alone: passages that support a claim
    only together are one source.
    """
    cited = _by_origin(grounds.cited)
    if len(cited) < 2:
        return frozenset(cited)
    words = _telling(claim) & _stems(grounds.cited)
    weights = _weights(grounds.known)
    carried = {o: _weight(words & _stems(found), weights) for o, found in cited.items()}
    whole = _weight(words, weights)
    enough = {
        origin
        for origin, found in cited.items()
        if carried[origin] >= SHARE * whole and _passes_alone(claim, found, grounds.known)
    }
    return frozenset(enough or [max(carried, key=lambda origin: carried[origin])])


def told_elsewhere(claim: str, grounds: CitedEvidence) -> str | None:
    """Id of an uncited passage of another origin that is the claim's real source; else ``None``.

    The passage must have a word of the claim that no other origin and no cited passage has, and
    most of the weight of the claim's words in it and in the cited passages together.
    """
    weights, spread = _weights(grounds.known), _spread(grounds.known)
    words = _telling(claim) & weights.keys()
    beside = (t for g in grounds.cited for t in (g.title, *g.bylines))
    cited = words & _stems(grounds.cited).union(*(read(text).stems for text in beside))
    for ground in grounds.others():
        there = words & read(ground.text).content_set
        alone = any(spread[stem] == 1 for stem in there - cited)
        if not alone or len(there) < LEAST_WORDS or ground.origin in grounds.origins:
            continue
        if _weight(there, weights) >= SHARE * _weight(there | cited, weights):
            return ground.id
    return None


def echo(claim: str, grounds: CitedEvidence) -> float:
    """Share of uncited origins that have a word of the claim, averaged over its words without
    names, 0–1."""
    words = _telling(claim)
    rest = [s for origin, s in _spoken(grounds.known).items() if origin not in grounds.origins]
    if not words or not rest:
        return 0.0
    return sum(len(words & stems) for stems in rest) / (len(words) * len(rest))


def _telling(claim: str) -> frozenset[str]:
    """Content stems of a claim without its names."""
    named = (read(name.text).stems for name in names.names(claim))
    return read(claim).content_set.difference(*named)


def _passes_alone(claim: str, found: Sequence[CitedText], known: tuple[CitedText, ...]) -> bool:
    return not scoring.run_checks(claim, CitedEvidence(tuple(found), known))


def _by_origin(grounds: Iterable[CitedText]) -> dict[str, list[CitedText]]:
    found: dict[str, list[CitedText]] = {}
    for ground in grounds:
        found.setdefault(ground.origin, []).append(ground)
    return found


def _stems(grounds: Iterable[CitedText]) -> frozenset[str]:
    return frozenset[str]().union(*(read(g.text).content_set for g in grounds))


@lru_cache(maxsize=4)
def _spoken(known: tuple[CitedText, ...]) -> Mapping[str, frozenset[str]]:
    """Content stems of each origin of the evidence."""
    return {origin: _stems(found) for origin, found in _by_origin(known).items()}


@lru_cache(maxsize=4)
def _spread(known: tuple[CitedText, ...]) -> Mapping[str, int]:
    """Number of origins that have each stem of the evidence."""
    return Counter(stem for stems in _spoken(known).values() for stem in stems)


@lru_cache(maxsize=4)
def _weights(known: tuple[CitedText, ...]) -> Mapping[str, float]:
    """Weight of each stem of the evidence, by rarity among origins (inverse document frequency)."""
    origins = len(_spoken(known))
    return {stem: math.log((origins + 1) / (n + 0.5)) for stem, n in _spread(known).items()}


def _weight(stems: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights[stem] for stem in stems)
