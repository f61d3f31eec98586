"""What is public of an incident: the revision that an editor approved, by the events of reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from summarizer.domain.corrections import ChangedSentence, Correction, corrections
from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model
from summarizer.domain.reviews import REVIEWS, Review, review_of

TOLD = REVIEWS | {EventKind.DELETED}
"""Kinds of event by which a page becomes public, and ceases to be."""

REFUSED = frozenset({EventKind.CHANGES_REQUESTED, EventKind.REJECTED})


class Approval(Model):
    """The approval by which a page is public.

    Args:
        revision: that readers see; a newer one is a draft until it is approved.
        review: of that revision.
        first_at: time of the first approval of any revision.
        corrections: that readers of this revision are told of, newest first.
        touched: whether a source of the incident was deleted since.
    """

    incident_id: IncidentId
    revision: int
    review: Review
    at: dt.datetime
    first_at: dt.datetime
    corrections: tuple[Correction, ...] = ()
    touched: bool = False


class Record(Model):
    """How an incident has stood before its readers.

    Args:
        approval: by which it is public; ``None`` if it is not, or no longer.
        ended_at: time at which an approval ended; ``None`` where one stands, or never did.
    """

    approval: Approval | None = None
    ended_at: dt.datetime | None = None


class Notice(Model):
    """What readers are told of a public page: a correction of it, or that it was withdrawn.

    Args:
        sentences: that were corrected.
    """

    incident_id: IncidentId
    at: dt.datetime
    words: str
    sentences: tuple[ChangedSentence, ...] = ()


def record_of(events: Iterable[Event]) -> Record:
    """How the events of exactly one incident, oldest first, leave it before its readers.

    A revision stays public while newer ones are drafted, edited and sent back: those are the
    newsroom's. It ends when an approval is withdrawn, or when that revision itself is refused.
    """
    approval, ended_at = None, None
    first_at: dt.datetime | None = None
    approvals = []
    for event in events:
        if event.kind is EventKind.APPROVED and event.incident_id and event.revision:
            first_at = first_at or event.at
            approvals.append(event)
            approval, ended_at = (
                Approval(
                    incident_id=event.incident_id,
                    revision=event.revision,
                    review=review_of(event),
                    at=event.at,
                    first_at=first_at,
                    corrections=corrections(approvals, event.incident_id, event.revision),
                ),
                None,
            )
        elif approval is not None and event.kind is EventKind.DELETED:
            approval = approval.model_copy(update={"touched": True})
        elif approval is not None and _ends(event, approval.revision):
            approval, ended_at = None, event.at
    return Record(approval=approval, ended_at=ended_at)


def _ends(event: Event, revision: int) -> bool:
    return event.kind is EventKind.WITHDRAWN or (
        event.kind in REFUSED and event.revision == revision
    )


class Entry(Model):
    """A public page as an index and a feed name it.

    Args:
        lead: the sentences that stand first below the title.
    """

    incident_id: IncidentId
    revision: int
    title: str
    lead: tuple[str, ...]
    first_at: dt.datetime
    at: dt.datetime


class Former(Model):
    """A page that was public and is no more.

    Args:
        at: since when; ``None`` where the incident was merged, which has a time of its own.
        into: the incident that it was merged into.
        into_public: whether that one's page is public.
    """

    incident_id: IncidentId
    at: dt.datetime | None = None
    into: IncidentId | None = None
    into_public: bool = False


class Public(Model):
    """All that readers may see, and where they find what they saw before.

    Args:
        approvals: of the public pages, the newest approval first.
        former: pages that are no more, by id.
    """

    approvals: tuple[Approval, ...] = ()
    former: tuple[Former, ...] = ()
