"""Dates: a claim may name a day, month or year only where a cited passage does.

A passage may name it relative to the publication of its item ("on Tuesday", "last month").  A date
is kept as what it says and no more: "in May" has a month and no year, and agrees with any date
that has the same month.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from summarizer.domain import Failure, Label
from summarizer.faithfulness.grounds import Ground, Grounds, align
from summarizer.faithfulness.words import listed, remembered

_MONTHS = listed(
    "january february march april may june july august september october november december"
)
_MONTH_NUMBER = {m: n for n, m in enumerate(_MONTHS, 1)} | {
    m[:3]: n for n, m in enumerate(_MONTHS, 1)
}
_MONTH_NUMBER["sept"] = 9
_DAYS = listed("monday tuesday wednesday thursday friday saturday sunday")

_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november"
    r"|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"\b{_MONTH}\s+{_DAY}\b(?![.,]?\d)(?:\s*,?\s+{_YEAR}\b)?",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:\s*,?\s+{_YEAR}\b)?",
        rf"\b{_MONTH}\s*,?\s+(?:of\s+)?{_YEAR}\b",
    )
)
_BARE_MONTH = re.compile(
    r"\b(?:in|since|last|next|this|by|until|till|through|from|of|during|before|after|early|mid"
    rf"|late|and|to)[\s-]+{_MONTH}\b",
    re.IGNORECASE,
)
_SURE_MONTH = re.compile(
    r"\b(?P<month>January|February|April|June|July|August|September|October|November|December)\b"
)
_WEEKDAY = re.compile(rf"\b(?P<weekday>{'|'.join(_DAYS)})\b", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?<![\d$€£.,/-])(?P<year>(?:19|20)\d\d)(?![\d%]|[.,]\d|s\b|\s*percent)")
_RELATIVE = re.compile(
    r"\b(?P<word>today|yesterday|tomorrow|tonight"
    r"|(?P<which>last|this|next|previous|past)\s+(?P<unit>week|month|year))\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:said|says|announced|reported|published|posted|wrote|stated|told|according|report"
    r"|statement|article|post)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class When:
    """A date as far as a text gives it, and where it stands; an absent part is ``None``."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    relative: str | None = None

    @property
    def date(self) -> dt.date | None:
        """The day, when year, month and day are all given and exist."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return dt.date(self.year, self.month, self.day)
        except ValueError:
            return None


@remembered
def mentions(text: str) -> tuple[When, ...]:
    """Every date a text mentions, in order, the most specific reading of each stretch."""
    found: list[When] = []
    for when in _candidates(text):
        if not any(when.start < other.end and other.start < when.end for other in found):
            found.append(when)
    return tuple(sorted(found, key=lambda w: w.start))


def _candidates(text: str) -> Iterator[When]:
    for shape in _SHAPES:
        yield from filter(None, (_read(m) for m in shape.finditer(text)))
    for match in _RELATIVE.finditer(text):
        yield When(match.start(), match.end(), relative=match["word"].casefold())
    for shape in (_BARE_MONTH, _SURE_MONTH):
        for match in shape.finditer(text):
            word = match["month"]
            if word[0].isupper() or word.casefold() not in ("may", "march", "mar", "sep", "dec"):
                month = _MONTH_NUMBER[word.casefold().rstrip(".")]
                yield When(match.start("month"), match.end("month"), month=month)
    for match in _WEEKDAY.finditer(text):
        weekday = _DAYS.index(match["weekday"].casefold())
        yield When(match.start(), match.end(), weekday=weekday)
    for match in _BARE_YEAR.finditer(text):
        yield When(match.start(), match.end(), year=int(match["year"]))


def _read(match: re.Match[str]) -> When | None:
    parts = match.groupdict()
    month = parts["month"]
    number = int(month) if month.isdigit() else _MONTH_NUMBER[month.casefold().rstrip(".")]
    day = int(parts["day"]) if parts.get("day") else None
    if day == 0 or (day or 1) > 31 or not 1 <= number <= 12:
        return None
    year = int(parts["year"]) if parts.get("year") else None
    return When(match.start(), match.end(), year=year, month=number, day=day)


def resolve(when: When, published: dt.date | None) -> tuple[dt.date, ...]:
    """The days a mention can mean, given the publication day of its item; () when unknown.

    A weekday is its last occurrence up to publication or its next one; a month and day without
    a year take the year that brings them nearest to publication.
    """
    if when.date:
        return (when.date,)
    if published is None:
        return ()
    if when.weekday is not None:
        back = (published.weekday() - when.weekday) % 7
        last = published - dt.timedelta(days=back)
        return last, last + dt.timedelta(days=7)
    if when.relative:
        shift = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}.get(when.relative)
        return () if shift is None else (published + dt.timedelta(days=shift),)
    if when.month and when.day:
        years = (published.year - 1, published.year, published.year + 1)
        dates = [When(0, 0, year, when.month, when.day).date for year in years]
        return tuple(sorted((d for d in dates if d), key=lambda d: abs((d - published).days))[:1])
    return ()


def days(ground: Ground) -> frozenset[dt.date]:
    """Every day that a ground's text names, directly or relative to its publication."""
    return frozenset(d for when in mentions(ground.text) for d in resolve(when, ground.published))


