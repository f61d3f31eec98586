"""Public shapes of incidents, ingestion and verification, and the base of all public shapes.

They are separate from the domain models, so that either can change independently.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from summarizer.domain import limits
from summarizer.domain.items import SourceItem
from summarizer.domain.reviews import ReviewState
from summarizer.incidents.listing import Listed
from summarizer.ingestion.ingest import Duplicate, IngestReport, Outcome
from summarizer.ingestion.validate import Rejected


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


class PresenceView(Public):
    """Who else has an incident open."""

    incident: str = Field(examples=["INC-000042"])
    others: list[str] = Field(description="Names of their keys, sorted.", examples=[["Kim"]])


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


class RowResult(Public):
    """What became of one row."""

    index: int = Field(description="0-based position among the rows of the request.")
    line: int = Field(description="1-based line or position of the row.")
    id: str | None = Field(description="The sender's own `id`; null where it cannot be read.")
    status: Literal["accepted", "copy_of", "duplicate_of", "rejected"] = Field(
        description="`copy_of`: stored, as a copy of the item `of`. `duplicate_of`: not stored "
        "again, it equals the item `of`."
    )
    key: str | None = Field(description="Key of its item; null if it was rejected.")
    of: str | None = Field(description="Key of the item that it copies or equals.")
    url: str | None = Field(description="Where its item, and with it its incident, is asked for.")
    field: str | None = Field(description="The field at fault of a rejected row.")
    reason: str | None = Field(description="Why it was rejected.")

    @classmethod
    def of_outcome(cls, index: int, row: Outcome, root: str) -> RowResult:
        """The public shape of an outcome; ``root`` is the path below which a proxy shows us."""
        key = of = field = reason = None
        status: Literal["accepted", "copy_of", "duplicate_of", "rejected"] = "accepted"
        if isinstance(row, Rejected):
            status, field, reason = "rejected", row.field, row.reason
        elif isinstance(row, Duplicate):
            status, key, of = "duplicate_of", row.key, row.key
        else:
            key, of = row.key, row.copy_of
            status = "accepted" if of is None else "copy_of"
        return cls(
            index=index,
            line=row.line,
            id=row.source_id,
            status=status,
            key=key,
            of=of,
            url=None if key is None else f"{root}/v1/items/{key}",
            field=field,
            reason=reason,
        )


class ItemView(Public):
    """A stored source item, without its text."""

    key: str = Field(examples=["a1"])
    id: str | None = Field(description="The sender's own id.")
    incident: str | None = Field(
        description="Its incident; null until it is grouped, soon after it was sent.",
        examples=["INC-000042"],
    )
    copy_of: str | None = Field(description="Key of the item that it is a copy of.")
    title: str
    outlet: str | None
    author: str | None
    platform: str
    url: str | None
    published_at: dt.datetime | None
    ingested_at: dt.datetime

    @classmethod
    def of(cls, item: SourceItem, incident: str | None) -> ItemView:
        """The public shape of an item."""
        shared = {name: getattr(item, name) for name in cls.model_fields if hasattr(item, name)}
        copy_of = None if item.origin == item.key else item.origin
        return cls(**shared | {"id": item.source_id, "incident": incident, "copy_of": copy_of})


class ItemList(Public):
    """Items with one sender's id."""

    items: list[ItemView] = Field(description="The 200 newest, oldest first.")


class Ingested(Public):
    """Result of an ingestion."""

    rows: list[RowResult] = Field(description="What became of each row, in their order.")
    accepted: list[str] = Field(description="Keys of the new items.", examples=[["a1", "a2"]])
    duplicates: int
    rejected: list[Rejection]
    notes: list[RowNote] = Field(description="Remarks on accepted rows.")

    @classmethod
    def of(cls, report: IngestReport, root: str) -> Ingested:
        """The public shape of a report; ``root`` is the path below which a proxy shows us."""
        return cls(
            rows=[RowResult.of_outcome(n, row, root) for n, row in enumerate(report.outcomes)],
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
