"""Editors' decisions on a revision: approve, request changes, reject, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from summarizer.domain import limits, reviews
from summarizer.domain.corrections import ApprovedChange
from summarizer.domain.drafts import Draft
from summarizer.domain.holds import against_approval
from summarizer.domain.publication import TOLD, record_of
from summarizer.domain.reviews import EVENT_OF, REASONED, REVIEWS, ChangeReason, Decision, Review
from summarizer.errors import ConflictError, HeldError, InputError, RefusedError
from summarizer.monitoring.monitor import Monitor
from summarizer.review.corrections import Corrections
from summarizer.review.holds import HoldDesk
from summarizer.review.service import ReviewService
from summarizer.storage.locks import LOG
from summarizer.storage.store import Store


class ReviewDecisions:
    """Editors' decisions on one store; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        reviews: ReviewService,
        holds: HoldDesk,
        corrections: Corrections,
        monitor: Monitor,
    ) -> None:
        self._store = store
        self._holds = holds
        self._history = store.history
        self._reviews = reviews
        self._corrections = corrections
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
        read: Sequence[str] = (),
        reason: ChangeReason | None = None,
        sentences: Sequence[str] = (),
        senior: bool = False,
        change: ApprovedChange | None = None,
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
            read: ids of the shown claims that the editor read beside their passages and confirms;
                kept with an approval.
            reason: to request changes or reject, from the short list.
            sentences: ids of the shown claims that the reason is about; their text is kept.
            senior: whether the editor is of the senior desk.
            change: why an approved page changes with this approval; required where it does.

        Raises:
            ConflictError: there is a newer revision, or no approval to withdraw.
            HeldError: a hold stands against the approval, which nothing overrides.
            RefusedError: there are obstacles to an approval and no ``override``, or an approved
                page changes and nobody says why.
            InputError: the note is missing, it or ``override`` is too long, ``read`` or
                ``sentences`` names a claim that the revision does not show, or the decision takes
                no ``reason`` or ``sentences``.
            NotFoundError: no such incident or draft.
        """
        if decision != "approve" and not (note or "").strip():
            raise InputError(f"'{decision}' needs a note that says what is wrong.", field="note")
        limits.checked(note or "", limits.NOTE, "note")
        limits.checked(override or "", limits.NOTE, "override")
        _check_reason(decision, reason, sentences)
        if change is not None and decision != "approve":
            raise InputError(f"'{decision}' changes no page: leave out 'change'.", field="change")
        while True:
            last = self._store.history.last(incident_id)
            draft = self._reviews.newest(incident_id)
            detail = self._decided(draft, decision, revision, override, read)
            if decision == "approve":
                self._check_holds(draft, senior=senior)
                detail |= self._corrections.reasoned(draft, change)
            if reason:
                detail = {"reason": reason.value} | detail
            if sentences:
                detail |= {"sentences": _at_fault(draft, sentences)}
            detail = {"note": note} | detail if note else detail
            with self._store.transaction(LOG):
                if self._store.history.last(incident_id) != last:
                    continue  # another event was recorded meanwhile: check again
                kind = EVENT_OF[decision]
                entry = self._history.record(kind, draft.incident_id, editor, revision, detail)
                break
        self._monitor.catch_up(incident_id)
        return reviews.review_of(entry)

    def _decided(
        self,
        draft: Draft,
        decision: Decision,
        revision: int,
        override: str | None,
        read: Sequence[str],
    ) -> dict[str, Any]:
        """The event detail of a decision; raises as ``decide`` if it may not be made."""
        if draft.revision != revision:
            raise ConflictError(
                f"Revision {revision} is not the newest of {draft.incident_id}: "
                f"{draft.made_by or 'a drafter'} made revision {draft.revision}. Read it first.",
                field="revision",
            )
        if decision == "withdraw" and not self._is_approved(draft.incident_id):
            raise ConflictError(
                f"{draft.incident_id} is not approved: nothing to withdraw.", field="decision"
            )
        if decision != "approve":
            return {}
        confirmed = _shown(draft, read, "read")
        against = self._reviews.obstacles(draft, confirmed)
        if against and not any(map(str.isalnum, override or "")):
            raise RefusedError(
                "The draft can't be approved as it stands. Correct it, confirm what you have "
                "read, or override with a reason, which is recorded:\n"
                + "\n".join(f"- {reason}" for reason in against),
                field="override" if self._reviews.obstacles(draft, _all(draft)) else "read",
            )
        detail = {
            "override": override if against else None,
            "against": list(against),
            "settled": list(self._reviews.attention(draft)),
            "read": confirmed,
        }
        return {name: value for name, value in detail.items() if value}

    def _check_holds(self, draft: Draft, *, senior: bool) -> None:
        holds = self._holds.of(draft.incident_id)
        if against := against_approval(holds, senior=senior):
            raise HeldError(f"{draft.incident_id} can't be approved. " + " ".join(against))

    def _is_approved(self, incident_id: str) -> bool:
        """Whether the approval of any revision stands, of an older one than was refused too."""
        events = self._history.of(incident_id, TOLD)
        return record_of(e for e in events if e.incident_id == incident_id).approval is not None

    def newest(self, incident_id: str) -> Review:
        """The newest review of an incident."""
        found = self._store.incident(incident_id).id
        return reviews.review_of(self._store.history.newest([found], REVIEWS).get(found))


def _check_reason(
    decision: Decision, reason: ChangeReason | None, sentences: Sequence[str]
) -> None:
    if (reason or sentences) and decision not in REASONED:
        raise InputError(
            f"'{decision}' takes no reason and no sentences: they are of what is refused.",
            field="reason" if reason else "sentences",
        )
    if sentences and not reason:
        raise InputError("'sentences' needs a 'reason'.", field="reason")


def _at_fault(draft: Draft, ids: Sequence[str]) -> list[dict[str, str]]:
    """Ids and texts of shown claims; raises ``InputError`` for one that the draft lacks."""
    texts = {claim.id: claim.claim.text for section in draft.sections for claim in section.shown}
    return [{"id": id_, "text": texts[id_]} for id_ in _shown(draft, ids, "sentences")]


def _shown(draft: Draft, ids: Sequence[str], field: str) -> list[str]:
    """The ids, each once; raises ``InputError`` for one that the draft does not show."""
    shown = _all(draft)
    if unknown := [id_ for id_ in ids if id_ not in shown]:
        raise InputError(
            f"Revision {draft.revision} shows no sentence {unknown[0]!r}: read the draft again.",
            field=field,
        )
    return list(dict.fromkeys(ids))


def _all(draft: Draft) -> set[str]:
    """Ids of all shown claims."""
    return {claim.id for section in draft.sections for claim in section.shown}
