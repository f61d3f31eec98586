"""Forecasts: a prediction, its probability, the day by which it is judged, and the outcome.

A forecast is kept when the prediction first stands on a page, with the probability of that moment.
It stays if the sentence leaves the page later.  Only an editor resolves it.
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
    """What became of a forecast."""

    CAME_TRUE = "came_true"
    DID_NOT = "did_not"
    VOID = "void"  # it can no longer be judged, and counts for nothing


class Resolution(Model):
    """An editor's answer."""

    outcome: Outcome
    by: str
    at: dt.datetime
    note: str | None = None


class NewForecast(Model):
    """A forecast as it first stood on a page.

    Args:
        probability: 0–1.
        due: the day by which it is judged.
        revision: of the draft that brought it.
    """

    incident_id: IncidentId
    section: str
    text: str
    probability: float
    due: dt.date
    criterion: str
    revision: int
    made_at: dt.datetime


class Forecast(NewForecast):
    """A forecast that is kept.

    Args:
        number: permanent, from 1.
        resolution: the last answer; ``None`` before the first.
    """

    number: int
    resolution: Resolution | None = None

    def status(self, today: dt.date) -> Status:
        """``resolved`` once answered; before that ``due`` from its day on, in UTC."""
        if self.resolution is not None:
            return "resolved"
        return "due" if self.due <= today else "open"


Status = Literal["open", "due", "resolved"]


def foreseen(draft: Draft) -> tuple[NewForecast, ...]:
    """The shown predictions of a draft that can be judged: with probability, day and criterion."""
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
        and shown.claim.probability is not None
        and shown.claim.date is not None
        and shown.claim.criterion is not None
    )
