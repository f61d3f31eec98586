"""Days that a sentence names: those up to its publication, and those ahead."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from summarizer.text.dates import MONTHS, When, anchor, mentions, resolve
from summarizer.text.relative_days import NUMBER_WORDS, relative_days
from summarizer.text.schedules import announces_day
from summarizer.text.tokens import listed

_LAST = re.compile(r"\blast\s$", re.IGNORECASE)
_WITHIN = re.compile(
    r"\b(?:in|within)\s(?:the\s(?:next|coming)\s)?"
    rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBER_WORDS)})\s(?P<unit>day|week|month|year)s?\b",
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
MONTH = "|".join(f"{month.title()}|{month[:3].title()}" for month in MONTHS) + "|Sept"
_ON = re.compile(r"\b[Oo]n\s(?:(?:late|early)\s)?$")
_NOT_BEHIND = "|".join(
    listed(
        """
        next coming following previous past every each other alternate most a an the this that
        another one any some first second third fourth fifth of as effective
        """
    )
)
_BARE = re.compile(
    rf"^[“\"]?(?:(?:Last|Late|Early)\s)?$|(?<![\w'’-])(?!(?:{_NOT_BEHIND})\s)[a-z]+\s$"
)
_FREE_BEHIND = "|".join(
    listed(
        """
        morning afternoon evening night at in on by for from to with after before when while as
        that it he she they the his her its their and or but over because following amid against
        who which where during near outside inside about into if whether there
        """
    )
)
_FREE = re.compile(rf"$|[.,;:)—–]|\s(?:[—–-]|(?:{_FREE_BEHIND})\b)")
_OTHER_BEHIND = re.compile(
    r"['’\w-]|\s[A-Z]|,?\s(?:last|next|week|(?:\w+\s){1,2}(?:ago|later|earlier|before)"
    rf"|(?:in|of)\s(?:last|next|this|that|the\s(?:\w+\s)?week|(?:19|20)\d\d|{MONTH})"
    r"|prayers?|mass|services?|school|papers?|deadline|(?:morning|afternoon|evening|night)s)\b"
)
_OTHER_BEFORE = re.compile(
    r"\b(?:ago|week|month|year|(?:19|20)\d\d),?\s(?:on\s)?$"
    r"|^[^,]{0,40}\b(?:ago|(?:last|next|previous)\s(?:week|month|year)|(?:19|20)\d\d),"
    r"|\b(?:opens?|starts?|begins?|closes?|ends?|meets?|votes?|resumes?|returns?|launches"
    r"|takes?\s(?:effect|place)|comes?\sinto"
    r"|(?:was|were|told|ordered|asked|agreed|summoned|required|promised|vowed)\sto)\b[^,]{0,40}$"
)
"""Words that count a weekday from another day, or before it a plan."""
_DAYS_OF = {"day": 1, "week": 7, "month": 30, "year": 365}
_MONTHS_A_YEAR = 12
_SUNDAY = 6
_PART_OF_DAY = len(" afternoon")


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

    A weekday counts only where it plainly is the last one: "on Tuesday", "late Tuesday", "arrested
    Tuesday", not "next Tuesday", "on a Tuesday", "on Tuesday last year" or "Super Tuesday".

    Args:
        text: the sentence.
        published: reference day for weekdays and dates without a year; if ``None``, only full
            dates are found.
    """
    found = []
    for when in mentions(text):
        if when.weekday is not None and not _is_plain(text, when):
            continue
        days = resolve(when, published)
        day = days[0] if days else None
        if day and when.weekday is not None and day == published:
            # "last Tuesday", written on a Tuesday
            day -= dt.timedelta(days=7 if _LAST.search(text[: when.start]) else 0)
        if day and (when.date or published is None or day <= published):
            found.append(Found(day, when.start, when.end))
    return found


def _is_plain(text: str, when: When) -> bool:
    before, behind = text[: when.start], text[when.end :]
    if not text[when.start].isupper() or _OTHER_BEFORE.search(before):
        return False
    if _OTHER_BEHIND.match(behind):
        return False
    # "Tuesday, Nov. 3": the date says which day it is.
    if any(w.day and 0 < w.start - when.end <= len(", ") for w in mentions(text)):
        return False
    bare = _BARE.search(before) and _FREE.match(behind)
    return bool(_ON.search(before) or bare)


def deadlines_in(text: str, published: dt.date | None) -> list[Found]:
    """Days after publication that a text names; for weeks, months and years their last day.

    Args:
        text: the sentence.
        published: reference day for relative dates; if ``None``, nothing is found.
    """
    published = anchor(published)
    if published is None:
        return []
    found = [*_spans(text, published)]
    coming = {one.end: one.latest for one in relative_days(text, published) if one.latest}
    for when in mentions(text):
        if when.weekday is not None:
            day = _weekday_ahead(when, coming)
        else:
            day = _ahead(when, published) or _coming(text, when, published)
        # "the 2028 candidate" sets no deadline; "by 2028" does.
        vague = when.day is None and bool(when.month or when.year)
        set_by = not vague or _BY.search(text[: when.start])
        covered = any(f.start <= when.start < f.end for f in found)
        if day and day >= published and set_by and not covered:
            found.append(Found(day, when.start, when.end))
    return sorted(found, key=lambda f: (f.start, f.end))


def _weekday_ahead(when: When, coming: Mapping[int, dt.date]) -> dt.date | None:
    """The day of a weekday that its sentence tells to be one ahead; "Friday evening" ends later."""
    ends = range(when.end, when.end + _PART_OF_DAY + 1)
    return next((coming[end] for end in ends if end in coming), None)


def _coming(text: str, when: When, published: dt.date) -> dt.date | None:
    """The coming day of a date without a year that is announced: "has until 15 December"."""
    lacks_year = when.day is not None and when.month is not None and when.year is None
    if not lacks_year or not announces_day(text, when.start, past=False):
        return None
    days = (When(0, 0, published.year + n, when.month, when.day).date for n in (0, 1))
    return next((day for day in days if day and day >= published), None)


def _ahead(when: When, published: dt.date) -> dt.date | None:
    days = resolve(when, published)
    if days:
        return next((day for day in days if day >= published), None)
    if when.month and when.day is None:
        year = when.year or published.year + (when.month < published.month)
        return _month_end(year, when.month)
    if when.year and when.month is None:
        return dt.date(when.year, _MONTHS_A_YEAR, 31)
    return None


def _spans(text: str, published: dt.date) -> Iterator[Found]:
    for match in _WITHIN.finditer(text):
        word = match["count"].lower()
        count = int(word) if word.isdigit() else NUMBER_WORDS.index(word) + 1
        days = dt.timedelta(days=count * _DAYS_OF[match["unit"].lower()])
        yield Found(published + days, match.start(), match.end())
    for match in _UNIT_END.finditer(text):
        steps = 1 if match["which"].lower() in ("next", "this coming") else 0
        yield Found(_end_of(match["unit"].lower(), published, steps), match.start(), match.end())


def _end_of(unit: str, published: dt.date, steps: int) -> dt.date:
    if unit == "week":
        return published + dt.timedelta(days=_SUNDAY - published.weekday() + 7 * steps)
    if unit == "year":
        return dt.date(published.year + steps, _MONTHS_A_YEAR, 31)
    months = published.year * _MONTHS_A_YEAR + published.month - 1 + steps
    return _month_end(months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1)


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
