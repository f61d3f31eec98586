"""Public shapes of reviews, revisions and events, and of merging and splitting incidents."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field

from api.schemas.incidents import Asked, Public
from summarizer.domain import limits
from summarizer.domain.corrections import ApprovedChange
from summarizer.domain.drafts import Draft
from summarizer.domain.incidents import Incident
from summarizer.domain.reviews import ChangeReason, Decision, Review, ReviewState
from summarizer.domain.sections import ROWS

LARGEST_REVISION = 2**31 - 1

Reason = Annotated[str, Field(min_length=1, max_length=limits.NOTE)]


class ReviewView(Public):
    """The newest review of an incident; it applies to its own revision only."""

    state: ReviewState
    revision: int | None
    by: str | None
    at: dt.datetime | None
    note: str | None
    reason: ChangeReason | None = Field(description="Reason to request changes or reject.")
    override: str | None = Field(description="Reason for an approval despite obstacles.")
    read: list[str] = Field(
        description="Ids of the sentences that the editor read beside their passages."
    )

    @classmethod
    def of(cls, review: Review) -> ReviewView:
        """The public shape of a review."""
        return cls(**review.model_dump())


class ChangeRequest(Public):
    """Why an approved page changes with an approval."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: Annotated[str, Field(min_length=1, max_length=limits.REASON)] = Field(
        description="The reason; readers are told it with a correction.",
        examples=["We had mistaken the day."],
    )
    corrects: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        default=[],
        max_length=limits.CLAIMS * len(ROWS),
        description="Ids, from `changes` of the draft, of the changed sentences that readers are "
        "told of as corrected; none for a change that corrects nothing.",
    )

    def change(self) -> ApprovedChange:
        """The change as the review takes it."""
        return ApprovedChange(why=self.why, corrects=tuple(self.corrects))


class ReviewRequest(Public):
    """An editor's decision on a revision."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"decision": "approve", "revision": 3, "read": ["5e1c0a97f3b2"]},
                {"decision": "request_changes", "revision": 3, "note": "Who says so?"},
            ]
        },
    )

    decision: Decision
    revision: int = Field(ge=1, le=LARGEST_REVISION, description="Must be the newest revision.")
    note: Reason | None = Field(
        default=None, description="Note for other editors; required except for an approval."
    )
    override: Reason | None = Field(
        default=None, description="Reason for an approval despite obstacles."
    )
    read: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        default=[],
        max_length=limits.CLAIMS * len(ROWS),
        description="For an approval, ids of the sentences that the editor read beside their "
        "passages and confirms; those that need it are in `to_read` of the draft.",
    )
    reason: ChangeReason | None = Field(
        default=None, description="Reason to request changes or reject."
    )
    sentences: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        default=[],
        max_length=limits.CLAIMS * len(ROWS),
        description="Ids of the shown sentences that `reason` is about.",
    )
    change: ChangeRequest | None = Field(
        default=None,
        description="For an approval that changes an approved page: why. Required while the draft "
        "has `changes`.",
    )


class ResponseRequest(Public):
    """Who was asked for a response."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str = Field(
        min_length=1,
        max_length=limits.REASON,
        description="Whom the page accuses, by name.",
        examples=["Brackwater Lines"],
    )
    until: AwareDatetime | None = Field(
        default=None,
        description="By when an answer was asked for; a day if left out.",
        examples=["2026-05-05T16:00:00Z"],
    )


class RevisionView(Public):
    """One revision in a list."""

    revision: int
    parent: int | None
    created_at: dt.datetime
    drafter: str
    model: str | None
    made_by: str | None
    change: str | None = Field(description="Change by an editor, in words; null for a new draft.")
    faithfulness: float | None = Field(
        description="Supported claims / all drafted claims, repaired ones included (RAGAS)."
    )
    faithfulness_as_drafted: float | None = Field(
        description="Shown claims that are supported as first drafted / all drafted claims."
    )

    @classmethod
    def of(cls, draft: Draft) -> RevisionView:
        """The public shape of a revision, without its sections."""
        return cls(**{name: getattr(draft, name) for name in cls.model_fields})


class Revisions(Public):
    """Revisions of an incident, oldest first."""

    revisions: list[RevisionView]
    next: str | None = Field(description="`cursor` of the next page; null at the end.")


class MergeRequest(Asked):
    """Target of a merge."""

    into: str = Field(min_length=1, max_length=40, examples=["INC-000007"])


class SplitRequest(Asked):
    """Items that become a new incident."""

    items: list[str] = Field(min_length=1, max_length=10_000, examples=[["a3", "a9"]])


class IncidentView(Public):
    """An incident with the keys of its items."""

    id: str = Field(examples=["INC-000042"])
    created_at: dt.datetime
    items: list[str] = Field(examples=[["a1", "a2"]])

    @classmethod
    def of(cls, incident: Incident) -> IncidentView:
        """The public shape of an incident."""
        return cls(id=incident.id, created_at=incident.created_at, items=list(incident.item_keys))
