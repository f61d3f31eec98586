"""Requests of editors to those whom a page accuses for a response."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from summarizer.domain.events import Event, EventKind
from summarizer.domain.model import Model

ANSWER_IN = dt.timedelta(hours=24)
"""Time to answer, if the editor gives no other."""

_HOUR = dt.timedelta(hours=1)


class Asked(Model):
    """The newest request to somebody.

    Args:
        of: who was asked, by the name on the page.
        at: when.
        until: by when an answer was asked for.
    """

    of: str
    at: dt.datetime
    until: dt.datetime

    @property
    def words(self) -> str:
        """What the page says of it."""
        return f"{self.of} was asked for a response on {_day(self.at)}."

    @property
    def due_words(self) -> str:
        """``December 2, 2026, 15:00 UTC``."""
        return f"{_day(self.until)}, {self.until.astimezone(dt.UTC):%H:%M} UTC"


Requests = Mapping[str, Asked]
"""Requests by the name of who was asked."""


def deadline(now: dt.datetime, within: dt.timedelta = ANSWER_IN) -> dt.datetime:
    """When an answer is due that is asked for now: counted from the next full hour."""
    return now.replace(minute=0, second=0, microsecond=0) + _HOUR + within


def _day(at: dt.datetime) -> str:
    day = at.astimezone(dt.UTC)
    return f"{day:%B} {day.day}, {day.year}"


def requests(log: Iterable[Event]) -> dict[str, Asked]:
    """Who was asked for a response.

    Args:
        log: events of an incident, oldest first; only ``response_asked`` is read.
    """
    found = {}
    for event in log:
        if event.kind is EventKind.RESPONSE_ASKED:
            of, until = event.detail["of"], event.detail.get("until")
            due = dt.datetime.fromisoformat(until) if until else deadline(event.at)
            found[of] = Asked(of=of, at=event.at, until=due)
    return found
