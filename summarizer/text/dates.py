"""Dates mentioned in a text, and the days that they can mean."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.text.cache import cached_by_text
from summarizer.text.ordinal_words import ORDINAL_WORD, ordinal_value
from summarizer.text.taken import Taken

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NUMBER = {m: n for n, m in enumerate(MONTHS, 1)} | {
    m[:3]: n for n, m in enumerate(MONTHS, 1)
}
_MONTH_NUMBER["sept"] = 9
ANCHOR_YEARS = range(1000, 9000)
"""Years of publication from which "in 999 years" still is a date."""
CALENDAR = frozenset((*_MONTH_NUMBER, *WEEKDAYS))
"""Names of weekdays, and names and abbreviations of months."""
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
"""Pattern of a weekday, for larger patterns."""
_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WORD_DAY = rf"(?P<word>{ORDINAL_WORD})"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"\b{_MONTH}\s+{_DAY}\b(?![.,]?\d)(?:(?:\s*,)?\s+{_YEAR}\b)?",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:(?:\s*,)?\s+{_YEAR}\b)?",
        rf"\b{_WORD_DAY}\s+of\s+{_MONTH}\b(?:(?:\s*,)?\s+{_YEAR}\b)?",
        rf"\b(?-i:(?=[A-Z])){_MONTH}\s+(?:the\s+)?{_WORD_DAY}\b(?=\s*[,.;:)]|$|\s+(?:and|at|in|when)\b)",
        rf"\b{_MONTH}(?:\s*,)?\s+(?:of\s+)?{_YEAR}\b",
    )
)
_BARE_MONTH = re.compile(
    r"\b(?:in|since|last|next|this|by|until|till|through|from|of|during|before|after|early|mid"
    rf"|late|and|to)[\s-]+{_MONTH}\b",
    re.IGNORECASE,
)
_SURE_MONTH = re.compile(
    rf"\b(?P<month>{'|'.join(m.title() for m in MONTHS if m not in ('march', 'may'))})\b"
)
_WEEKDAY = re.compile(rf"\b(?P<weekday>{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
_BARE_YEAR = re.compile(
    r"(?:(?<![\d$€£.,/-])|(?<=\b(?:19|20)\d\d[-/]))(?P<year>(?:19|20)\d\d)"
    r"(?![\d%]|[.,]\d|s\b|\s*percent)(?:[–/-]\d\d\b(?![-–/]))?"
)
_RELATIVE = re.compile(
    r"\b(?P<word>today|yesterday|tomorrow|tonight"
    r"|(?P<which>last|this|next|previous|past)\s+(?P<unit>week|month|year))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class When:
    """A date as mentioned in a text, with its span; a part not given is ``None``."""

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


@cached_by_text
def mentions(text: str) -> tuple[When, ...]:
    """Dates mentioned in a text, in order; of overlapping readings the most specific."""
    found, taken = list[When](), Taken(len(text))
    for when in _candidates(text):
        if not taken.meets(when.start, when.end):
            found.append(when)
            taken.take(when.start, when.end)
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
        weekday = WEEKDAYS.index(match["weekday"].casefold())
        yield When(match.start(), match.end(), weekday=weekday)
    for match in _BARE_YEAR.finditer(text):
        yield When(match.start(), match.end(), year=int(match["year"]))


def _read(match: re.Match[str]) -> When | None:
    parts = match.groupdict()
    month = parts["month"]
    number = int(month) if month.isdigit() else _MONTH_NUMBER[month.casefold().rstrip(".")]
    day = int(parts["day"]) if parts.get("day") else None
    if parts.get("word"):
        day = ordinal_value(parts["word"])
    if day == 0 or (day or 1) > 31 or not 1 <= number <= 12:
        return None
    year = int(parts["year"]) if parts.get("year") else None
    return When(match.start(), match.end(), year=year, month=number, day=day)


def anchor(published: dt.date | None) -> dt.date | None:
    """A publication day from which others can be counted; ``None`` near the calendar's ends."""
    return published if published and published.year in ANCHOR_YEARS else None


def resolve(when: When, published: dt.date | None) -> tuple[dt.date, ...]:
    """Days that a mention can mean, given the publication day of its item; empty when unknown.

    A weekday is the last one up to publication or the next one; a month and day without a year
    take the year nearest to publication.
    """
    if when.date:
        return (when.date,)
    published = anchor(published)
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


def relative_months(relative: str, published: dt.date) -> set[tuple[int, int]]:
    """(year, month) of "this month", "next month" or "last month" on a publication day."""
    if not relative.endswith("month"):
        return set()
    step = {"this": 0, "next": 1}.get(relative.split()[0], -1)
    count = published.year * 12 + published.month - 1 + step
    return {(count // 12, count % 12 + 1)}
