"""Public shapes of incidents, ingestion and verification, and the base of all public shapes.

They are separate from the domain models, so that either can change independently.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from summarizer.domain import limits
from summarizer.domain.reviews import ReviewState
from summarizer.incidents.listing import Listed
from summarizer.ingestion.ingest import IngestReport


class Public(BaseModel):
    """Base of public models."""

    model_config = ConfigDict(frozen=True)


class Asked(Public):
    """Base of bodies of requests: a misspelt field is refused, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Health(Public):
    """Liveness and version of the service."""

    status: str = "ok"
    version: str


class IncidentSummary(Public):
    """One incident in a list."""

    id: str = Field(examples=["INC-000042"])
    title: str
    noise: int = Field(ge=0, le=100)
    state: str = Field(examples=["debated"])
    peak: int = Field(ge=0, le=100)
    peak_at: dt.datetime | None = Field(description="Null without a dated item.")
    items: int
    platforms: list[str]
    outlets: list[str] = Field(description="Names of its sources, sorted.")
    revision: int | None = Field(description="Newest revision; null before the first draft.")

    newest_at: dt.datetime = Field(
        description="Publication time of the newest item; without a dated one, its own creation."
    )
    review: ReviewState = Field(description="Review of the newest revision.")
    attention: list[str] = Field(description="Reasons to look at the newest draft first.")

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
            outlets=list(listed.outlets),
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
    """A period of one state."""

    state: str = Field(examples=["debated"])
    since: dt.datetime
    until: dt.datetime = Field(description="Begin of the next state, or end of the series.")
    first: int = Field(description="Score at its begin.")
    highest: int


class NoiseCourse(Public):
    """Noise and state of an incident over time."""

    since: dt.datetime
    until: dt.datetime
    step_s: int
    points: list[NoisePoint]
    bands: list[NoiseBand] = Field(description="States without gaps, with exact times.")
    peak: int = Field(description="Highest score up to `until`, also before `since`.")
    peak_at: dt.datetime | None
    reopened: list[dt.datetime] = Field(
        description="Times when coverage resumed after the case had closed."
    )
    config_version: str = Field(description="Version of the method, `noise.toml`.")


NEXT = "`cursor` of the next page, with the same parameters; null at the end."


class IncidentList(Public):
    """One page of incidents."""

    incidents: list[IncidentSummary]
    total: int = Field(description="Number of matching incidents on all pages.")
    next: str | None = Field(description=NEXT)


class Rejection(Public):
    """An unusable row."""

    line: int = Field(description="1-based line or position of the row.")
    field: str | None
    reason: str


class RowNote(Public):
    """A remark on an accepted row: what could not be read and was left out."""

    line: int = Field(description="1-based line or position of the row.")
    item: str = Field(description="Key of the new item.", examples=["a1"])
    note: str = Field(examples=["published_at: 'soon' is not a date with one reading"])


class Ingested(Public):
    """Result of an ingestion."""

    accepted: list[str] = Field(description="Keys of the new items.", examples=[["a1", "a2"]])
    duplicates: int
    rejected: list[Rejection]
    notes: list[RowNote] = Field(description="Remarks on accepted rows.")

    @classmethod
    def of(cls, report: IngestReport) -> Ingested:
        """The public shape of a report."""
        return cls(
            accepted=list(report.keys),
            duplicates=len(report.duplicates),
            rejected=[Rejection(**row.model_dump()) for row in report.rejected],
            notes=[
                RowNote(line=row.line, item=row.key, note=note)
                for row in report.accepted
                for note in row.notes
            ],
        )


class VerifyRequest(Asked):
    """A claim and its sources."""

    id: Any = None
    claim: str = Field(max_length=limits.CLAIM, examples=["The fine was 3 million crowns."])
    sources: list[Any] = Field(
        max_length=limits.SOURCES,
        description="Texts, or objects with `id` and `text`: at most 1,000,000 characters in all.",
        examples=[["The regulator fined Varnway 3 million crowns on Friday."]],
    )


class VerifyAnswer(Public):
    """The verdict on one claim."""

    id: Any
    verdict: str = Field(examples=["supported"])
    score: float = Field(ge=0, le=1)
    failed_checks: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
