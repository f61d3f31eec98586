"""Public shapes of forecasts and their calibration."""

from __future__ import annotations

import datetime as dt

from pydantic import ConfigDict, Field

from api.schemas.incidents import Public
from summarizer.domain import limits
from summarizer.domain.forecasts import Outcome, Status
from summarizer.monitoring import calibration
from summarizer.review.forecasts import Foretold


class ForecastView(Public):
    """A prediction as first published, with its resolution."""

    number: int
    incident: str = Field(examples=["INC-000042"])
    text: str
    probability: float | None = Field(
        description="0–1, as first published; null for a step that a source announced for its day."
    )
    due: dt.date = Field(description="Day by which it is judged.")
    criterion: str
    revision: int = Field(description="Revision of the draft that introduced it.")
    made_at: dt.datetime
    status: Status = Field(description="`due`: its day has come (UTC) without a resolution.")
    outcome: Outcome | None = Field(description="An editor's resolution.")
    resolved_by: str | None
    resolved_at: dt.datetime | None
    note: str | None

    @classmethod
    def of(cls, told: Foretold) -> ForecastView:
        """The public shape of a forecast."""
        forecast = told.forecast
        answer = forecast.resolution
        return cls(
            number=forecast.number,
            incident=forecast.incident_id,
            **forecast.model_dump(include={"text", "probability", "due", "criterion"}),
            **forecast.model_dump(include={"revision", "made_at"}),
            status=told.status,
            outcome=answer.outcome if answer else None,
            resolved_by=answer.by if answer else None,
            resolved_at=answer.at if answer else None,
            note=answer.note if answer else None,
        )


class BinView(Public):
    """Resolved forecasts in one range of probability."""

    low: float
    high: float
    n: int
    foretold: float = Field(description="Mean probability.")
    came: float = Field(description="Share that came true.")
    interval: tuple[float, float] = Field(description="95% interval of that share (Wilson).")


class CalibrationView(Public):
    """Calibration of the resolved forecasts of all incidents, without void ones."""

    n: int
    brier: float | None = Field(description="Brier score, 0–1, lower is better; null without any.")
    base_rate: float | None = Field(description="Share that came true.")
    brier_of_base_rate: float | None = Field(
        description="Brier score of the base rate as the forecast of every event."
    )
    bins: list[BinView]

    @classmethod
    def of(cls, found: calibration.Calibration) -> CalibrationView:
        """The public shape of a calibration."""
        return cls(**found.model_dump())


class ForecastList(Public):
    """One page of forecasts, oldest first, with the calibration of all resolved ones."""

    forecasts: list[ForecastView]
    next: str | None = Field(description="`cursor` of the next page; null at the end.")
    calibration: CalibrationView


class ResolutionRequest(Public):
    """An editor's resolution of a forecast."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"outcome": "came_true", "note": "Minutes of June 16."}]},
    )

    outcome: Outcome = Field(description="`void` if it can no longer be judged.")
    note: str | None = Field(default=None, max_length=limits.NOTE)
