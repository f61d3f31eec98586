"""Says in the history that something waits for an editor, and that nothing does any more.

What waits: reasons that lie in a revision itself, and evidence that turned against what stands on
a page, which is told once for each finding.  Called inside the ``Store.transaction`` that adds the
items or stores the draft, so that nobody sees the one without the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from summarizer.domain import forecasts, reviews
from summarizer.domain.drafts import Draft
from summarizer.domain.events import Event, EventKind
from summarizer.domain.findings import Effect, Finding
from summarizer.domain.reviews import ReviewState
from summarizer.monitoring import attention, recheck
from summarizer.storage.store import Store

CALENDAR = "calendar"
"""Who tells of what nobody did: a day that came."""

KINDS = {
    Effect.WITHDRAWN: EventKind.RETRACTED,
    Effect.WEAKENED: EventKind.RETRACTED,
    Effect.CONTRADICTED: EventKind.CONTRADICTED,
}


CALLS = frozenset({EventKind.NEEDS_ATTENTION, *KINDS.values()})
"""Kinds of entry that call for an editor, until one says that it is over."""


def waiting(store: Store, draft: Draft, found: Iterable[Finding] | None = None) -> tuple[str, ...]:
    """Why an editor should look at a draft before anything else, one sentence each.

    An approval of its revision settles what lies in the revision and what was found against it
    until then.

    Args:
        store: of the draft.
        draft: any revision.
        found: ``findings`` of it, where they are at hand.
    """
    against = findings(store, draft) if found is None else tuple(found)
    approval = _approval(store, draft)
    if approval is None:
        return (*recheck.attention(against), *attention.attention(draft))
    known = _told(store, draft, approval.number)
    return recheck.attention(f for f in against if fingerprint(f) not in known)


def _approval(store: Store, draft: Draft) -> Event | None:
    """The entry by which exactly this revision stands approved."""
    id_ = store.incident(draft.incident_id).id
    newest = store.history.newest([id_], reviews.REVIEWS).get(id_)
    state = reviews.review_of(newest).of(draft.revision)
    return newest if state is ReviewState.APPROVED else None


def call(store: Store, saved: Draft, actor: str, known: Iterable[str] = ()) -> None:
    """Tell that a revision leaves something for an editor, if it does for a reason that is not
    known; of two that differ in their count one is known."""
    reasons = attention.attention(saved)
    if {_uncounted(one) for one in reasons} - {_uncounted(one) for one in known}:
        _call(store, saved, actor, reasons)


def edited(store: Store, before: Draft, saved: Draft, actor: str) -> None:
    """Tell what a revision that an editor made of another leaves for editors now, if that is
    something new, or that it leaves nothing more."""
    call(store, saved, actor, attention.attention(before))
    settle(store, saved, actor)


def settle(
    store: Store,
    draft: Draft,
    actor: str,
    found: Iterable[Finding] | None = None,
) -> None:
    """Tell that the newest draft needs an editor or no longer does, if the history says otherwise:
    after whatever may change it, a review or another revision."""
    reasons = waiting(store, draft, found)
    id_ = store.incident(draft.incident_id).id
    last = store.history.newest([id_], CALLS | {EventKind.ATTENTION_OVER}).get(id_)
    called = last is not None and last.kind in CALLS
    if reasons and not called:
        _call(store, draft, actor, reasons)
    elif called and not reasons:
        store.history.record(EventKind.ATTENTION_OVER, draft.incident_id, actor, draft.revision)


def _call(store: Store, draft: Draft, actor: str, reasons: Iterable[str]) -> None:
    kind, detail = EventKind.NEEDS_ATTENTION, {"reasons": list(reasons)}
    store.history.record(kind, draft.incident_id, actor, draft.revision, detail)


def _uncounted(reason: str) -> str:
    return reason.lstrip("0123456789 ")


def findings(store: Store, draft: Draft) -> tuple[Finding, ...]:
    """What the evidence of today does to the sentences of a draft."""
    keys = store.incident(draft.incident_id).item_keys
    return recheck.recheck(draft, store.items(keys), store.passages(keys))


def tell(store: Store, incident_id: str, actor: str) -> tuple[Event, ...]:
    """Tell of what is found against the newest draft of an incident and was not told yet."""
    draft = store.newest_draft(incident_id)
    if draft is None:
        return ()
    foresee(store, draft)
    found = findings(store, draft)
    alarming = [f for f in found if f.effect in KINDS]
    told = _told(store, draft) if alarming else frozenset()
    entries = []
    for kind in dict.fromkeys(KINDS.values()):
        fresh = [f for f in alarming if KINDS[f.effect] is kind and fingerprint(f) not in told]
        if fresh:
            detail = {
                "reasons": list(recheck.attention(fresh)),
                "findings": [_row(f) for f in fresh],
            }
            entries.append(
                store.history.record(kind, draft.incident_id, actor, draft.revision, detail)
            )
    settle(store, draft, actor, found)
    return tuple(entries)


def _told(store: Store, draft: Draft, before: int | None = None) -> frozenset[str]:
    """Fingerprints of the findings that the history tells of, before an entry or at all."""
    return frozenset(
        row["id"]
        for entry in store.history.of(draft.incident_id)
        if entry.kind in KINDS.values() and (before is None or entry.number < before)
        for row in entry.detail["findings"]
    )


def foresee(store: Store, draft: Draft) -> None:
    """Keep the forecasts of a draft, to be announced on their day."""
    store.forecasts.keep(forecasts.foreseen(draft))


def tell_due(store: Store, now: dt.datetime) -> tuple[Event, ...]:
    """Tell, once for each, of forecasts whose day has come; to be called whenever one looks.

    Anyone may look at the same time, in any process: what is untold is asked again under the lock
    of writers.
    """
    today = now.astimezone(dt.UTC).date()
    if not store.forecasts.unannounced(today):
        return ()
    with store.transaction():
        due = store.forecasts.unannounced(today)
        store.forecasts.mark_announced([forecast.number for forecast in due], now)
        return tuple(
            store.history.record(
                EventKind.FORECAST_DUE,
                forecast.incident_id,
                CALENDAR,
                detail={"forecast": forecast.number, "due": forecast.due.isoformat()},
            )
            for forecast in due
        )


def fingerprint(finding: Finding) -> str:
    """A short hash by which a finding is known again: sentence, effect and item, not revision."""
    parts = (finding.section, finding.claim, finding.effect.value, finding.by)
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "id": fingerprint(finding),
        "effect": finding.effect.value,
        "section": finding.section,
        "by": finding.by,
        "passage": finding.passage,
        "held_by": finding.held_by,
    }
