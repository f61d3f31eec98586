"""Coverage: what independent origins agree on, and whether the draft tells it.

Two sentences of different origins agree when they share much of what they say beside the names,
each word weighing by how few sentences of the story hold it: who is spoken of is no fact yet.  No
gold is needed, and none is had: two outlets may word one fact differently, which is missed, and two
facts alike, which is taken for one.  What all repeat and one takes back later is agreed on too.
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
"""Weight of shared stems over that of all stems of the lighter sentence, from which two agree.
This and the thresholds below were set by reading the pairs found in three sample stories, not
fitted: compare drafts by coverage, don't read it as a rate."""

LEAST_SHARED, LEAST_WORDS = 4, 3
"""Stems that two sentences which agree share at least, and how many of them are no numbers:
datelines share many numbers and no fact."""

TOLD = 0.6
"""Weight of a fact's stems that one shown claim must hold to tell it."""

Stems = frozenset[str]


@dataclass(frozen=True)
class Fact:
    """What two or more origins say.

    Args:
        text: of the shortest of its passages.
        contents: for every two passages that agree, the stems that both hold.
    """

    text: str
    contents: tuple[Stems, ...]


def coverage(judged: Judged) -> Value:
    """Share of the agreed facts that a shown claim tells, 0–1; ``None`` when nothing is agreed."""
    return share(told for _, told in _checked(judged))


def untold(judged: Judged) -> list[Fact]:
    """The agreed facts that no shown claim tells."""
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
    """What is agreed on, passages that agree with one another taken together as one fact."""
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
    """The stems of a sentence that carry meaning, names left out."""
    named = {stem(word) for name in names.names(text) for word in name.words}
    return read(text).content_set - named


def _weight(stems: Stems, weights: Mapping[str, float]) -> float:
    return sum(weights.get(one, 0.0) for one in stems)
