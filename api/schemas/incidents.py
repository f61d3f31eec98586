"""Public shapes of the HTTP service, apart from the domain so that either can change alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from summarizer.domain.reviews import ReviewState
from summarizer.incidents.listing import Listed
from summarizer.ingestion.ingest import IngestReport


class Public(BaseModel):
    """Base of every shape."""

    model_config = ConfigDict(frozen=True)


class Health(Public):
    """The service runs."""

    status: str = "ok"
    version: str


class IncidentSummary(Public):
    """One incident in a list."""

    id: str = Field(examples=["INC-000042"])
    title: str
    noise: int = Field(ge=0, le=100)
    state: str = Field(examples=["debated"])
    peak: int = Field(ge=0, le=100)
    peak_at: dt.datetime
    items: int
    platforms: list[str]
    revision: int | None = Field(description="Of the newest draft; null before the first.")

    newest_at: dt.datetime = Field(description="When its newest item became public.")
    review: ReviewState = Field(description="Of the newest revision.")
    attention: list[str] = Field(description="Why to look at its newest draft first.")

    @classmethod
    def of(cls, listed: Listed) -> IncidentSummary:
        """The public shape of an incident in a list."""
        return cls(
            id=listed.id,
            title=listed.title,
            noise=listed.noise.score,
            state=listed.noise.state.value,
            peak=listed.noise.peak,
            peak_at=listed.noise.peak_at,
            items=len(listed.items),
            platforms=list(listed.platforms),
            revision=listed.revision,
            newest_at=listed.newest_at,
            review=listed.review,
            attention=list(listed.attention),
        )


class NoisePoint(Public):
    """Noise at one time."""

    at: dt.datetime
    score: int = Field(ge=0, le=100)
    state: str = Field(examples=["debated"])


class NoiseBand(Public):
    """A time in one state."""

    state: str = Field(examples=["debated"])
    since: dt.datetime
    until: dt.datetime = Field(description="When the next state began, or the series ends.")
    first: int = Field(description="Score when it began.")
    highest: int


class NoiseCourse(Public):
    """Noise and state of an incident over time."""

    since: dt.datetime
    until: dt.datetime
    step_s: int
    points: list[NoisePoint]
    bands: list[NoiseBand] = Field(description="States without a gap, each at its exact moment.")
    peak: int = Field(description="The highest score up to `until`, also before `since`.")
    peak_at: dt.datetime | None
    reopened: list[dt.datetime] = Field(description="When coverage began anew after a close.")
    config_version: str = Field(description="Of the method, `noise.toml`.")


NEXT = "Send it as `cursor` with the same question for the page that follows; null at the end."


class IncidentList(Public):
    """One page of incidents."""

    incidents: list[IncidentSummary]
    total: int = Field(description="Incidents that match, on all pages.")
    next: str | None = Field(description=NEXT)


class Rejection(Public):
    """A row that cannot be used."""

    line: int = Field(description="1-based line or position of the row.")
    field: str | None
    reason: str


class Ingested(Public):
    """What became of every row that was sent."""

    accepted: list[str] = Field(description="Keys of the new items.", examples=[["a1", "a2"]])
    duplicates: int
    rejected: list[Rejection]

    @classmethod
    def of(cls, report: IngestReport) -> Ingested:
        """The public shape of a report."""
        return cls(
            accepted=list(report.keys),
            duplicates=len(report.duplicates),
            rejected=[Rejection(**row.model_dump()) for row in report.rejected],
        )


class VerifyRequest(Public):
    """A claim and its sources."""

    id: Any = None
    claim: str = Field(examples=["The fine was 3 million crowns."])
    sources: list[Any] = Field(
        description="Texts, or objects with `id` and `text`.",
        examples=[["The regulator fined Varnway 3 million crowns on Friday."]],
    )


class VerifyAnswer(Public):
    """The verdict on one claim."""

    id: Any
    verdict: str = Field(examples=["supported"])
    score: float = Field(ge=0, le=1)
    failed_checks: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
