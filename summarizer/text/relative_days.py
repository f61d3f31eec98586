"""Days and periods that a text counts from the day it was written: "on Tuesday", "last month".

A page is permanent, and its reader does not know that day.  Outside quotations such words are
found, and resolved where they can mean one day, week, month or year only.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum

from summarizer.text.cache import cached_by_text
from summarizer.text.dates import MONTHS, WEEKDAY, WEEKDAYS, anchor, mentions
from summarizer.text.past_verbs import PAST
from summarizer.text.quotations import SAY, quotes
from summarizer.text.schedules import announces_day, lies_ahead
from summarizer.text.taken import Taken

_PART = r"(?P<part>\s(?:morning|afternoon|evening|night))?"
_LEAD = r"(?P<lead>\b(?:on|by|until|till|since|before|after|from|through|of|in)\s(?:at\sleast\s)?)?"
_EARLY = r"(?P<early>\b(?:late|early|later|earlier)\s)?"
_DAYS = "|".join(WEEKDAYS)
NUMBER_WORDS = ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""Counts in words, from one on."""
_SHAPES = (
    re.compile(
        rf"{_LEAD}{_EARLY}(?P<on>\bon\s)?(?P<which>\b(?:last|next|this|coming|past)\s)?"
        rf"\b(?P<word>{WEEKDAY})\b{_PART}(?P<own>['’]s)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_LEAD}{_EARLY}\b(?P<word>today|yesterday|tomorrow|tonight)\b{_PART}(?P<own>['’]s)?",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<which>this)(?P<part>\s(?:morning|afternoon|evening))\b", re.IGNORECASE),
    re.compile(rf"{_EARLY}\b(?P<word>last)(?P<part>\snight)\b", re.IGNORECASE),
    re.compile(
        rf"{_LEAD}{_EARLY}(?P<the>\bthe\s)?\b(?P<which>last|this|next|past|previous|coming)\s"
        r"(?P<word>week|weekend|month|year|spring|summer|autumn|fall|winter)\b(?P<own>['’]s)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<lead>\bof\s)(?P<which>the)\s(?P<word>week|weekend|month|year)\b(?P<own>['’]s)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bin\s(?:about\s|around\s)?(?P<count>\d{{1,2}}|{'|'.join(NUMBER_WORDS)})\s"
        r"(?P<unit>day|week|month|year)s?\b(?:['’]\stime\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:\w+|\d[\d,.]{0,20}+)\s(?P<word>hours?|days?|weeks?|months?|years?|decades?)\sago\b",
        re.IGNORECASE,
    ),
)
_NAMED = re.compile(
    r"\b(?:Ash|Black|Bloody|Cyber|Easter|Fat|Giving|Good|Holy|Maundy|Palm|Shrove|Small|Super|Whit)\s$"
    r"|\b(?:an?|(?:every|each|one|any|some)(?:\s[a-z]{1,20})?|first|second|third|fourth|most)\s$"
)
"""Before a weekday: a name ("Super Tuesday") or any such day ("a Tuesday", "every Friday")."""
_MONTH = rf"(?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*+"
_DATED = re.compile(
    rf",?\s(?:the\s)?(?:{_MONTH}\.?\s\d|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH})"
    rf"|\s\(|\s(?:or|to|and|through)\s{WEEKDAY}|-",
    re.IGNORECASE,
)
"""Behind a weekday: the date itself, or another weekday with which it forms one expression."""
_BREAK = re.compile(r"[;:—]|,\s|\bthat\b")
_SPOKEN = re.compile(rf",\s[^,]{{1,80}}\b{SAY}\W*$|,\s{SAY}\s[^,]{{1,80}}$")
"""Behind a clause, who says it: "…, a mediator said"."""
_AHEAD = re.compile(r"\b(?:will|is to|are to|(?:is|are) (?:set|due|scheduled|expected))\b")
_UNSURE = re.compile(
    r"\b(?:would|could|might|may|should|must|shall)\b"
    r"|\b(?:was|were|been)\s(?:to|due|set|scheduled|expected|slated|planned)\b"
    r"|\bto\s(?!the\b|an?\b|his\b|her\b|its\b|their\b|this\b|that\b|court\b)[a-z]{2,}\b",
)
"""What a past verb may be followed by when its day lies ahead: "agreed to meet on Friday"."""
_BACK = re.compile(r"\b(?:after|since|when|following|because)\b")
"""Between "will" and a day: the day may be that of what came before."""
_SUBJECT = re.compile(r"\s(?:is|was|were|has|had|will|saw|brought|marked|would|could|may)\b")
_DETERMINER = re.compile(
    r"(?:\b(?:the|an?|this|that|his|her|its|their|our|my|your)|['’]s?)\s$", re.IGNORECASE
)
_ROLLING = re.compile(r"\b(?:over|in|during|for|within|throughout|than|to|with)\s$", re.IGNORECASE)
_OPENING = " “\"'‘("
_SHIFT = {"today": 0, "yesterday": -1, "last": -1, "tomorrow": 1}
_PERIODS = ("month", "year", "spring", "summer", "autumn", "fall")
_FRIDAY, _SUNDAY = 4, 6
_REACH = 300
"""Characters beside a day that tell its time; for linear time in a text."""
_STEP = {"last": -1, "previous": -1, "the": 0, "this": 0, "next": 1}
_FUTURE_LEAD = ("by", "until", "till", "before", "through")


