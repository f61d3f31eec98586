"""What an editor said of a draft: the newest review of an incident."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from summarizer.domain import Model


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
