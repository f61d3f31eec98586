"""Forecasts that can be wrong: what was said to come, whether its day has come, what came of it.

A forecast is kept when the prediction first stands on a page, with the probability that it had
then, and stays whatever becomes of the sentence: one that left the page is judged like any other.
Only an editor resolves it; what the sources seem to say is proposed with the passages beside it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

from summarizer.domain.claims import Kind
from summarizer.domain.drafts import Draft
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import PassageId
from summarizer.domain.model import Model


class Outcome(StrEnum):
    """What became of a forecast."""

    CAME_TRUE = "came_true"
    DID_NOT = "did_not"
    VOID = "void"  # it can no longer be judged, and counts for nothing


class Proposal(Model):
    """What later sources seem to say of a forecast; no answer until an editor gives one."""

    outcome: Outcome
    passages: tuple[PassageId, ...]


class Resolution(Model):
    """An editor's answer.

    Args:
        passages: what spoke for it, as the editor saw it.
    """

    outcome: Outcome
    by: str
    at: dt.datetime
    note: str | None = None
    passages: tuple[PassageId, ...] = ()


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
        proposal: what sources that came later seem to say of it.
    """

    number: int
    proposal: Proposal | None = None
    resolution: Resolution | None = None

    def status(self, today: dt.date) -> Status:
        """``due`` when its day has come or a source seems to settle it before."""
        if self.resolution is not None:
            return "resolved"
        return "due" if self.proposal is not None or self.due <= today else "open"


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
