"""Differences between two revisions, sentence by sentence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from enum import StrEnum

from summarizer.domain.claims import CheckedClaim
from summarizer.domain.drafts import Draft
from summarizer.domain.model import Model

ALIKE = 0.5
"""Least similarity (``difflib`` ratio, 0–1) of two sentences for one to count as a change of the
other; below it one was removed and the other added."""


class Change(StrEnum):
    """Kind of change of a sentence between two revisions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Difference(Model):
    """One sentence before and after.

    Args:
        change: the kind of change.
        before: ``None`` for an added sentence.
        after: ``None`` for a removed sentence.
    """

    change: Change
    before: CheckedClaim | None = None
    after: CheckedClaim | None = None


class SectionDifference(Model):
    """The sentences of one section in two revisions, side by side, in reading order."""

    key: str
    rows: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return all(row.change is Change.SAME for row in self.rows)


def difference(before: Draft, after: Draft) -> tuple[SectionDifference, ...]:
    """The shown sentences of two revisions side by side, section by section."""
    old = {section.key: section.shown for section in before.sections}
    new = {section.key: section.shown for section in after.sections}
    return tuple(
        SectionDifference(key=key, rows=tuple(_rows(old.get(key, ()), new.get(key, ()))))
        for key in dict.fromkeys((*old, *new))
    )


def _rows(old: Sequence[CheckedClaim], new: Sequence[CheckedClaim]) -> list[Difference]:
    matcher = difflib.SequenceMatcher(
        a=[c.claim.model_dump_json(exclude={"id"}) for c in old],
        b=[c.claim.model_dump_json(exclude={"id"}) for c in new],
        autojunk=False,
    )
    rows: list[Difference] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(old[a:b], new[c:d], strict=True)
            rows += [Difference(change=Change.SAME, before=x, after=y) for x, y in pairs]
        else:
            rows += _paired(list(old[a:b]), list(new[c:d]))
    return rows


def _paired(old: list[CheckedClaim], new: list[CheckedClaim]) -> list[Difference]:
    """Each new sentence beside its most similar old one; at ``ALIKE`` or above they are a pair."""
    rows: list[Difference] = []
    for claim in new:
        like = max(old, key=lambda o: _likeness(o, claim), default=None)
        if like is None or _likeness(like, claim) < ALIKE:
            rows.append(Difference(change=Change.ADDED, after=claim))
            continue
        behind = old.index(like)
        rows += [Difference(change=Change.REMOVED, before=gone) for gone in old[:behind]]
        rows.append(Difference(change=Change.CHANGED, before=like, after=claim))
        old = old[behind + 1 :]
    return rows + [Difference(change=Change.REMOVED, before=gone) for gone in old]


def _likeness(a: CheckedClaim, b: CheckedClaim) -> float:
    return difflib.SequenceMatcher(None, a.claim.text, b.claim.text, autojunk=False).ratio()
