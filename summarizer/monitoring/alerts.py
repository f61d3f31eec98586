"""Alerts: events that call an editor to an incident, or end the call.

Their reasons are in a revision itself or in findings of later evidence; each finding is recorded
once.  Functions return alerts and ``record`` writes them, so that nothing is computed inside a
transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from summarizer.domain import forecasts, reviews
from summarizer.domain.drafts import Draft
from summarizer.domain.events import SYSTEM_ACTOR, Event, EventKind
from summarizer.domain.findings import Effect, Finding
from summarizer.domain.incidents import IncidentId
from summarizer.domain.reviews import ReviewState
from summarizer.monitoring import attention, recheck
from summarizer.storage.store import Store

CALENDAR = "calendar"
"""Actor of events that a date causes."""

KINDS = {
    Effect.WITHDRAWN: EventKind.RETRACTED,
    Effect.WEAKENED: EventKind.RETRACTED,
    Effect.CONTRADICTED: EventKind.CONTRADICTED,
}
"""Kind of event by effect of a finding; other effects raise no alert."""

CALLS = frozenset({EventKind.NEEDS_ATTENTION, *KINDS.values()})
"""Kinds of event that call an editor, until ``attention_over``."""


class Alert(NamedTuple):
    """An event to record about an incident."""

    kind: EventKind
    revision: int | None = None
    detail: Mapping[str, Any] = MappingProxyType({})


def record(store: Store, incident_id: IncidentId, alerts: Iterable[Alert]) -> None:
    """Record alerts as events of an incident; call it in the transaction of their cause, if any."""
    for alert in alerts:
        store.history.record(alert.kind, incident_id, SYSTEM_ACTOR, alert.revision, alert.detail)


def waiting(store: Store, draft: Draft, found: Iterable[Finding] | None = None) -> tuple[str, ...]:
    """Reasons why a draft needs an editor, one sentence each.

    An approval of the revision clears its own reasons and all findings recorded before.

    Args:
        store: of the draft.
        draft: any revision.
        found: ``findings`` of the draft; computed if left out.
    """
    against = findings(store, draft) if found is None else tuple(found)
    approval = _approval(store, draft)
    if approval is None:
        return (*recheck.attention(against), *attention.attention(draft))
    known = _recorded(store, draft, approval.number)
    return recheck.attention(f for f in against if fingerprint(f) not in known)


def _approval(store: Store, draft: Draft) -> Event | None:
    """The approval of exactly this revision, if it is in force."""
    id_ = store.incident(draft.incident_id).id
    newest = store.history.newest([id_], reviews.REVIEWS).get(id_)
    state = reviews.review_of(newest).of(draft.revision)
    return newest if state is ReviewState.APPROVED else None


def raise_attention(draft: Draft, before: Draft | None = None) -> list[Alert]:
    """``needs_attention`` if a draft has a reason that the previous draft did not have.

    Counts are ignored: "2 suggestion(s) wait" is not new after "1 suggestion(s) wait".
    """
    reasons = attention.attention(draft)
    known = attention.attention(before) if before else ()
    if {_uncounted(one) for one in reasons} - {_uncounted(one) for one in known}:
        return [_needed(draft, reasons)]
    return []


def _needed(draft: Draft, reasons: Iterable[str]) -> Alert:
    return Alert(EventKind.NEEDS_ATTENTION, draft.revision, {"reasons": list(reasons)})


def _uncounted(reason: str) -> str:
    return reason.lstrip("0123456789 ")


def findings(store: Store, draft: Draft) -> tuple[Finding, ...]:
    """Findings of the incident's present evidence against the sentences of a draft."""
    keys = store.incident(draft.incident_id).item_keys
    return recheck.recheck(draft, store.items(keys), store.passages(keys))


def update(store: Store, draft: Draft, found: Iterable[Finding]) -> list[Alert]:
    """Alerts for those findings against the newest draft that are not recorded yet."""
    alarming = [f for f in found if f.effect in KINDS]
    known = _recorded(store, draft) if alarming else frozenset()
    alerts = []
    for kind in dict.fromkeys(KINDS.values()):
        fresh = [f for f in alarming if KINDS[f.effect] is kind and fingerprint(f) not in known]
        if fresh:
            rows = [_row(f) for f in fresh]
            detail = {"reasons": list(recheck.attention(fresh)), "findings": rows}
            alerts.append(Alert(kind, draft.revision, detail))
    return alerts


def clear(
    store: Store, draft: Draft, found: Iterable[Finding], fresh: Iterable[Alert] = ()
) -> list[Alert]:
    """``needs_attention`` if there is a reason but no call, ``attention_over`` if the reverse.

    Args:
        store: of the draft.
        draft: the newest of its incident.
        found: ``findings`` of the draft.
        fresh: alerts to be recorded first.
    """
    reasons = waiting(store, draft, found)
    id_ = store.incident(draft.incident_id).id
    last = store.history.newest([id_], CALLS | {EventKind.ATTENTION_OVER}).get(id_)
    called = any(fresh) or (last is not None and last.kind in CALLS)
    if reasons and not called:
        return [_needed(draft, reasons)]
    if called and not reasons:
        return [Alert(EventKind.ATTENTION_OVER, draft.revision)]
    return []


def _recorded(store: Store, draft: Draft, before: int | None = None) -> frozenset[str]:
    """Fingerprints of recorded findings, only those before event ``before`` if given."""
    return frozenset(
        row["id"]
        for entry in store.history.of(draft.incident_id)
        if entry.kind in KINDS.values() and (before is None or entry.number < before)
        for row in entry.detail["findings"]
    )


def track_forecasts(store: Store, draft: Draft) -> None:
    """Store the forecasts of a draft, to be announced on their due day."""
    store.forecasts.keep(forecasts.foreseen(draft))


def announce_due(store: Store, now: dt.datetime) -> tuple[Event, ...]:
    """Record ``forecast_due`` once for each forecast whose day (UTC) has come.

    Safe to call from several threads and processes: the query is repeated under the write lock.
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
    """A short hash of a finding's section, claim, effect and item, the same in every revision."""
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
