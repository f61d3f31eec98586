"""Superseded values: a sentence that gives an older value of a fact without the newest one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from summarizer.domain.claims import Claim, Failure, Kind, VerdictLabel
from summarizer.domain.findings import Disagreement, SourceValue
from summarizer.domain.sections import Layout
from summarizer.text import dates
from summarizer.text.tokens import read
from summarizer.verification import speakers
from summarizer.verification.conflicts.disagreements import find_conflicts
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.section_rules import ClaimContext

SHARED = 2
"""Least content words that a sentence shares with a passage to give its value, if it does not cite
that passage."""

_HISTORY = frozenset((Layout.SIDES, Layout.TIMELINE))
"""Layouts whose entries say who said it, or when."""


def check(context: ClaimContext) -> list[Failure]:
    """Fail a claim that gives an older value, unless it says whose or of when it is and the newest
    one stands beside it."""
    claim = context.claim
    if context.spec.row.layout in _HISTORY or claim.kind is Kind.ANALOGY:
        return []
    return [
        _failure(claim, old, newest)
        for found in _of(context.index)
        if (old := older_value(claim.text, claim.cites, found)) is not None
        and (newest := found.newest) is not None
        and not (_is_placed(claim.text) and _stands_beside(newest, claim, context.claims))
    ]


def older_value(text: str, cites: Collection[str], found: Disagreement) -> SourceValue | None:
    """The older value of a fact that a text gives without the newest one, if it does.

    Args:
        text: a sentence.
        cites: ids of its passages.
        found: the values of the fact.
    """
    if found.newest is None or gives(text, found.newest.value):
        return None
    words = _words(text)
    for old in found.superseded:
        near = old.passage in cites or len(words & _words(old.text)) >= SHARED
        if near and gives(text, old.value):
            return old
    return None


def _words(text: str) -> frozenset[str]:
    """Content stems of a text without its figures."""
    return frozenset(stem for stem in read(text).content_set if stem.isalpha())


def gives(text: str, value: str) -> bool:
    """Whether a text has a value, as written."""
    return re.search(rf"(?<![\w.,]){re.escape(value)}(?!\w|[.,]\d)", text) is not None


@lru_cache(maxsize=4)
def _of(index: EvidenceIndex) -> tuple[Disagreement, ...]:
    """The disagreements of the evidence that have a newest value."""
    return tuple(found for found in find_conflicts(index.pack) if found.newest is not None)


def _is_placed(text: str) -> bool:
    """Whether a sentence names who says it, or a day."""
    return bool(speakers.within(read(text).content_set, text) or dates.mentions(text))


def _stands_beside(newest: SourceValue, claim: Claim, claims: Sequence[Claim]) -> bool:
    return any(other.id != claim.id and gives(other.text, newest.value) for other in claims)


def _failure(claim: Claim, old: SourceValue, newest: SourceValue) -> Failure:
    start = claim.text.find(old.value)
    by = newest.speaker or newest.source
    return Failure(
        check="superseded",
        reason=(
            f'"{old.value}" is older than "{newest.value}" ({by}, {newest.day}): give the newest '
            "value, or both with who gives them."
        ),
        start=start,
        end=start + len(old.value),
        better=newest.passage,
        label=VerdictLabel.PARTLY,
    )
