"""Public shapes of readers' reports."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.incidents import Public
from summarizer.domain import limits
from summarizer.domain.reports import Report, ReportOutcome


class ReportView(Public):
    """A reader's report of an inaccuracy."""

    number: int
    incident: str = Field(examples=["INC-000042"])
    at: dt.datetime
    revision: int = Field(description="The revision that was approved then.")
    text: str = Field(description="The reader's words: untrusted plain text.")
    outcome: ReportOutcome | None = Field(description="Null before an editor answers.")
    answered_by: str | None = Field(description="Name of the key of the editor.")
    answered_at: dt.datetime | None = Field(description="Time of the answer.")
    note: str | None = Field(description="The editor's reason.")

    @classmethod
    def of(cls, report: Report) -> ReportView:
        """The public shape of a report."""
        return cls(incident=report.incident_id, **report.model_dump(exclude={"incident_id"}))


class ReportList(Public):
    """Readers' reports on an incident, oldest first."""

    reports: list[ReportView] = Field(description="Also on incidents merged into it.")


class ReportAnswer(Public):
    """An editor's answer to a report."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"outcome": "accepted"},
                {"outcome": "dismissed", "note": "The filing says what the page says."},
            ]
        },
    )

    outcome: ReportOutcome = Field(
        description="`accepted` calls for a correction, until the page is approved anew."
    )
    note: Annotated[str, Field(max_length=limits.NOTE)] | None = Field(
        default=None, description="Why; required to dismiss it."
    )
