"""Decisions of editors about a revision: approve, ask for changes, reject, withdraw."""

from __future__ import annotations

from typing import Any

from summarizer.domain import reviews
from summarizer.domain.drafts import Draft
from summarizer.domain.reviews import EVENT_OF, REVIEWS, Decision, Review
from summarizer.errors import ConflictError, InputError, RefusedError
from summarizer.monitoring import attention
from summarizer.monitoring.monitor import Monitor
from summarizer.review.service import ReviewService
from summarizer.storage.store import Store


class ReviewDecisions:
    """The decisions on one store; composed by ``summarizer.app``."""

    def __init__(self, store: Store, reviews: ReviewService, monitor: Monitor) -> None:
        self._store = store
        self._history = store.history
        self._reviews = reviews
        self._monitor = monitor

    def decide(
        self,
        incident_id: str,
        decision: Decision,
        editor: str,
        *,
        revision: int,
        note: str | None = None,
        override: str | None = None,
    ) -> Review:
        """Approve a revision, ask for changes, reject it, or withdraw an approval.

        An approval ends what needs attention until something else comes or it falls.

        Args:
            incident_id: of an incident with a draft.
            decision: what the editor decides.
            editor: who answers for it.
            revision: that was read; it must be the newest.
            note: for others; needed for everything but an approval.
            override: why to approve although something stands against it.

        Raises:
            ConflictError: there is a newer revision, or nothing approved to withdraw.
            RefusedError: something stands against an approval and no reason was given.
            InputError: the note is missing.
            NotFoundError: no such incident or draft.
        """
        if decision != "approve" and not (note or "").strip():
            raise InputError(
                f"'{decision}' needs a note: say to others what is wrong.", field="note"
            )
        while True:
            last = self._store.history.last(incident_id)
            draft = self._reviews.newest(incident_id)
            detail = self._decided(draft, decision, revision, override)
            detail = {"note": note} | detail if note else detail
            with self._store.transaction():
                if self._store.history.last(incident_id) != last:
                    continue  # something happened meanwhile: decide again
                kind = EVENT_OF[decision]
                entry = self._history.record(kind, draft.incident_id, editor, revision, detail)
                break
        self._monitor.catch_up(incident_id)
        return reviews.review_of(entry)

    def _decided(
        self, draft: Draft, decision: Decision, revision: int, override: str | None
    ) -> dict[str, Any]:
        """The detail of a decision for the log; raises as ``decide`` where it may not be made."""
        if draft.revision != revision:
            raise ConflictError(
                f"Revision {revision} is not the newest of {draft.incident_id}: "
                f"{draft.made_by or 'a drafter'} made revision {draft.revision}. Read it "
                "first.",
                field="revision",
            )
        if decision == "withdraw" and self.newest(draft.incident_id).state != "approved":
            raise ConflictError(
                f"{draft.incident_id} is not approved: nothing to withdraw.", field="decision"
            )
        if decision != "approve":
            return {}
        against = attention.obstacles(draft)
        if against and not (override or "").strip():
            raise RefusedError(
                "The draft can't be approved as it stands; mend it, or override with a "
                "reason that is kept:\n" + "\n".join(f"- {reason}" for reason in against),
                field="override",
            )
        detail = {
            "override": override if against else None,
            "against": list(against),
            "settled": list(self._reviews.attention(draft)),
        }
        return {name: value for name, value in detail.items() if value}

    def newest(self, incident_id: str) -> Review:
        """The newest review of an incident."""
        found = self._store.incident(incident_id).id
        return reviews.review_of(self._store.history.newest([found], REVIEWS).get(found))
