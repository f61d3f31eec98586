"""Corroboration: which origins say what a claim says, each by itself.

A citation that holds only what every report of the incident holds, its names and places, makes no
second source for what is particular to a claim.  So names weigh nothing and the other words of a
claim the more, the fewer origins of the evidence have them; and an origin counts when its passages
alone carry most of that weight and pass every check of the claim's words.
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
"""Weight of a claim's words that an origin must carry by itself, 0-1: well over half, so that an
origin of one part of a claim never counts for the other part."""

LEAST_WORDS = 2
"""Words of a claim, without names, that a passage must hold to be the one that tells it."""


def origins(claim: str, grounds: CitedEvidence) -> frozenset[str]:
    """The independent origins among the cited passages that each say what the claim says.

    Words that no cited passage has are left out of account, since a paraphrase must not cost an
    origin.  Where no origin says enough by itself, the one that says most stands for all: parts
    that add up to a claim are no second source for it.
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
    """Id of a passage of another origin that says what the claim says, where the cited ones don't.

    It must have a word of the claim that no other origin has and no cited passage, and most of what
    it and the cited passages have of the claim together: what such a passage alone tells, it must
    be cited for.
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
    """How far the evidence at large speaks of what a claim says, 0-1: the share of the origins that
    it doesn't cite that have a word of it, averaged over its words; names are left out."""
    words = _telling(claim)
    rest = [s for origin, s in _spoken(grounds.known).items() if origin not in grounds.origins]
    if not words or not rest:
        return 0.0
    return sum(len(words & stems) for stems in rest) / (len(words) * len(rest))


def _telling(claim: str) -> frozenset[str]:
    """The content stems of a claim without its names, which say of whom it tells and not what."""
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
    """The content stems of every origin of the evidence."""
    return {origin: _stems(found) for origin, found in _by_origin(known).items()}


@lru_cache(maxsize=4)
def _spread(known: tuple[CitedText, ...]) -> Mapping[str, int]:
    """How many origins have each stem of the evidence."""
    return Counter(stem for stems in _spoken(known).values() for stem in stems)


@lru_cache(maxsize=4)
def _weights(known: tuple[CitedText, ...]) -> Mapping[str, float]:
    """For every stem of the evidence how much it tells one origin from another; a stem of every
    origin weighs next to nothing."""
    origins = len(_spoken(known))
    return {stem: math.log((origins + 1) / (n + 0.5)) for stem, n in _spread(known).items()}


def _weight(stems: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights[stem] for stem in stems)