def months(ground: Ground) -> frozenset[tuple[int, int]]:
    """Every (year, month) that a ground's text names, directly or relative to publication."""
    found = {(day.year, day.month) for day in days(ground)}
    for when in mentions(ground.text):
        if when.month and when.year:
            found.add((when.year, when.month))
        elif when.month and ground.published:
            found.add((ground.published.year, when.month))
        elif when.relative and ground.published:
            found |= _relative_months(when.relative, ground.published)
    return frozenset(found)


def _relative_months(relative: str, published: dt.date) -> set[tuple[int, int]]:
    if not relative.endswith("month"):
        return set()
    step = {"this": 0, "next": 1}.get(relative.split()[0], -1)
    count = published.year * 12 + published.month - 1 + step
    return {(count // 12, count % 12 + 1)}


def check(claim: str, grounds: Grounds) -> list[Failure]:
    """Fail each date in the claim that no cited passage supports."""
    failures = []
    for when in mentions(claim):
        if when.relative or any(_supports(when, g, claim) for g in grounds.cited):
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
                label=Label.CONTRADICTED if other else Label.UNSUPPORTED,
            )
        )
    return failures


def _reason(words: str, other: str | None) -> str:
    if other:
        return f'The claim dates this "{words}"; the cited passages say "{other}".'
    return f'No cited passage gives the date "{words}".'


def names_date(when: When, ground: Ground) -> bool:
    """Whether a ground's text gives a date, directly or relative to its publication."""
    return any(_agree(when, there, ground.published) for there in mentions(ground.text))


def _supports(when: When, ground: Ground, claim: str) -> bool:
    if names_date(when, ground):
        return True
    if when.year and not when.month and re.search(rf"(?<!\d){when.year}(?!\d)", ground.text):
        return True
    return _is_publication(when, ground, claim)


def _is_publication(when: When, ground: Ground, claim: str) -> bool:
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


def _agree(claimed: When, there: When, published: dt.date | None) -> bool:
    """Whether every part that the claim gives is what the other mention says or resolves to."""
    if claimed.weekday is not None and claimed.weekday == there.weekday:
        return True
    for day in resolve(there, published):
        if _covers(claimed, day):
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
            for year, month in _relative_months(relative, published)
        )
    if relative.endswith("year") and claimed.year and claimed.month is None:
        step = {"this": 0, "next": 1}.get(relative.split()[0], -1)
        return claimed.year == published.year + step
    return False


def _rival(when: When, claim: str, cited: Sequence[Ground]) -> str | None:
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
