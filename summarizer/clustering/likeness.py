"""What two items have in common, in words for an editor: ``same day; both name Quince``.

The score of a pair comes from ``pair_model``; this only says what one can see for oneself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from summarizer.clustering import features
from summarizer.domain.items import SourceItem
from summarizer.text import names

MOST_NAMES, MOST_NUMBERS, MOST_WORDS = 3, 2, 3
"""What is named of each kind, at most."""

LEAST_DIGITS = 2
"""Digits of a number that two texts hardly share by chance."""


def in_common(one: SourceItem, other: SourceItem) -> tuple[str, ...]:
    """What both items have in common, the plainest first; empty if there is nothing to name."""
    if one.origin == other.origin:
        return ("copies of one text",)
    mine, theirs = _read(one), _read(other)
    named = _names(one, other)
    known = {word for name in named for word in features.content_words(name)}
    numbers = _shared(mine.fields["numbers"], theirs.fields["numbers"])
    words = _shared(mine.fields["lead"], theirs.fields["lead"])
    found = (
        _days(one.published_at, other.published_at),
        _listed("both name", named[:MOST_NAMES]),
        _listed("both give", [n for n in numbers if len(n) >= LEAST_DIGITS][:MOST_NUMBERS]),
        _listed("both speak of", [w for w in words if w not in known and w.isalpha()][:MOST_WORDS]),
    )
    return tuple(filter(None, found))


def _read(item: SourceItem) -> features.ItemFeatures:
    return features.read(item.title, item.text, item.url, item.published_at)


def _names(one: SourceItem, other: SourceItem) -> list[str]:
    """Names in both texts as the first writes them, the longest form of each, in its order."""
    mine, theirs = (
        {" ".join(name.words): name.text for name in names.names(_body(item)) if name.words}
        for item in (one, other)
    )
    shared = [key for key in mine if key in theirs]
    return [mine[key] for key in shared if not any(key != k and key in k for k in shared)]


def _body(item: SourceItem) -> str:
    return f"{item.title}. {item.text}"[: features.BODY_CHARACTERS]


def _shared(mine: Mapping[str, int], theirs: Mapping[str, int]) -> list[str]:
    """Words in both, those that both use most first."""
    return sorted(mine.keys() & theirs.keys(), key=lambda w: (-min(mine[w], theirs[w]), w))


def _days(one: dt.datetime | None, other: dt.datetime | None) -> str:
    if one is None or other is None:
        return ""
    days = abs((one.date() - other.date()).days)
    return "same day" if days == 0 else f"{days} day{'s' if days > 1 else ''} apart"


def _listed(lead: str, found: Iterable[str]) -> str:
    *most, last = [*found] or [""]
    return f"{lead} {', '.join(most)}{' and ' if most else ''}{last}" if last else ""
