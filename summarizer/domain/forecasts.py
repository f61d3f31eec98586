"""Forecasts: a prediction, its probability, the day on which it is judged, and the outcome.

A forecast is stored when the prediction first appears on a page, with its probability at that
time if it has one, and stays when the sentence leaves the page.  Only an editor resolves it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

from summarizer.domain.claims import Kind
from summarizer.domain.drafts import Draft
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model


class Outcome(StrEnum):
    """Outcome of a forecast."""

    CAME_TRUE = "came_true"
    DID_NOT = "did_not"
    VOID = "void"  # it can no longer be judged, and is left out of calibration


class Resolution(Model):
    """An editor's decision on the outcome of a forecast."""

    outcome: Outcome
    by: str
    at: dt.datetime
    note: str | None = None


class NewForecast(Model):
    """A forecast as it first appeared on a page.

    Args:
        probability: 0–1; ``None`` for a scheduled step, which no calibration scores.
        due: day on which it is judged.
        revision: revision of its draft.
    """

    incident_id: IncidentId
    section: str
    text: str
    probability: float | None
    due: dt.date
    criterion: str
    revision: int
    made_at: dt.datetime


class Forecast(NewForecast):
    """A stored forecast.

    Args:
        number: permanent, from 1.
        resolution: the latest resolution; ``None`` before the first.
    """

    number: int
    resolution: Resolution | None = None

    def status(self, today: dt.date) -> Status:
        """``resolved`` with a resolution, else ``due`` from its day on (UTC), else ``open``."""
        if self.resolution is not None:
            return "resolved"
        return "due" if self.due <= today else "open"


Status = Literal["open", "due", "resolved"]


def foreseen(draft: Draft) -> tuple[NewForecast, ...]:
    """Shown predictions of a draft that have a day and a criterion."""
    return tuple(
        NewForecast(
            incident_id=draft.incident_id,
            section=section.key,
            text=shown.claim.text,
            probability=shown.claim.probability,
            due=shown.claim.date,
            criterion=shown.claim.criterion,
            revision=draft.revision,
            made_at=draft.created_at,
        )
        for section in draft.sections
        for shown in section.shown
        if shown.claim.kind is Kind.PREDICTION
        and shown.claim.date is not None
        and shown.claim.criterion is not None
    )
