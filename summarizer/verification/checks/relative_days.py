"""Check of relative days: a page is permanent, so a claim gives dates, not "on Tuesday"."""

from __future__ import annotations

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.relative_days import DateStyle, RelativeDay, relative_days
from summarizer.verification.evidence import CitedEvidence


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each day or period outside quotations that counts from a day the reader doesn't know.

    The reason gives the date that the cited passages resolve it to, if they agree on one.
    """
    return [
        Failure(
            check="relative_days",
            reason=_reason(claim[one.start : one.end].strip(), _dates(one, grounds)),
            start=one.start,
            end=one.end,
            label=VerdictLabel.PARTLY,
        )
        for one in relative_days(claim)
    ]


def _reason(words: str, dates: frozenset[str]) -> str:
    reason = f'A later reader cannot tell what day "{words}" means'
    if len(dates) == 1 and (date := next(iter(dates))):
        return f'{reason}; the cited passages mean "{date}": give that date.'
    return f"{reason}: give the date, or leave the time out."


def _dates(one: RelativeDay, grounds: CitedEvidence) -> frozenset[str]:
    """What the same words in the cited passages resolve to; empty words where they cannot be."""
    found = (
        there.date
        for ground in grounds.cited
        for there in relative_days(ground.text, ground.published, DateStyle.DAY_FIRST)
        if there.words == one.words
    )
    return frozenset(date or "" for date in found)
