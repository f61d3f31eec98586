"""Events of the history: their kinds and fields, and places in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import Field

from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model
from summarizer.errors import InputError

SYSTEM_ACTOR = "summarizer"
"""Actor of events that no editor and no program asked for."""


class EventKind(StrEnum):
    """Kind of event in the history of one incident, or of all."""

    OPENED = "opened"
    ITEMS_ADDED = "items_added"
    REOPENED = "reopened"
    DRAFTED = "drafted"
    DRAFT_FAILED = "draft_failed"
    NEEDS_ATTENTION = "needs_attention"
    ATTENTION_OVER = "attention_over"
    EDITED = "edited"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SPLIT = "split"
    SET_ASIDE = "set_aside"
    RELEASED = "released"
    BUDGET_EXHAUSTED = "budget_exhausted"
    PAUSED = "paused"
    RESUMED = "resumed"
    MOVED = "moved"
    ALSO_SHOWN = "also_shown"
    SHOWN_NO_LONGER = "shown_no_longer"
    RETRACTED = "retracted"
    CONTRADICTED = "contradicted"
    FORECAST_DUE = "forecast_due"
    FORECAST_RESOLVED = "forecast_resolved"
    DELETED = "deleted"
    RESPONSE_ASKED = "response_asked"
    REPORTED = "reported"
    REPORT_ANSWERED = "report_answered"
    HELD = "held"
    HOLD_LIFTED = "hold_lifted"


class Event(Model):
    """One event of the history.

    Args:
        number: from 1, ascending; gaps are possible.
        incident_id: ``None`` when it concerns all incidents.
        actor: name of the editor or program.
        revision: revision of the draft that the event made or is about.
        detail: further fields by name, as stored; ``event_details.read`` types them.
        epoch: life of the log in which it was recorded.
    """

    number: int = 0
    epoch: str = ""
    at: dt.datetime
    kind: EventKind
    incident_id: IncidentId | None
    actor: str
    revision: int | None = None
    detail: Mapping[str, Any] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """Id of the event, which no other event of this or of a restored log has."""
        return str(Cursor(self.epoch, self.number))


CURSOR = r"(?:[0-9a-f]{12}\.)?[0-9]{1,18}"
"""Pattern of a cursor."""


class Cursor(NamedTuple):
    """A place in the history: after the event with a number.

    Args:
        epoch: life of the log that the reader has seen; ``None`` if it does not say.
    """

    epoch: str | None
    number: int

    def __str__(self) -> str:
        return str(self.number) if self.epoch is None else f"{self.epoch}.{self.number}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Read the form in which programs keep it.

        Raises:
            InputError: it is no cursor.
        """
        if not re.fullmatch(CURSOR, text):
            raise InputError(
                f"{text!r} is no place in the log: send the 'next' of an answer, or the number of "
                "an event.",
                field="after",
            )
        epoch, _, number = text.rpartition(".")
        return cls(epoch or None, int(number))
