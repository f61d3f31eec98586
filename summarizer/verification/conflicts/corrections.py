"""Corrections: values that a sentence replaces by others ("3.1 seconds, not 1.8").

A value counts with its unit; a duration in several units ("2 hours and 5 minutes") is one value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from summarizer.text.cache import cached_by_text
from summarizer.text.quantities import quantities
from summarizer.text.sentences import Span
from summarizer.verification.conflicts.values import is_superseded

LASTING = re.compile(
    r"\b\d+ (?:years?|months?|weeks?|days?|hours?|minutes?)\b"
    r"(?:,? (?:and )?\d+ (?:months?|weeks?|days?|hours?|minutes?|seconds?)\b)+"
)
"""A duration in several units."""

_FROM = re.compile(r"\bfrom (?:about |some |the |an? )?$", re.IGNORECASE)
_TO = re.compile(r"(?:[\s-]?[a-z%]{1,12})?\s{1,3}to (?:about |some |the |an? )?")
_RANGE = re.compile(
    r"\b(?:rang\w{1,3}|between|vary|varies|aged|open|daily|weekdays)\b", re.IGNORECASE
)
"""Words that make "from 4 to 6" a range."""


LEAST_DIGITS = 2
"""Digits of a value that anchors a correction: of "one" and "5" there are many in a story."""


class Value(NamedTuple):
    """A value in a text.

    Args:
        kind: of the number (currency, percent, unit of time …), empty for a bare one.
        amount: digits, or the words of a duration.
    """

    span: Span
    kind: str
    amount: str

    @property
    def digits(self) -> int:
        """Number of digits, which tells how rare a value is; two at least to be looked for."""
        return sum(map(str.isdigit, self.amount))


class Correction(NamedTuple):
    """A value and the one that takes its place."""

    old: Value
    new: Value


@cached_by_text
def values_in(text: str) -> tuple[Value, ...]:
    """The numbers and durations of a text, in order."""
    lasting = [m.span() for m in LASTING.finditer(text)]
    found = [Value(Span(a, b), "lasting", _plain(text[a:b])) for a, b in lasting]
    found += [
        Value(Span(q.start, q.end), q.kind, f"{q.value:g}")
        for q in quantities(text)
        if not any(a <= q.start < b for a, b in lasting)
    ]
    return tuple(sorted(found))


def durations(text: str) -> list[Value]:
    """The durations in several units that a text gives without correcting them."""
    old = {correction.old for correction in corrections(text)}
    return [v for v in values_in(text) if v.kind == "lasting" and v not in old]


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\d+|[a-z]+?(?=s?\b)", words.casefold().replace(" and", "")))


def restates(text: str, taken: Correction) -> Value | None:
    """The value that another sentence corrects, where a text states it without correcting it too;
    ``None`` for one that many facts share."""
    if taken.old.digits < LEAST_DIGITS:
        return None
    old = {correction.old for correction in corrections(text)}
    return next((v for v in values_in(text) if v not in old and same(v, taken.old)), None)


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal; a bare number may have lost its unit."""
    return one.amount == other.amount and (one.kind == other.kind or "" in (one.kind, other.kind))


@cached_by_text
def corrections(text: str) -> tuple[Correction, ...]:
    """The values that a sentence takes back, each with the one that it gives instead."""
    return tuple(_corrections(text))


def _corrections(text: str) -> Iterator[Correction]:
    found = values_in(text)
    for n, value in enumerate(found):
        if is_superseded(text, value.span.start):
            rest = [v for v in found if v is not value and _may_replace(text, value, v)]
            if rest:
                yield Correction(value, min(rest, key=lambda v: _distance(v, value)))
        elif n + 1 < len(found) and _is_changed(text, value, found[n + 1]):
            yield Correction(value, found[n + 1])


def _may_replace(text: str, old: Value, new: Value) -> bool:
    kinds = old.kind == new.kind or not old.kind
    return kinds and old.amount != new.amount and not is_superseded(text, new.span.start)


def _distance(one: Value, other: Value) -> int:
    return max(one.span.start - other.span.end, other.span.start - one.span.end)


def _is_changed(text: str, old: Value, new: Value) -> bool:
    """Whether a text says that a value went "from 4 to 6", and not that it lies between them."""
    between = text[old.span.end : new.span.start]
    return bool(
        _FROM.search(text[: old.span.start])
        and _TO.fullmatch(between)
        and old.kind == new.kind
        and old.kind not in ("clock", "dial", "ordinal")
        and not _RANGE.search(text)
    )
