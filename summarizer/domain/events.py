"""Events of the history: their kinds and fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import Field

from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model

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
    RETRACTED = "retracted"
    CONTRADICTED = "contradicted"
    FORECAST_DUE = "forecast_due"
    FORECAST_RESOLVED = "forecast_resolved"


class Event(Model):
    """One event of the history.

    Args:
        number: from 1, ascending; gaps are possible.
        incident_id: ``None`` when it concerns all incidents.
        actor: name of the editor or program.
        revision: revision of the draft that the event made or is about.
        detail: further fields by name; plain JSON values, never source text.
    """

    number: int = 0
    at: dt.datetime
    kind: EventKind
    incident_id: IncidentId | None
    actor: str
    revision: int | None = None
    detail: Mapping[str, Any] = Field(default_factory=dict)
