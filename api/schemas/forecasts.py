"""Public shapes of forecasts and of how good they were."""

from __future__ import annotations

import datetime as dt

from pydantic import ConfigDict, Field

from api.schemas.incidents import Public
from summarizer.domain.forecasts import Outcome, Status
from summarizer.monitoring import calibration
from summarizer.review.forecasts import Foretold


class ForecastView(Public):
    """A prediction as it first stood on a page, and what came of it."""

    number: int
    incident: str = Field(examples=["INC-000042"])
    text: str
    probability: float = Field(description="0–1, as it first stood on the page.")
    due: dt.date = Field(description="The day by which it is judged.")
    criterion: str
    revision: int = Field(description="Of the draft that brought it.")
    made_at: dt.datetime
    status: Status = Field(description="`due`: its day has come (UTC) without an answer.")
    outcome: Outcome | None = Field(description="An editor's answer.")
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
    """Resolved forecasts of about one probability."""

    low: float
    high: float
    n: int
    foretold: float = Field(description="Their mean probability.")
    came: float = Field(description="Share that came true.")
    interval: tuple[float, float] = Field(description="95% interval of that share (Wilson).")


class CalibrationView(Public):
    """How good the resolved forecasts of all incidents were; void ones count for nothing."""

    n: int
    brier: float | None = Field(description="Brier score, 0–1, lower is better; null without any.")
    base_rate: float | None = Field(description="Share that came true.")
    brier_of_base_rate: float | None = Field(
        description="What the base rate itself would have scored as every forecast."
    )
    bins: list[BinView]

    @classmethod
    def of(cls, found: calibration.Calibration) -> CalibrationView:
        """The public shape of a calibration."""
        return cls(**found.model_dump())


class ForecastList(Public):
    """One page of forecasts, oldest first, and how good all resolved ones were."""

    forecasts: list[ForecastView]
    next: str | None = Field(description="Send it as `cursor` for the page that follows.")
    calibration: CalibrationView


class ResolutionRequest(Public):
    """What became of a forecast, as an editor sees it."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"outcome": "came_true", "note": "Minutes of June 16."}]},
    )

    outcome: Outcome = Field(description="`void` when it can no longer be judged.")
    note: str | None = Field(default=None, max_length=10_000)
