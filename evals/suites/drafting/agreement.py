"""Coverage: share of facts on which independent origins agree that the draft states.

Two sentences of different origins agree if they share enough stems, without names, weighted by
inverse sentence frequency.  No gold is needed, but the metric misses facts worded differently,
confuses facts worded alike, and counts facts that are retracted later.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from evals.suites.drafting.judged import Judged, Value, share
from summarizer.domain.items import ItemKey, Passage
from summarizer.text import names
from summarizer.text.tokens import read, stem

ALIKE = 0.5
"""Minimum weight of shared stems / weight of the lighter sentence, for agreement.  This and the
thresholds below were set on three sample stories, not fitted: use coverage to compare drafts."""

LEAST_SHARED, LEAST_WORDS = 4, 3
"""Minimum shared stems of agreeing sentences, and minimum of them that are not numbers, because
datelines share many numbers."""

TOLD = 0.6
"""Minimum weight share of a fact's stems in one shown claim that states it."""

Stems = frozenset[str]


@dataclass(frozen=True)
class Fact:
    """A statement of two or more origins.

    Args:
        text: text of its shortest passage.
        contents: shared stems of each pair of agreeing passages.
    """

    text: str
    contents: tuple[Stems, ...]


def coverage(judged: Judged) -> Value:
    """Share of agreed facts that a shown claim states, 0–1; ``None`` without agreed facts."""
    return share(told for _, told in _checked(judged))


def untold(judged: Judged) -> list[Fact]:
    """Agreed facts that no shown claim states."""
    return [fact for fact, told in _checked(judged) if not told]


def _checked(judged: Judged) -> list[tuple[Fact, bool]]:
    weights = _weights(judged.passages)
    claims = [read(checked.claim.text).content_set for checked in judged.shown()]
    return [(fact, _told(fact, claims, weights)) for fact in facts(judged)]


def _told(fact: Fact, claims: Sequence[Stems], weights: Mapping[str, float]) -> bool:
    return any(
        _weight(content & claim, weights) >= TOLD * _weight(content, weights)
        for content in fact.contents
        for claim in claims
    )


def facts(judged: Judged) -> list[Fact]:
    """Agreed facts: connected components of agreeing passages."""
    origin = {item.key: item.origin for item in judged.draft.evidence.items}
    group: dict[str, str] = {}
    agreed = list(_agreeing(judged.passages, origin))
    for one, other, _ in agreed:
        kept, joined = group.setdefault(one.id, one.id), group.setdefault(other.id, other.id)
        group |= {id_: kept for id_, name in group.items() if name == joined}
    return [
        _fact([pair for pair in agreed if group[pair[0].id] == name])
        for name in dict.fromkeys(group.values())
    ]


def _fact(pairs: Sequence[tuple[Passage, Passage, Stems]]) -> Fact:
    texts = {passage.text for one, other, _ in pairs for passage in (one, other)}
    return Fact(min(texts, key=lambda t: (len(t), t)), tuple(shared for *_, shared in pairs))


def _agreeing(
    passages: Sequence[Passage], origin: Mapping[ItemKey, ItemKey]
) -> Iterator[tuple[Passage, Passage, Stems]]:
    weights = _weights(passages)
    contents = {p.id: _said(p.text) for p in passages}
    mass = {id_: _weight(content, weights) for id_, content in contents.items()}
    for one, other in combinations(passages, 2):
        if origin[one.item_key] == origin[other.item_key]:
            continue
        shared = contents[one.id] & contents[other.id]
        if len(shared) < LEAST_SHARED or sum(map(str.isalpha, shared)) < LEAST_WORDS:
            continue
        if _weight(shared, weights) >= ALIKE * min(mass[one.id], mass[other.id]):
            yield one, other, shared


def _weights(passages: Sequence[Passage]) -> dict[str, float]:
    held = Counter(one for p in passages for one in _said(p.text))
    return {one: math.log(1 + len(passages) / count) for one, count in held.items()}


def _said(text: str) -> Stems:
    """Content stems of a sentence without names."""
    named = {stem(word) for name in names.names(text) for word in name.words}
    return read(text).content_set - named


def _weight(stems: Stems, weights: Mapping[str, float]) -> float:
    return sum(weights.get(one, 0.0) for one in stems)
