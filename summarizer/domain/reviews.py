"""Reviews of drafts: decisions, states, and the events that record them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

from summarizer.domain.events import Event, EventKind
from summarizer.domain.model import Model


class ChangeReason(StrEnum):
    """An editor's reason to change, remove or refuse sentences.

    ``unsupported``: the cited passages do not support it.  ``wrong_source``: other passages do.
    ``style``: it is true and badly put.  ``not_news``: it is true and does not belong on the page.
    """

    UNSUPPORTED = "unsupported"
    WRONG_SOURCE = "wrong_source"
    STYLE = "style"
    NOT_NEWS = "not_news"


REASONED: frozenset[Decision] = frozenset({"request_changes", "reject"})
"""Decisions that may give a ``ChangeReason`` and name the sentences at fault."""

Decision = Literal["approve", "request_changes", "reject", "withdraw"]
EVENT_OF: dict[Decision, EventKind] = {
    "approve": EventKind.APPROVED,
    "request_changes": EventKind.CHANGES_REQUESTED,
    "reject": EventKind.REJECTED,
    "withdraw": EventKind.WITHDRAWN,
}
REVIEWS = frozenset(EVENT_OF.values())
"""Kinds of event that record a review."""


def review_of(entry: Event | None) -> Review:
    """The review recorded by an event of a kind in ``REVIEWS``; unreviewed without an event."""
    if entry is None:
        return Review()
    return Review(
        state=ReviewState(entry.kind.value),
        revision=entry.revision,
        by=entry.actor,
        at=entry.at,
        note=entry.detail.get("note"),
        reason=entry.detail.get("reason"),
        override=entry.detail.get("override"),
        read=entry.detail.get("read", ()),
    )


class ReviewState(StrEnum):
    """State of an incident after its newest review."""

    UNREVIEWED = "unreviewed"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Review(Model):
    """The newest review of an incident.

    Args:
        revision: the reviewed revision; newer ones are unreviewed.
        override: the editor's reason for approving despite obstacles.
        read: ids of the claims that the editor confirmed, having read them beside their passages.
    """

    state: ReviewState = ReviewState.UNREVIEWED
    revision: int | None = None
    by: str | None = None
    at: dt.datetime | None = None
    note: str | None = None
    reason: ChangeReason | None = None
    override: str | None = None
    read: tuple[str, ...] = ()

    def of(self, revision: int) -> ReviewState:
        """State of one revision: a review applies to no other."""
        return self.state if revision == self.revision else ReviewState.UNREVIEWED


class Revision(Model):
    """One revision of an incident's draft, with fields as in ``Draft``."""

    revision: int
    created_at: dt.datetime
    drafter: str
    made_by: str | None
    change: str | None
