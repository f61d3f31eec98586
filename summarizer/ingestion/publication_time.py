"""Times of publication as sources write them, read only where one reading is possible.

``dateparser`` reads the free forms, such as ``Mon, 5 July 2021 5:28 PM EST``.  It is asked for
absolute times with year, month and day, so that no part is filled in from today.
"""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
"""Earliest time of publication that is believed.  Earlier ones in feeds are default values (1970,
1900, year 1): the web is younger."""

_LATEST = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
"""Bound of numbers: a later reading of one is taken for no reading."""

_LONGEST = 80
"""Most characters of a written time; the longest of JavaScript's ``Date`` has 66."""

_MOST_WORDS, _MOST_NUMBERS = 12, 9
_FOREIGN = re.compile(r"[^\w\s.,:/+()'’–-]")
_NUMBERS = re.compile(r"\d+")
"""What no written date has is not handed to ``dateparser``, which takes long to refuse it."""

_LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl"]
_NUMBER = re.compile(r"\d{1,17}(?:\.\d{1,9})?")
_A_SECOND = (1, 1e3, 1e6)
"""Seconds, milliseconds and microseconds; no number falls between the bounds in two of them."""

_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}

_RFC_822 = re.compile(
    r"(?:[a-z]{3}, ?)?\d{1,2} [a-z]{3} \d{4} \d\d:\d\d(?::\d\d)? (?:UT|UTC|GMT|Z|[+-]\d{4})", re.I
)
"""The usual form in feeds, which the standard library reads a hundred times faster."""

_YEAR_FIRST = re.compile(r"\d{4}\D")
_NO_MONTH = re.compile(r"\d{4}[./ -](?:1[3-9]|[2-9]\d)\b")
_ORDERED = re.compile(r"(?<!\d)\d{1,2}[./ -]\d{1,2}[./ -](?:\d{4}|(\d{2}))(?!\d)")
_COMMENT = re.compile(r"\([^()]*\)$")

_AMBIGUOUS_ZONE = re.compile(r"\b(?:IST|AST|SST|GST|AMT|BDT|ECT|WST)\b")
"""Abbreviations of several zones: IST is India, Ireland and Israel.  Those of the United States
keep the meaning that RFC 822 gives them; BST is British."""

_OF_BOTH_SEASONS = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
"""Abbreviations that mean standard time in winter and daylight time in summer."""
_EITHER = re.compile(rf"\b(?:{'|'.join(_OF_BOTH_SEASONS)})\b")


def parse_time(value: object) -> dt.datetime:
    """Parse an aware UTC time from a number or a text that has only one reading.

    Numbers are Unix seconds, milliseconds or microseconds, or digits such as ``20210705``.  A time
    without a zone is UTC; a date without a time is midnight.  A day or year is never guessed.

    Raises:
        ValueError: the value is no date, can be read in two ways, or lies before 1990; the message
            says which.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a date is a text or a number")
    text = str(value).strip()
    found = _of_number(text) if _NUMBER.fullmatch(text) else _of_text(text)
    if found is None:
        raise ValueError(
            f"{_shown(text)} is not a date with one reading: write it like 2026-05-01T12:00:00Z"
        )
    if found < EARLIEST:
        raise ValueError(f"{_shown(text)} lies before 1990, which no time of publication here does")
    return found


def _of_number(text: str) -> dt.datetime | None:
    if form := _COMPACT.get(len(text)):
        try:
            found = dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC)
        except ValueError:
            pass
        else:
            if EARLIEST <= found < _LATEST:
                return found
    for units in _A_SECOND:
        seconds = float(text) / units
        if EARLIEST.timestamp() <= seconds < _LATEST.timestamp():
            return dt.datetime.fromtimestamp(seconds, dt.UTC)
    return None


def _of_text(text: str) -> dt.datetime | None:
    try:
        return _utc(dt.datetime.fromisoformat(_as_iso(text)))
    except (ValueError, OverflowError):
        pass
    try:
        if _RFC_822.fullmatch(text):
            return _utc(parsedate_to_datetime(text))
        return _of_words(_COMMENT.sub("", text).rstrip())
    except (ValueError, OverflowError):
        return None


def _as_iso(text: str) -> str:
    zoned = re.sub(r" ?(UTC|GMT|Z)$", "+00:00", text, flags=re.IGNORECASE)
    return re.sub(r" (?=[+-]\d\d:?\d\d$)", "", zoned)


def _utc(found: dt.datetime) -> dt.datetime:
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


@lru_cache(maxsize=10_000)
def _of_words(text: str) -> dt.datetime | None:
    """The one reading of a date in words or in another order; ``None`` when orders differ."""
    if len(text) > _LONGEST or _FOREIGN.search(text) or len(text.split()) > _MOST_WORDS:
        return None
    if not 2 <= len(_NUMBERS.findall(text)) <= _MOST_NUMBERS:
        return None
    if _AMBIGUOUS_ZONE.search(text) or _NO_MONTH.match(text):
        return None
    if _YEAR_FIRST.match(text):
        orders = ["YMD"]
    elif numeric := _ORDERED.search(text):
        orders = ["DMY", "MDY", *["YMD"] * (numeric[1] is not None)]
    else:
        orders = ["DMY"]
    either = _EITHER.search(text)
    zone = _OF_BOTH_SEASONS[either[0]] if either else "UTC"
    bare = _EITHER.sub("", text).strip()
    readings = {_parser(order, zone).get_date_data(bare).date_obj for order in orders}
    readings.discard(None)
    return _utc(readings.pop()) if len(readings) == 1 else None


@cache
def _parser(order: str, zone: str) -> DateDataParser:
    from dateparser.date import DateDataParser  # 0.15 s, only for rows that need it

    settings: dict[str, Any] = {
        "DATE_ORDER": order,
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "STRICT_PARSING": True,
        "TIMEZONE": zone,
        "TO_TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
    }
    return DateDataParser(languages=_LANGUAGES, settings=settings, use_given_order=True)


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 60 else line[:59] + "…")
