"""Reviews of a draft: states, decisions, and the events that record them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

from summarizer.domain.events import Event, EventKind
from summarizer.domain.model import Model

Decision = Literal["approve", "request_changes", "reject", "withdraw"]
EVENT_OF: dict[Decision, EventKind] = {
    "approve": EventKind.APPROVED,
    "request_changes": EventKind.CHANGES_REQUESTED,
    "reject": EventKind.REJECTED,
    "withdraw": EventKind.WITHDRAWN,
}
REVIEWS = frozenset(EVENT_OF.values())
"""Kinds of entry that are reviews."""


def review_of(entry: Event | None) -> Review:
    """The review that an entry of one of ``REVIEWS`` tells of; unreviewed without one."""
    if entry is None:
        return Review()
    return Review(
        state=ReviewState(entry.kind.value),
        revision=entry.revision,
        by=entry.actor,
        at=entry.at,
        note=entry.detail.get("note"),
        override=entry.detail.get("override"),
    )


class ReviewState(StrEnum):
    """Where the newest review left an incident."""

    UNREVIEWED = "unreviewed"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Review(Model):
    """The newest review of an incident.

    Args:
        revision: of the draft that was reviewed; a newer one has not been.
        override: why it was approved although something stood against it.
    """

    state: ReviewState = ReviewState.UNREVIEWED
    revision: int | None = None
    by: str | None = None
    at: dt.datetime | None = None
    note: str | None = None
    override: str | None = None

    def of(self, revision: int) -> ReviewState:
        """The state of one revision: a review speaks of no other."""
        return self.state if revision == self.revision else ReviewState.UNREVIEWED


class Revision(Model):
    """One revision of an incident's draft; each field as in ``Draft``."""

    revision: int
    created_at: dt.datetime
    drafter: str
    made_by: str | None
    change: str | None
