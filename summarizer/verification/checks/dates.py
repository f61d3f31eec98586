"""Check of dates: each must be given by a cited passage."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.dates import When, mentions, relative_months, resolve
from summarizer.text.relative_days import relative_days
from summarizer.verification.evidence import CitedEvidence, CitedText, align

_SAID = re.compile(
    r"\b(?:said|says|announced|reported|published|posted|wrote|stated|told|according|report"
    r"|statement|article|post)\b",
    re.IGNORECASE,
)


def days(ground: CitedText) -> frozenset[dt.date]:
    """Every day that a ground's text names, directly or relative to its publication."""
    return frozenset(d for when in mentions(ground.text) for d in _days_of(when, ground))


def _days_of(when: When, ground: CitedText) -> tuple[dt.date, ...]:
    """The days that a mention can mean: one where the sentence tells which, else all."""
    one = _resolved(ground).get(when.start) if when.weekday is not None or when.relative else None
    return (one,) if one else resolve(when, ground.published)


@lru_cache(maxsize=64)
def _resolved(ground: CitedText) -> Mapping[int, dt.date]:
    """Relative days of a ground that can mean one only, by the place of each of their words."""
    found = relative_days(ground.text, ground.published)
    return {place: one.day for one in found if one.day for place in range(one.start, one.end)}


def months(ground: CitedText) -> frozenset[tuple[int, int]]:
    """Every (year, month) that a ground's text names, directly or relative to publication."""
    found = {(day.year, day.month) for day in days(ground)}
    for when in mentions(ground.text):
        if when.month and when.year:
            found.add((when.year, when.month))
        elif when.month and ground.published:
            found.add((ground.published.year, when.month))
        elif when.relative and ground.published:
            found |= relative_months(when.relative, ground.published)
    return frozenset(found)


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each date in the claim that no cited passage supports."""
    failures = []
    for when in mentions(claim):
        if when.relative or any(_supports(when, g, claim) for g in grounds.cited):
            continue
        if when.weekday is not None and any(_undated(g) for g in grounds.cited):
            continue
        words = claim[when.start : when.end]
        other = _rival(when, claim, grounds.cited)
        better = grounds.better(claim, partial(_supports, when, claim=claim))
        failures.append(
            Failure(
                check="dates",
                reason=_reason(words, other),
                start=when.start,
                end=when.end,
                better=better,
                label=VerdictLabel.CONTRADICTED if other else VerdictLabel.UNSUPPORTED,
            )
        )
    return failures


def _undated(ground: CitedText) -> bool:
    """Whether a text has no day that a weekday could be held against: neither one of its own nor
    that of its publication."""
    if ground.published:
        return False
    return all(when.weekday is None and when.day is None for when in mentions(ground.text))


def _reason(words: str, other: str | None) -> str:
    if other:
        return f'The claim dates this "{words}"; the cited passages say "{other}".'
    return f'No cited passage gives the date "{words}".'


def names_date(when: When, ground: CitedText) -> bool:
    """Whether a ground's text gives a date, directly or relative to its publication."""
    if any(_agree(when, there, ground) for there in mentions(ground.text)):
        return True
    given = (when.year, when.month, when.day)
    return when.weekday is None and given in _counted(ground)


@lru_cache(maxsize=64)
def _counted(ground: CitedText) -> frozenset[tuple[int | None, int | None, int | None]]:
    """Year, month and day of what a ground counts from its publication: "last night", "by the end
    of the month"."""
    found = relative_days(ground.text, ground.published)
    dates = (when for one in found if one.date for when in mentions(one.date))
    return frozenset((when.year, when.month, when.day) for when in dates)


def _supports(when: When, ground: CitedText, claim: str) -> bool:
    if names_date(when, ground):
        return True
    if when.year and not when.month and re.search(rf"(?<!\d){when.year}(?!\d)", ground.text):
        return True
    return _is_publication(when, ground, claim)


def _is_publication(when: When, ground: CitedText, claim: str) -> bool:
    """The item's own date may date a report of what it says, and its year anything."""
    published = ground.published
    if published is None:
        return False
    if when.year == published.year and when.month is None:
        return True
    if not _SAID.search(claim):
        return False
    if when.weekday is not None:
        return when.weekday == published.weekday()
    parts = (when.year, published.year), (when.month, published.month), (when.day, published.day)
    return all(mine in (None, theirs) for mine, theirs in parts)


def _agree(claimed: When, there: When, ground: CitedText) -> bool:
    """Whether every part that the claim gives is what the other mention says or resolves to."""
    if claimed.weekday is not None and claimed.weekday == there.weekday:
        return True
    published = ground.published
    if any(_covers(claimed, day) for day in _days_of(there, ground)):
        return True
    if claimed.weekday is not None:
        return False
    if there.relative:
        return bool(published and _relative_agrees(claimed, there.relative, published))
    return _parts_agree(claimed, there, published)


def _covers(claimed: When, day: dt.date) -> bool:
    if claimed.weekday is not None:
        return claimed.weekday == day.weekday()
    parts = (claimed.year, day.year), (claimed.month, day.month), (claimed.day, day.day)
    return all(mine in (None, theirs) for mine, theirs in parts)


def _parts_agree(claimed: When, there: When, published: dt.date | None) -> bool:
    if there.weekday is not None:
        return False
    for name in ("day", "month"):
        mine = getattr(claimed, name)
        if mine is not None and mine != getattr(there, name):
            return False
    if claimed.year is None:
        return True
    if there.year is not None:
        return claimed.year == there.year
    return published is None or abs(claimed.year - published.year) <= 1


def _relative_agrees(claimed: When, relative: str, published: dt.date) -> bool:
    if relative.endswith("month") and claimed.month and claimed.day is None:
        return any(
            month == claimed.month and claimed.year in (None, year)
            for year, month in relative_months(relative, published)
        )
    if relative.endswith("year") and claimed.year and claimed.month is None:
        step = {"this": 0, "next": 1}.get(relative.split()[0], -1)
        return claimed.year == published.year + step
    return False


def _rival(when: When, claim: str, cited: Sequence[CitedText]) -> str | None:
    """The one date of the same shape in the cited sentence most like the claim."""
    best = align(claim, cited, limit=1)
    if not best or best[0].recall < 0.6:
        return None
    rivals = [w for w in mentions(best[0].text) if _shape(w) == _shape(when)]
    if len(rivals) != 1:
        return None
    return best[0].text[rivals[0].start : rivals[0].end]


def _shape(when: When) -> tuple[bool, bool, bool]:
    return when.day is not None, when.month is not None, when.weekday is not None
