"""Dates of events and deadlines in source sentences."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.drafting.extractive.context import DraftContext
from summarizer.drafting.extractive.filters import outside_quotes
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.dates import WEEKDAY, When, mentions, resolve

_LAST = re.compile(r"\blast\s$", re.IGNORECASE)
_NUMBER_WORDS = ["a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_WITHIN = re.compile(
    r"\b(?:in|within)\s(?:the\s(?:next|coming)\s)?"
    rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBER_WORDS)})\s(?P<unit>day|week|month|year)s?\b",
    re.IGNORECASE,
)
_UNIT_END = re.compile(
    r"\b(?P<which>next|later this|(?:the )?end of (?:this|the)|this coming)\s"
    r"(?P<unit>week|month|year)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:by|in|until|before|during|end of|early|late|mid|next|middle of|for|from)[\s-]"
    r"(?:the\s)?$",
    re.IGNORECASE,
)
_DAYS_OF = {"day": 1, "week": 7, "month": 30, "year": 365}
_MONTHS = 12
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text.

    Args:
        date: the day, or the last day of a longer period.
        start: offset of its first character.
        end: offset behind its last character.
    """

    date: dt.date
    start: int
    end: int


def days_past(text: str, published: dt.date | None) -> list[Found]:
    """Days up to publication that a text names, in order of appearance.

    Args:
        text: the sentence.
        published: reference day for weekdays and dates without a year; if ``None``, only full
            dates are found.
    """
    found = []
    for when in mentions(text):
        days = resolve(when, published)
        day = days[0] if days else None
        if day and when.weekday is not None and day == published:
            # "last Tuesday", written on a Tuesday
            day -= dt.timedelta(days=7 if _LAST.search(text[: when.start]) else 0)
        if day and (when.date or published is None or day <= published):
            found.append(Found(day, when.start, when.end))
    return found


def deadlines_in(text: str, published: dt.date | None) -> list[Found]:
    """Days after publication that a text names; for weeks, months and years their last day.

    Args:
        text: the sentence.
        published: reference day for relative dates; if ``None``, nothing is found.
    """
    if published is None:
        return []
    found = [*_spans(text, published)]
    for when in mentions(text):
        day = _ahead(when, published)
        # "the 2028 candidate" sets no deadline; "by 2028" does.
        vague = when.day is None and bool(when.month or when.year)
        set_by = not vague or _BY.search(text[: when.start])
        covered = any(f.start <= when.start < f.end for f in found)
        if day and day >= published and set_by and not covered:
            found.append(Found(day, when.start, when.end))
    return sorted(found, key=lambda f: (f.start, f.end))


def _ahead(when: When, published: dt.date) -> dt.date | None:
    days = resolve(when, published)
    if days:
        return next((day for day in days if day >= published), None)
    if when.month and when.day is None:
        year = when.year or published.year + (when.month < published.month)
        return _month_end(year, when.month)
    if when.year and when.month is None:
        return dt.date(when.year, _MONTHS, 31)
    return None


def _spans(text: str, published: dt.date) -> Iterator[Found]:
    for match in _WITHIN.finditer(text):
        word = match["count"].lower()
        count = int(word) if word.isdigit() else _NUMBER_WORDS.index(word) + 1
        days = dt.timedelta(days=count * _DAYS_OF[match["unit"].lower()])
        yield Found(published + days, match.start(), match.end())
    for match in _UNIT_END.finditer(text):
        steps = 1 if match["which"].lower() in ("next", "this coming") else 0
        yield Found(_end_of(match["unit"].lower(), published, steps), match.start(), match.end())


def _end_of(unit: str, published: dt.date, steps: int) -> dt.date:
    if unit == "week":
        return published + dt.timedelta(days=_SUNDAY - published.weekday() + 7 * steps)
    if unit == "year":
        return dt.date(published.year + steps, _MONTHS, 31)
    months = published.year * _MONTHS + published.month - 1 + steps
    return _month_end(months // _MONTHS, months % _MONTHS + 1)


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


# A day after these words is a limit ("until Monday") or the day of another event.
_ANOTHER_EVENT = re.compile(
    r"\b(?:since|until|till|before|by|through|prior to|ahead of|scheduled for|slated for|set for|"
    r"heads? into|due|deadline|"
    r"between|as of|planned for|starting|beginning|following|than|after|from|to|of)\s"
    rf"(?:the\s|late\s|early\s|next\s|last\s)?(?:{WEEKDAY},?\s)?$"
    r"|\b(?:prior to|before|after|ahead of|until|since|following)\s[^,]{0,40}$",
    re.IGNORECASE,
)
_NAMED_AFTER = re.compile(r"\s(?:attacks?|hijack\w+|victims?|famil\w+|terror\w*|riots?|panel)\b")
_SURELY_PAST = 60
"""Days before publication beyond which a date without a year may mean the coming year."""

AHEAD = re.compile(
    r"\b(?:will|would|is set|are set|plans? to|expected|is due|upcoming|scheduled|going to|"
    r"intends?|is to|are to|(?:is|are|was|were) due|has until|have until)\b"
)


def day_of_event(
    context: DraftContext, sentence: Sentence, text: str | None = None
) -> dt.date | None:
    """The past day that a sentence gives for its event; ``None`` if it names none or several.

    Args:
        context: context of the draft.
        sentence: the sentence about the event.
        text: shortened text of the sentence; defaults to all of it.
    """
    bare = sentence.bare if text is None else outside_quotes(text)
    if re.search(r"\bbetween\b|\bavailable\b", bare):
        return None
    days = {
        found.date
        for found in days_past(bare, context.published(sentence))
        if not _ANOTHER_EVENT.search(bare[: found.start])
        and not _NAMED_AFTER.match(bare[found.end :])
        and not AHEAD.search(bare[: found.start])
    }
    if len(days) != 1:
        return None
    day = days.pop()
    published = context.published(sentence)
    if published and day.year != published.year and not re.search(str(day.year), bare):
        # A day without a year that is long past may mean the coming year.
        return day if (published - day).days <= _SURELY_PAST else None
    return day if context.newest is None or day <= context.newest else None
