"""Superseded values: a sentence that gives an older value of a fact without the newest one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from summarizer.domain.claims import Claim, Failure, Kind, VerdictLabel
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Disagreement, SourceValue
from summarizer.domain.items import Passage
from summarizer.domain.sections import Layout
from summarizer.text import changes, dates
from summarizer.text.quantities import quantities
from summarizer.text.tokens import read
from summarizer.verification import speakers
from summarizer.verification.conflicts import overtaken
from summarizer.verification.conflicts.disagreements import find_conflicts
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.outcomes import Outcome, outcomes, outdated, tells
from summarizer.verification.scene import scene_of
from summarizer.verification.section_rules import ClaimContext

SHARED = 2
"""Least content words that a sentence shares with a passage to give its value, if it does not cite
that passage."""

_HISTORY = frozenset((Layout.SIDES, Layout.TIMELINE))
"""Layouts whose entries say who said it, or when."""

_DATED = frozenset((Layout.TIMELINE,))
"""Layouts whose entries say when a plan was announced."""


def check(context: ClaimContext) -> list[Failure]:
    """Fail a claim that gives an older value, unless it says whose or of when it is and the newest
    one stands beside it; and one that announces what a later source calls off."""
    claim = context.claim
    if claim.kind is Kind.ANALOGY:
        return []
    if context.spec.row.layout in _DATED:
        return []
    pack = context.index.pack
    off = _called_off(overtaken.overtaken(claim.text, claim.cites, pack), pack)
    if context.spec.row.layout in _HISTORY:
        return off
    off = off or _begun(context)
    failures = off + [
        _failure(claim, old, newest)
        for found in _of(context.index)
        if (old := older_value(claim.text, claim.cites, found)) is not None
        and (newest := found.newest or _last(found)) is not None
        and not (_is_placed(claim.text) and _stands_beside(newest, claim, context.claims))
    ]
    end = outdated(claim, context.index.pack)
    beside = any(tells(end, other.text) for other in context.claims) if end else True
    return failures if end is None or beside else [*failures, _ended(claim, end)]


def _begun(context: ClaimContext) -> list[Failure]:
    """Fail what a later source tells the end of, unless a claim beside it tells that."""
    claim, pack = context.claim, context.index.pack
    end = overtaken.ended_since(claim.text, claim.cites, pack)
    if end is None or any(_tells_end(other, pack) for other in context.claims):
        return []
    return _called_off(end, pack)


def _tells_end(claim: Claim, pack: EvidencePack) -> bool:
    return not overtaken.endings(pack).isdisjoint(claim.cites) or bool(changes.ended(claim.text))


def to_read(pack: EvidencePack) -> list[str]:
    """Sentences of a pack that the check parses, to be parsed together with others."""
    return [*overtaken.to_read(pack), *scene_of(pack).to_read()]


def read_evidence(index: EvidenceIndex) -> None:
    """Read what the check finds once of an evidence; it is kept."""
    _of(index)
    overtaken.read_evidence(index.pack)
    outcomes(index.pack)


def _called_off(passage: Passage | None, pack: EvidencePack) -> list[Failure]:
    if passage is None:
        return []
    source = pack.item(passage.item_key).source_name
    reason = (
        f"{source} ({passage.id}) calls this off, moves it or tells its end: tell what stands now."
    )
    return [
        Failure(check="superseded", reason=reason, better=passage.id, label=VerdictLabel.PARTLY)
    ]


def older_value(text: str, cites: Collection[str], found: Disagreement) -> SourceValue | None:
    """The older value of a fact that a text gives without the newest one, if it does.

    Args:
        text: a sentence.
        cites: ids of its passages.
        found: the values of the fact.
    """
    current = [found.newest] if found.newest else [t for t in found.tellings if not t.superseded]
    return other_value(text, cites, found.superseded, current)


def other_value(
    text: str,
    cites: Collection[str],
    values: Sequence[SourceValue],
    current: Sequence[SourceValue],
) -> SourceValue | None:
    """The first of some values of a fact that a text gives without any of the current ones.

    Args:
        text: a sentence.
        cites: ids of its passages.
        values: the values that are looked for.
        current: the values with which the text is up to date.
    """
    if any(gives(text, telling.value) for telling in current):
        return None
    words = _words(text)
    for old in values:
        near = old.passage in cites or len(words & _words(old.text)) >= SHARED
        if near and gives(text, old.value):
            return old
    return None


def _last(found: Disagreement) -> SourceValue | None:
    """The last value that still stands."""
    return next((t for t in reversed(found.tellings) if not t.superseded), None)


def _words(text: str) -> frozenset[str]:
    """Content stems of a text without its figures."""
    return frozenset(stem for stem in read(text).content_set if stem.isalpha())


def gives(text: str, value: str) -> bool:
    """Whether a text has a value, as written, or in figures what is written in words."""
    if re.search(rf"(?<![\w.,]){re.escape(value)}(?!\w|[.,]\d)", text):
        return True
    told = quantities(value)
    return len(told) == 1 and any(
        (q.kind, q.value) == (told[0].kind, told[0].value) and (q.spelled or told[0].spelled)
        for q in quantities(text)
    )


@lru_cache(maxsize=4)
def _of(index: EvidenceIndex) -> tuple[Disagreement, ...]:
    """The disagreements of the evidence in which a value is superseded."""
    return tuple(found for found in find_conflicts(index.pack) if found.superseded)


def _is_placed(text: str) -> bool:
    """Whether a sentence names who says it, or a day."""
    return bool(speakers.within(read(text).content_set, text) or dates.mentions(text))


def _stands_beside(newest: SourceValue, claim: Claim, claims: Sequence[Claim]) -> bool:
    return any(other.id != claim.id and gives(other.text, newest.value) for other in claims)


def _ended(claim: Claim, end: Outcome) -> Failure:
    return Failure(
        check="superseded",
        reason=(
            f"What is held against {end.name} has ended ({end.item.source_name}): “{end.words}” "
            "Tell that, alone or in the same sentence."
        ),
        start=0,
        end=len(claim.text),
        better=end.passage.id,
        label=VerdictLabel.PARTLY,
    )


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
