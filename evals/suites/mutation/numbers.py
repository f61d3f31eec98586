"""Faults in numbers: another number, exchanged numbers, another unit, another date."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from evals.suites.mutation.target import Target
from evals.suites.mutation.words import Span
from summarizer.domain.claims import Claim
from summarizer.rendering.phrases import MONTHS

SMALL = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTH = "|".join(MONTHS)

_NUMBER = re.compile(
    r"(?<![\w.,:/-])(?P<sign>[$€£])?(?P<value>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\w/:]|[.,]\d)"
    rf"|\b(?P<word>{'|'.join(SMALL)})\b(?!-)",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"(?:\b(?:{_MONTH}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?\s*$)"
    r"|(?:section|count|page|chapter|article|no\.|number|rule|title|phase|level|tier)\s*$",
    re.IGNORECASE,
)
_DATE_BEHIND = re.compile(
    rf"(?:st|nd|rd|th)?(?:\s?(?:and|to|or|[-–])\s?\d{{1,2}})?\s{{1,5}}(?:of\s+)?(?:{_MONTH})\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"[\s$€£%]{0,5}(?:\w{1,40}\s{1,5}){0,2}(?:and|to|or|of|[-–])[\s$€£]*")
_NAME_AHEAD = re.compile(
    r"(?:^|\W)(?!In |On |By |At |All |About |The |Of |After |Some |For )"
    r"[A-Z][\w’']{0,40}\s$"
)
_MORE = re.compile(r"\b(?:more than|over|at least|above|exceed\w*|beyond|upwards? of)\s*$", re.I)
_LESS = re.compile(
    r"\b(?:less than|fewer than|under|below|up to|at most|as many as|nearly"
    r"|almost|within)\s*$",
    re.I,
)
_ABOUT = re.compile(r"\b(?:about|around|roughly|some|approximately|close to|estimated)\s*$", re.I)


@dataclass(frozen=True)
class Number:
    """A number in a text: ``6.4``, ``21,000``, ``two``."""

    text: str
    value: float
    start: int
    end: int


def numbers(text: str) -> list[Number]:
    """Numbers that count or measure, without dates, names (``Model 3``) and list marks."""
    return [n for m in _NUMBER.finditer(text) if (n := _number(text, m))]


def _number(text: str, match: re.Match[str]) -> Number | None:
    ahead, behind = text[: match.start()], text[match.end() :]
    if match["word"]:
        value = SMALL.index(match["word"].casefold()) + 2.0
        return Number(match["word"], value, *match.span("word"))
    digits = match["value"]
    if (
        _DATED.search(ahead)
        or _DATE_BEHIND.match(behind)
        or (digits.isdigit() and not match["sign"] and _NAME_AHEAD.search(ahead))
    ):
        return None
    if not match["sign"] and re.fullmatch(r"(?:19|20)\d\d", digits):
        return None
    return Number(digits, float(digits.replace(",", "")), *match.span("value"))


def wrong_number(target: Target, rng: Random) -> Claim | None:
    """Replace a number with another one.

    Guards: the new number is nowhere in the pack; after "more than" it is greater, after "up to"
    smaller, and after "about" it differs by a third or more, because a nearer one would still be
    true; numbers in dates, names and quotations are not changed.
    """
    places = [n for n in numbers(target.text) if not target.is_quoted(n.start)]
    rng.shuffle(places)
    for place in places:
        there = {n.value for n in numbers(target.everything)}
        for words in other_numbers(place, target.text[: place.start], rng):
            value = _value(words)
            if value != place.value and value not in there and words not in target.everything:
                return target.replaced((place.start, place.end), words)
    return None


def _value(words: str) -> float:
    low = words.casefold()
    return SMALL.index(low) + 2.0 if low in SMALL else float(words.replace(",", ""))


def is_bounded(ahead: str) -> bool:
    """Whether the words before a number bound or round it."""
    ahead = ahead.rstrip("$€£ ")
    return any(pattern.search(ahead) for pattern in (_MORE, _LESS, _ABOUT))


def other_numbers(place: Number, ahead: str, rng: Random) -> Iterator[str]:
    """Numbers of the same form in random order that are false despite bounds before them."""
    ahead = ahead.rstrip("$€£ ")
    if place.text.casefold() in SMALL:
        for word in rng.sample(SMALL, len(SMALL)):
            yield word.capitalize() if place.text[0].isupper() else word
        return
    low, high = 0.2, 5.0
    if _MORE.search(ahead):
        low = 1.3
    elif _LESS.search(ahead):
        high = 0.7
    apart = 0.3 if _ABOUT.search(ahead) else 0.0
    for words in _digits_changed(place.text, rng):
        factor = _value(words) / place.value if place.value else 1.0
        if low <= factor <= high and abs(factor - 1) > apart:
            yield words


def _digits_changed(text: str, rng: Random) -> Iterator[str]:
    """Numbers with two adjacent digits exchanged or one of the first two digits changed."""
    digits = [i for i, c in enumerate(text) if c.isdigit()]
    ways = []
    for a, b in itertools.pairwise(digits):
        if text[a] != text[b] and not (a == digits[0] and text[b] == "0"):
            changed = list(text)
            changed[a], changed[b] = text[b], text[a]
            ways.append("".join(changed))
    for place in digits[:2]:
        ways += [text[:place] + d + text[place + 1 :] for d in "123456789" if d != text[place]]
    yield from rng.sample(ways, len(ways))


def numbers_exchanged(target: Target, rng: Random) -> Claim | None:
    """Exchange two numbers of the claim.

    Guards: not the ends of a range ("between 6 million and 8 million", "11 to 4") or the parts of
    a measure ("6 hours and 46 minutes"); not equal numbers; no passage that contains the words of
    the claim has both orders.
    """
    found = [n for n in numbers(target.text) if not target.is_quoted(n.start)]
    pairs = [
        (a, b)
        for a, b in itertools.pairwise(found)
        if a.value != b.value and not _RANGE.fullmatch(target.text[a.end : b.start])
    ]
    rng.shuffle(pairs)
    for a, b in pairs:
        if not _in_order(b.text, a.text, target):
            first, last = _cased(b.text, a.text), _cased(a.text, b.text)
            middle = target.text[a.end : b.start]
            return target.replaced((a.start, b.end), first + middle + last)
    return None


def _cased(words: str, like: str) -> str:
    return words.capitalize() if like[0].isupper() else words.lower()


def _in_order(first: str, last: str, target: Target) -> bool:
    pattern = re.compile(rf"(?<!\w){re.escape(first)}(?!\w).*(?<!\w){re.escape(last)}(?!\w)", re.I)
    return any(pattern.search(p.text) for p in target.alike(0.6))


_UNITS = {
    "million": "billion", "billion": "million", "thousand": "million", "trillion": "billion",
    "minutes": "hours", "hours": "days", "days": "weeks", "weeks": "months", "months": "years",
    "years": "months", "seconds": "minutes", "miles": "kilometres", "kilometres": "miles",
    "kilometers": "miles", "pounds": "tons", "tons": "pounds", "tonnes": "kilograms",
    "dollars": "euros", "euros": "dollars", "feet": "metres", "percent": "percentage points",
    "per cent": "percentage points", "%": " percentage points",
}  # fmt: skip
_SIGNS = {"$": "€", "€": "$", "£": "$"}
_UNIT = re.compile(
    rf"(?<=[\d])(?P<gap>\s?)(?P<unit>%|(?:{'|'.join(u for u in _UNITS if u != '%')})\b)"
    rf"|\b(?:{'|'.join(SMALL)})(?P<gap2>\s)(?P<unit2>{'|'.join(u for u in _UNITS if u != '%')})\b"
)
_SIGN = re.compile(r"[$€£](?=\d)")


def wrong_unit(target: Target, rng: Random) -> Claim | None:
    """Replace the magnitude, unit or currency of a number.

    Guards: the number does not occur with the new unit in the pack; percentage points and units in
    quotations are not changed.
    """
    ways: list[tuple[Span, str, str]] = []
    for match in target.unquoted(_UNIT):
        group = "unit" if match["unit"] else "unit2"
        start, end = match.span(group)
        if target.text[end:].lstrip().startswith("point"):
            continue
        head = re.search(r"(?<![\w.,])[\w.,]+\s?$", target.text[:start])
        ways.append(((start, end), _UNITS[match[group]], head.group() if head else ""))
    for match in target.unquoted(_SIGN):
        tail = re.match(r"[\d.,]{0,30}\d", target.text[match.end() :])
        ways.append((match.span(), _SIGNS[match.group()], tail.group() if tail else ""))
    rng.shuffle(ways)
    for span, unit, number in ways:
        both = (number + unit, unit + number) if unit in "$€" else (number + unit,)
        if not any(words in target.everything for words in both):
            return target.replaced(span, unit)
    return None


_DATE = re.compile(
    rf"\b(?P<weekday>{'|'.join(WEEKDAYS)})\b|\b(?:{_MONTH}) (?P<day>\d{{1,2}})\b"
    rf"|\b(?P<first>\d{{1,2}}) (?:{_MONTH})\b|\b(?P<month>{_MONTH})\b"
    rf"|\b(?:[Ii]n|[Ss]ince|[Bb]y|of|from|until|through|during|(?:{_MONTH})|\d,) "
    r"(?P<year>(?:19|20)\d\d)\b(?![-–%])"
)


def wrong_date(target: Target, rng: Random) -> Claim | None:
    """Replace a weekday, day of the month, month or year.

    Guards: no passage that is cited or contains half of the claim has the new one; it is not the
    weekday, day, month or year of publication of a cited item; "May" and "March" count as months
    only next to a date or preposition of time.
    """
    places = target.unquoted(_DATE)
    rng.shuffle(places)
    for match in places:
        kind = next(k for k in ("weekday", "day", "first", "month", "year") if match[k])
        if kind == "month" and match[kind] in ("May", "March") and not _is_month(target, match):
            continue
        for words in _other_dates(kind, match[kind], rng):
            if not _dated(kind, words, target):
                return target.replaced(match.span(kind), words)
    return None


def _is_month(target: Target, match: re.Match[str]) -> bool:
    ahead, behind = target.text[: match.start()], target.text[match.end() :]
    return bool(re.search(r"(?:\b(?:in|by|since|until|of|last|early|late)|\d) $", ahead)) or bool(
        re.match(r" \d", behind)
    )


def _other_dates(kind: str, old: str, rng: Random) -> list[str]:
    if kind == "weekday":
        found = WEEKDAYS
    elif kind == "month":
        found = list(MONTHS)
    elif kind in ("day", "first"):
        found = [str(day) for day in range(1, 29) if abs(day - int(old)) >= 2]
    else:
        found = [str(int(old) + step) for step in (-7, -5, -4, -3, -2, 2, 3, 4)]
    return rng.sample([f for f in found if f != old], len([f for f in found if f != old]))


def _dated(kind: str, words: str, target: Target) -> bool:
    """Whether a cited item was published then, or a cited or similar passage has the date."""
    for item in target.items:
        day = item.published_at
        if day is not None and words in (f"{day:%A}", str(day.day), f"{day:%B}", str(day.year)):
            return True
    pattern = re.compile(rf"(?<![\d.,]){words[:3] if kind == 'month' else words}(?!\d)")
    texts = [p.text for p in (*target.cited, *target.alike(0.5))]
    return any(pattern.search(text) for text in texts)
