"""Steps: the days ahead that a sentence announces."""

from __future__ import annotations

import datetime as dt
import re

from summarizer.text.called_off import is_called_off, moves_to
from summarizer.text.foreign_days import foreign_step
from summarizer.text.named_days import Found, deadlines_in
from summarizer.text.schedules import announces_day, lies_ahead

_BEFORE_SITTING = re.compile(
    r"\b(?:before|until|ahead of) the (?:[\w-]+ ){0,2}"
    r"(?:hearing|trial|vote|election|referendum|ballot|meeting|session|debate) (?:on|of) $"
)
"""Before the day of something that is fixed, whatever else its sentence says."""


def steps(text: str, published: dt.date | None) -> list[dt.date]:
    """Days from publication on for which a sentence announces something, in order.

    In English by grammar: not what may come, is wished, called off or moved away from its day.

    Args:
        text: one sentence.
        published: reference day; if ``None``, nothing is found.
    """
    found = [
        named.date
        for named in deadlines_in(text, published)
        if moves_to(text, named.start)
        or (_announced(text, named) and not is_called_off(text, named.start))
    ]
    foreign = foreign_step(text, published)
    return [*found, foreign] if foreign else found


def _announced(text: str, named: Found) -> bool:
    """Whether a day is announced.

    "Within ten days" counts from now only behind "will" or "must".  A day without a year in a
    clause of the past may be one of the past.
    """
    words = text[named.start : named.end]
    if _BEFORE_SITTING.search(text[: named.start]):
        return True
    if words[: len("within")].casefold() == "within":
        return lies_ahead(text, named.start)
    return announces_day(text, named.start, past=str(named.date.year) in words)
