"""Editors' decisions on a revision: approve, request changes, reject, withdraw."""

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
    """Editors' decisions on one store; composed by ``summarizer.app``."""

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
        """Approve a revision, request changes, reject it, or withdraw an approval.

        An approval clears the present reasons for attention; later ones call an editor again.

        Args:
            incident_id: an incident with a draft.
            decision: the decision.
            editor: who decides.
            revision: the revision that the editor read; it must be the newest.
            note: for other editors; required for everything but an approval.
            override: reason to approve despite obstacles.

        Raises:
            ConflictError: there is a newer revision, or no approval to withdraw.
            RefusedError: there are obstacles to an approval and no ``override``.
            InputError: the note is missing.
            NotFoundError: no such incident or draft.
        """
        if decision != "approve" and not (note or "").strip():
            raise InputError(f"'{decision}' needs a note that says what is wrong.", field="note")
        while True:
            last = self._store.history.last(incident_id)
            draft = self._reviews.newest(incident_id)
            detail = self._decided(draft, decision, revision, override)
            detail = {"note": note} | detail if note else detail
            with self._store.transaction():
                if self._store.history.last(incident_id) != last:
                    continue  # another event was recorded meanwhile: check again
                kind = EVENT_OF[decision]
                entry = self._history.record(kind, draft.incident_id, editor, revision, detail)
                break
        self._monitor.catch_up(incident_id)
        return reviews.review_of(entry)

    def _decided(
        self, draft: Draft, decision: Decision, revision: int, override: str | None
    ) -> dict[str, Any]:
        """The event detail of a decision; raises as ``decide`` if it may not be made."""
        if draft.revision != revision:
            raise ConflictError(
                f"Revision {revision} is not the newest of {draft.incident_id}: "
                f"{draft.made_by or 'a drafter'} made revision {draft.revision}. Read it first.",
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
                "The draft can't be approved as it stands. Correct it, or override with a "
                "reason, which is recorded:\n" + "\n".join(f"- {reason}" for reason in against),
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
