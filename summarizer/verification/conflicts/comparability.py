"""Tests whether the figures of two sentences are comparable.

Figures for men and women, for a year and a week, for one country and worldwide, or for different
subsets do not conflict.
"""

from __future__ import annotations

import re

from summarizer.text import dates
from summarizer.text.quantities import Quantity, quantities
from summarizer.text.tokens import STOPWORDS, listed, stem, tokens

_SLICES: tuple[tuple[str, ...], ...] = tuple(
    tuple(words.split("|"))
    for words in (
        "first|second|third|fourth|fifth|last|final|next|return",
        "men|women|children|adults|boys|girls|pupils|teachers",
        "killed dead died deaths|injured hurt wounded injuries|missing|arrested detained"
        "|rescued|evacuated",
        "seized kidnapped abducted|held|freed released",
        "cut lost|restored reconnected",
        "daily|weekly|monthly|quarterly|annual yearly",
        "day|week|month|quarter|year",
        "more another additional further extra new|total overall altogether",
        "morning|afternoon|evening|night|noon|midnight",
        "north northern|south southern|east eastern|west western",
        "revenue sales|profit|loss|costs|debt",
        "hospital hospitals|scene|home",
        "critical critically serious seriously|slight slightly minor",
    )
)
"""Axes of division, each with its parts and their words."""

_SLICE = {
    stem(word): (axis, side)
    for axis, sides in enumerate(_SLICES)
    for side, group in enumerate(sides)
    for word in group.split()
}
"""Axis and part by stem."""

ADDED = frozenset(map(stem, listed("more another additional further extra")))
"""Stems of words for an addition to a count."""

_RANK = 0
"""The axis of ranks, which separates two sentences even if only one has a rank ("the suit", "the
second suit")."""

_PERIOD = re.compile(
    r"\b(?:(?P<year>(?:19|20)\d\d)|(?P<which>last|this|next|previous|past|prior)\s+"
    r"(?P<unit>year|month|week|quarter|season|spring|summer|autumn|winter))\b",
    re.IGNORECASE,
)

_SCOPE = re.compile(
    r"\b(?:worldwide|globally|around the world|nationwide|statewide|(?:in|across) the country"
    r"|a (?:day|week|month|year)|each (?:day|week|month|year)|annually"
    r"|per (?:day|week|month|year))\b",
    re.IGNORECASE,
)
"""The scope of a count, in space or time."""

_SHARE = re.compile(r"(?:\s{0,5}(?:percent|per cent))?\s{1,5}of\s+", re.IGNORECASE)
_SHARE_WORDS = 5
"""Content words after "of" that are compared."""

_SHARE_ALIKE = 0.85
"""Part of those words that two shares must have in common to be comparable; "two of the judges
dissented" and "three of the judges agreed" are not."""


def sliced(here: frozenset[str], there: frozenset[str]) -> bool:
    """Whether two sets of stems name different parts, such as men and women or day and week."""
    if bool(here & ADDED) != bool(there & ADDED):
        return True
    mine = {_SLICE[w] for w in here if w in _SLICE}
    theirs = {_SLICE[w] for w in there if w in _SLICE}
    if any(a == _RANK for a, _ in mine) != any(a == _RANK for a, _ in theirs):
        return True
    return any(
        {s for a, s in mine if a == axis} != {s for a, s in theirs if a == axis}
        for axis in {a for a, _ in mine} & {a for a, _ in theirs}
    )


def shares_differ(one: str, a: Quantity, other: str, b: Quantity) -> bool:
    """Whether two quantities are shares ("two of the judges") of different things or actions."""
    mine, theirs = (_SHARE.match(t, q.end) for t, q in ((one, a), (other, b)))
    if not (mine and theirs):
        return False
    here, there = (
        frozenset(
            [stem(t.norm) for t in tokens(text[at.end() :]) if t.norm not in STOPWORDS][
                :_SHARE_WORDS
            ]
        )
        for text, at in ((one, mine), (other, theirs))
    )
    return len(here & there) < _SHARE_ALIKE * min(len(here), len(there))


def reaches_differ(one: str, other: str) -> bool:
    """Whether only one sentence has a scope ("worldwide", "a year")."""
    return bool(_SCOPE.search(one)) != bool(_SCOPE.search(other))


def periods_differ(one: str, other: str, years: tuple[int | None, int | None]) -> bool:
    """Whether two sentences are about disjoint years or periods.

    A sentence without a year is about its year of publication; a day and a period are disjoint.
    """
    here, there = _years(one), _years(other)
    if (here or there) and not (here or {str(years[0])}) & (there or {str(years[1])}):
        return True
    mine, theirs = _spans(one), _spans(other)
    if mine and theirs:
        return not mine & theirs
    return bool(mine and _has_day(other)) or bool(theirs and _has_day(one))


def clocks_differ(one: str, other: str) -> bool:
    """Whether both give a time of day and have none in common: a count may rise within a day."""
    here, there = (
        {q.value % 720 for q in quantities(text) if q.kind in ("clock", "dial")}
        for text in (one, other)
    )
    return bool(here and there and not here & there)


def _years(text: str) -> set[str]:
    return {m["year"] for m in _PERIOD.finditer(text) if m["year"]}


def _spans(text: str) -> set[str]:
    return {f"{m['which']} {m['unit']}".casefold() for m in _PERIOD.finditer(text) if m["unit"]}


def _has_day(text: str) -> bool:
    return any(w.day or w.weekday is not None for w in dates.mentions(text))
