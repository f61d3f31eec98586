"""Public shapes of holds on incidents."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field

from api.schemas.incidents import Public
from summarizer.domain import limits
from summarizer.domain.holds import Hold, HoldKind

Why = Annotated[str, Field(min_length=1, max_length=limits.REASON)]


class HoldView(Public):
    """A hold in force on an incident."""

    incident: str = Field(
        examples=["INC-000042"],
        description="The incident that it was put on, which may be merged into the one asked for.",
    )
    kind: HoldKind
    reason: str = Field(description="Of the editor, for the newsroom.")
    by: str
    at: dt.datetime
    until: dt.datetime | None = Field(description="End of an embargo; null for other kinds.")

    @classmethod
    def of(cls, hold: Hold) -> HoldView:
        """The public shape of a hold."""
        return cls(incident=hold.incident_id, **hold.model_dump(exclude={"incident_id"}))


class HoldList(Public):
    """Holds in force on an incident."""

    holds: list[HoldView] = Field(description="Also of incidents merged into it.")


class HoldRequest(Public):
    """A hold to put on an incident."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"reason": "Agreed with the ministry.", "until": "2026-12-03T06:00:00Z"},
                {"reason": "The lawyers read it first."},
            ]
        },
    )

    reason: Why
    until: AwareDatetime | None = Field(
        default=None, description="End of an embargo, in the future; no other kind has one."
    )


class LiftRequest(Public):
    """Why a hold is lifted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Why = Field(examples=["The lawyers agree."])