class DateStyle(Enum):
    """Order of a written date."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


_DAY_FIRST = re.compile(rf"\b\d{{1,2}}\s(?:{'|'.join(m.title() for m in MONTHS)})\b")
_MONTH_FIRST = re.compile(
    rf"\b(?:{'|'.join(m[:3].title() for m in MONTHS)})[a-z]*+\.?\s\d{{1,2}}\b"
)


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """A relative day or period in a text.

    Args:
        start: offset of its first character.
        end: offset behind its last one.
        words: what it counts, in lower case: ``tuesday``, ``last month``.
        date: the resolved day, week, month or year as written: ``4 September 2026``; ``None`` where
            it can mean several, or where the day of writing is unknown.
        day: the resolved day, of a week its Monday; ``None`` for longer periods.
        latest: the last day that it can mean, where that lies ahead: of "next Friday" that of the
            week after; ``None`` where nothing tells it.
        phrase: what stands in its place in the text; ``None`` without a date, or where no
            replacement is grammatical.
    """

    start: int
    end: int
    words: str
    date: str | None = None
    day: dt.date | None = None
    phrase: str | None = None
    latest: dt.date | None = None


def style_of(text: str) -> DateStyle:
    """The order of dates that a text uses more often; month first without dates."""
    days, months = (len(shape.findall(text)) for shape in (_DAY_FIRST, _MONTH_FIRST))
    return DateStyle.DAY_FIRST if days > months else DateStyle.MONTH_FIRST


def date_words(day: dt.date, style: DateStyle) -> str:
    """A day in words: ``4 September 2026`` or ``September 4, 2026``."""
    month = MONTHS[day.month - 1].title()
    if style is DateStyle.DAY_FIRST:
        return f"{day.day} {month} {day.year}"
    return f"{month} {day.day}, {day.year}"


def relative_days(
    text: str, written: dt.date | None = None, style: DateStyle = DateStyle.MONTH_FIRST
) -> tuple[RelativeDay, ...]:
    """Relative days and periods outside quotations, in order.

    Args:
        text: one sentence.
        written: the day from which its days count.
        style: order of the dates that replace them.
    """
    return tuple(_resolved(text, match, anchor(written), style) for match in _matches(text))


def absolute(text: str, written: dt.date | None, style: DateStyle) -> str | None:
    """The sentence with dates in place of its relative days; ``None`` where one stays."""
    if any(one.phrase is None for one in relative_days(text, written, style)):
        return None
    return with_dates(text, written, style)


def with_dates(text: str, written: dt.date | None, style: DateStyle) -> str:
    """The text with dates in place of those relative days that can be resolved."""
    parts, at = [], 0
    for one in relative_days(text, written, style):
        if one.phrase is None:
            continue
        comma = "," if ", " in one.phrase and text[one.end : one.end + 1] == " " else ""
        parts += [text[at : one.start], one.phrase, comma]  # September 4, 2026, that
        at = one.end
    return "".join((*parts, text[at:]))


@cached_by_text
def _matches(text: str) -> tuple[re.Match[str], ...]:
    taken, found = Taken(len(text)), list[re.Match[str]]()
    dated = frozenset(when.end for when in mentions(text) if when.day)
    for quote in quotes(text):
        taken.take(quote.start, quote.end)
    for shape in _SHAPES:
        for match in shape.finditer(text):
            if taken.meets(*match.span()) or not _counts(text, match, dated):
                continue
            taken.take(*match.span())
            found.append(match)
    return tuple(sorted(found, key=lambda m: m.start()))


def _counts(text: str, match: re.Match[str], dated: Collection[int]) -> bool:
    """Whether words are a relative day: not "Super Tuesday" or "Tuesday, November 3".

    Args:
        text: the text.
        match: the words.
        dated: ends of the dates in the text.
    """
    parts = match.groupdict()
    word = parts.get("word") or ""
    if parts.get("unit") or (parts.get("which") or "").casefold() == "the":
        # "the end of the month" counts from now where it is ahead: not "by the end of the war".
        return announces_day(text, match.start("unit" if parts.get("unit") else "word"))
    if word.casefold() not in WEEKDAYS:
        return True
    if not word[0].isupper() or _DATED.match(text, match.end()):
        return False
    named = match.start("word") == match.start() and _NAMED.search(_before(text, match))
    return not named and not any(match.start() - n in dated for n in (1, 2))


def _resolved(
    text: str, match: re.Match[str], written: dt.date | None, style: DateStyle
) -> RelativeDay:
    parts = {name: (value or "").strip().casefold() for name, value in match.groupdict().items()}
    word, which = parts.get("word", ""), parts.get("which", "")
    part = parts.get("part", "") if word in ("", "last") else ""
    words = " ".join(filter(None, (which, word, part)))
    start = match.start()
    if parts.get("unit"):
        words = text[start : match.end()].casefold()
    plain = RelativeDay(start, match.end(), words)
    if written is None:
        return plain
    if parts.get("unit"):
        date = _counted(parts, written, style)
        return RelativeDay(start, match.end(), words, date, None, f"around {date}")
    outside = _outside(text)
    day, date, preposition = None, "", "on"
    if word == "week":
        day = _week(outside, match, parts, written)
        date, preposition = f"the week of {date_words(day, style)}" if day else "", "in"
    elif word in _PERIODS:
        date, preposition = _period(outside, match, parts, written), "in"
    elif word in WEEKDAYS or word in _SHIFT or parts.get("part"):
        day = _day(outside, match, parts, written)
        date = date_words(day, style) if day else ""
    if not date:
        both = word in WEEKDAYS and which == "next"
        return replace(plain, latest=_coming(word, written, weeks=2)) if both else plain
    phrase = _phrase(parts, date, preposition) if _may_be_replaced(text, match) else None
    if phrase is not None and _opens(text, match):
        phrase = phrase[0].upper() + phrase[1:]
    latest = day if day and day >= written else None
    return RelativeDay(start, match.end(), words, date, day, phrase, latest)


@cached_by_text
def _outside(text: str) -> str:
    """The text with blanks in place of its quotations, whose verbs tell no time of what is around
    them."""
    for quote in quotes(text):
        blank = ";".ljust(quote.end - quote.start)
        text = text[: quote.start] + blank + text[quote.end :]
    return text


def _before(text: str, match: re.Match[str]) -> str:
    """The words before a match, as far as one clause may reach."""
    return text[max(0, match.start() - _REACH) : match.start()]


def _opens(text: str, match: re.Match[str]) -> bool:
    """Whether a match opens its text, but for marks."""
    return match.start() < _REACH and not _before(text, match).strip(_OPENING)


def _may_be_replaced(text: str, match: re.Match[str]) -> bool:
    """Whether a replacement may stand: not where the words are the subject ("last year was") or
    describe a noun ("his Friday briefing")."""
    if not match.groupdict().get("lead") and _DETERMINER.search(_before(text, match)):
        return False
    return not (_opens(text, match) and _SUBJECT.match(text, match.end()))


def _clause(text: str, match: re.Match[str]) -> tuple[str, str]:
    """What tells the time of a day's clause: the nearest words before it with a verb, else those
    behind; and those before alone."""
    before = [part for part in _BREAK.split(_before(text, match)) if part.strip(_OPENING)]
    for part in reversed(before):
        if PAST.search(part) or _AHEAD.search(part) or _UNSURE.search(part):
            return part, part
    behind = text[match.end() : match.end() + _REACH]
    if before and _SPOKEN.match(behind):  # its time is not that of what was said
        return "", ""
    return _BREAK.split(behind.lstrip(", "))[0], ""


def _day(
    text: str, match: re.Match[str], parts: dict[str, str], written: dt.date
) -> dt.date | None:
    """The one day that words can mean; a weekday lies behind a past verb, ahead of "will"."""
    word, which, lead = (parts.get(name, "") for name in ("word", "which", "lead"))
    lead = lead.split(" ")[0]
    if word in WEEKDAYS and which in ("next", "coming"):
        return _next(word, which, written)
    if word == "tonight" or (which and which != "this"):
        return None
    clause, before = _clause(text, match)
    will, unsure = _AHEAD.search(clause), _UNSURE.search(before)
    if will and _BACK.search(before, will.end()):
        return None
    ahead = will is not None
    if word in WEEKDAYS and not PAST.search(before) and not ahead:
        ahead = lies_ahead(text, match.start("word"))
    past = PAST.search(clause) and not ahead and not unsure
    if word in _SHIFT:
        fits = ahead if word == "tomorrow" else past
        return written + dt.timedelta(days=_SHIFT[word]) if fits else None
    if not word:  # "this morning"
        return written if past else None
    back = (written.weekday() - WEEKDAYS.index(word)) % 7
    if past and lead not in _FUTURE_LEAD:
        return None if which else written - dt.timedelta(days=back)
    if back and lead in ("", "on", *_FUTURE_LEAD):
        ahead = ahead or lies_ahead(text, match.start("word"))
        return _coming(word, written) if ahead else None
    return None


def _next(word: str, which: str, written: dt.date) -> dt.date | None:
    """The day of "next Tuesday"; ``None`` where it can be this week's or next week's: before that
    day of the week, and at a weekend."""
    passed = WEEKDAYS.index(word) <= written.weekday() <= _FRIDAY
    return _coming(word, written) if passed or which == "coming" else None


def _coming(word: str, written: dt.date, weeks: int = 1) -> dt.date:
    """The first weekday of its name behind a day, or a later one."""
    back = (written.weekday() - WEEKDAYS.index(word)) % 7
    return written + dt.timedelta(days=7 * weeks - back)


def _counted(parts: dict[str, str], written: dt.date, style: DateStyle) -> str:
    """The day, month or year that lies some of them ahead."""
    word, unit = parts["count"], parts["unit"]
    count = int(word) if word.isdigit() else NUMBER_WORDS.index(word) + 1
    if unit == "year":
        return str(written.year + count)
    if unit == "month":
        months = written.year * 12 + written.month - 1 + count
        return f"{MONTHS[months % 12].title()} {months // 12}"
    return date_words(written + dt.timedelta(days=count * (7 if unit == "week" else 1)), style)


def _week(
    text: str, match: re.Match[str], parts: dict[str, str], written: dt.date
) -> dt.date | None:
    """The Monday of a week; none for words of a Sunday, with which a week ends or begins."""
    step = _step(text, match, parts)
    if step is None or written.weekday() == _SUNDAY:
        return None
    return written + dt.timedelta(days=7 * step - written.weekday())


def _period(text: str, match: re.Match[str], parts: dict[str, str], written: dt.date) -> str:
    """A month, season or year in words; empty where it can be several."""
    word, step = parts["word"], _step(text, match, parts)
    if step is None:
        return ""
    if word == "year":
        return str(written.year + step)
    if word == "month":
        count = written.year * 12 + written.month - 1 + step
        return f"{MONTHS[count % 12].title()} {count // 12}"
    return "" if step else f"the {word} of {written.year}"


def _step(text: str, match: re.Match[str], parts: dict[str, str]) -> int | None:
    """Periods ahead of the present one; none for "the past year", which ends today."""
    rolls = (
        not parts.get("own")
        and parts.get("which") != "the"
        and _ROLLING.search(_before(text, match))
    )
    if parts.get("the") or rolls:
        return None
    return _STEP.get(parts.get("which", ""))


def _phrase(parts: dict[str, str], date: str, preposition: str) -> str | None:
    lead, early, part = (parts.get(name, "") for name in ("lead", "early", "part"))
    if parts.get("own"):
        if early or part or lead in ("by", "until", "till") or date.startswith("the "):
            return None
        return f"{lead} the {date}".strip()
    if lead in ("", "on", "in"):
        lead = preposition
    if part:
        date, lead = f"the {part} of {date}", "on" if lead == "on" else lead
    if early:
        return f"{early} {lead} {date}" if lead in ("on", "in") else None
    return f"{lead} {date}"
