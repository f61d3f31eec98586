"""Changes of a page that was approved before, and the corrections that readers are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model


class ChangedSentence(Model):
    """A shown sentence that differs between two approved revisions.

    Args:
        id: of the sentence as it is now; of the one that is gone, else.
        section: key of its section.
        before: ``None`` for a new one.
        after: ``None`` for one that is gone.
    """

    id: str
    section: str
    before: str | None = None
    after: str | None = None


class ApprovedChange(Model):
    """An editor's word on why an approved page changes.

    Args:
        why: the reason, which readers are told where it is a correction.
        corrects: ids of the changed sentences that readers are told of as corrected; none for a
            change that corrects nothing, such as news.
    """

    why: str
    corrects: tuple[str, ...] = ()


class Correction(Model):
    """A public note: what a page said that was approved, and what it says.

    Args:
        at: time of the approval that made it.
        revision: the corrected revision.
        why: the reason, in the newsroom's words.
    """

    at: dt.datetime
    revision: int
    why: str
    sentences: tuple[ChangedSentence, ...]


def corrections(
    events: Iterable[Event], incident_id: IncidentId, upto: int
) -> tuple[Correction, ...]:
    """Public corrections of an incident, newest first.

    Args:
        events: of the incident, oldest first; only its own approvals count.
        incident_id: of the incident.
        upto: revision that is read: later corrections are none of its.
    """
    found = []
    for event in events:
        change = event.detail.get("change") or {}
        told = change.get("corrections", ())
        own = event.kind is EventKind.APPROVED and event.incident_id == incident_id
        if own and told and event.revision is not None and event.revision <= upto:
            found.append(
                Correction(
                    at=event.at,
                    revision=event.revision,
                    why=change["why"],
                    sentences=tuple(ChangedSentence.model_validate(one) for one in told),
                )
            )
    return tuple(reversed(found))
