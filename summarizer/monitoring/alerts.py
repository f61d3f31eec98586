"""Alerts: events that call an editor to an incident, or end the call.

Their reasons are in a revision itself or in findings of later evidence; each finding is recorded
once.  Functions make alerts of a draft, its findings and the events of its incident, and ``record``
writes them, so that nothing is computed inside a transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from summarizer.domain import forecasts, reports, reviews
from summarizer.domain.drafts import Draft
from summarizer.domain.events import SYSTEM_ACTOR, Event, EventKind
from summarizer.domain.findings import Effect, Finding
from summarizer.domain.incidents import IncidentId, IncidentSources
from summarizer.domain.reviews import ReviewState
from summarizer.monitoring import attention, recheck
from summarizer.storage.locks import LOG
from summarizer.storage.store import Store

CALENDAR = "calendar"
"""Actor of events that a date causes."""

KINDS = {
    Effect.WITHDRAWN: EventKind.RETRACTED,
    Effect.WEAKENED: EventKind.RETRACTED,
    Effect.CONTRADICTED: EventKind.CONTRADICTED,
    Effect.ANSWERED: EventKind.CONTRADICTED,
    Effect.ENDED: EventKind.CONTRADICTED,
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


def waiting(draft: Draft, found: Iterable[Finding], log: Sequence[Event]) -> tuple[str, ...]:
    """Reasons why a draft needs an editor, one sentence each.

    An approval of the revision clears its own reasons and all findings recorded before.  Readers'
    reports call until they are answered.

    Args:
        draft: any revision.
        found: ``findings`` of the draft.
        log: events of its incident and of those merged into it, oldest first.
    """
    approval = _approval(draft, log)
    if approval is None:
        return (*reports.calls(log), *recheck.attention(found), *attention.attention(draft))
    known = _recorded(log, approval.number)
    fresh = recheck.attention(f for f in found if fingerprint(f) not in known)
    return (*reports.calls(log), *fresh)


def _approval(draft: Draft, log: Sequence[Event]) -> Event | None:
    """The approval of exactly this revision, if it is in force."""
    newest = _newest(draft, log, reviews.REVIEWS)
    state = reviews.review_of(newest).of(draft.revision)
    return newest if state is ReviewState.APPROVED else None


def _newest(draft: Draft, log: Sequence[Event], kinds: Collection[EventKind]) -> Event | None:
    """The newest event of these kinds of exactly the incident of a draft."""
    own = (e for e in reversed(log) if e.incident_id == draft.incident_id and e.kind in kinds)
    return next(own, None)


def raise_attention(draft: Draft, before: Draft | None = None) -> list[Alert]:
    """``needs_attention`` if a draft has a reason that the previous draft did not have.

    Counts are ignored: "2 suggestions wait" is not new after "1 suggestion waits".
    """
    reasons = attention.attention(draft)
    known = attention.attention(before) if before else ()
    if set(map(attention.uncounted, reasons)) - set(map(attention.uncounted, known)):
        return [_needed(draft, reasons)]
    return []


def _needed(draft: Draft, reasons: Iterable[str]) -> Alert:
    return Alert(EventKind.NEEDS_ATTENTION, draft.revision, {"reasons": list(reasons)})


def findings(draft: Draft, sources: IncidentSources) -> tuple[Finding, ...]:
    """Findings of the incident's present sources against the sentences of a draft."""
    return recheck.recheck(draft, sources.items, sources.passages)


def update(draft: Draft, found: Iterable[Finding], log: Sequence[Event]) -> list[Alert]:
    """Alerts for those findings against the newest draft that are not recorded yet."""
    alarming = [f for f in found if f.effect in KINDS]
    known = _recorded(log) if alarming else frozenset()
    alerts = []
    for kind in dict.fromkeys(KINDS.values()):
        fresh = [f for f in alarming if KINDS[f.effect] is kind and fingerprint(f) not in known]
        if fresh:
            rows = [_row(f) for f in fresh]
            detail = {"reasons": list(recheck.attention(fresh)), "findings": rows}
            alerts.append(Alert(kind, draft.revision, detail))
    return alerts


def clear(
    draft: Draft, found: Sequence[Finding], log: Sequence[Event], fresh: Iterable[Alert] = ()
) -> list[Alert]:
    """``needs_attention`` if there is a reason but no call, ``attention_over`` if the reverse.

    Args:
        draft: the newest of its incident.
        found: ``findings`` of the draft.
        log: events of its incident and of those merged into it, oldest first.
        fresh: alerts to be recorded first.
    """
    reasons = waiting(draft, found, log)
    last = _newest(draft, log, CALLS | {EventKind.ATTENTION_OVER})
    called = any(fresh) or (last is not None and last.kind in CALLS)
    if reasons and not called:
        return [_needed(draft, reasons)]
    if called and not reasons:
        return [Alert(EventKind.ATTENTION_OVER, draft.revision)]
    return []


def _recorded(log: Iterable[Event], before: int | None = None) -> frozenset[str]:
    """Fingerprints of recorded findings, only those before event ``before`` if given."""
    return frozenset(
        row["id"]
        for entry in log
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
    with store.transaction(LOG):
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


def end_embargoes(store: Store, now: dt.datetime) -> None:
    """Record ``hold_lifted`` once for each embargo whose time has come, and forget it."""
    if not store.holds.over(now):
        return
    with store.transaction(LOG):
        for hold in store.holds.over(now):
            store.holds.remove(hold)
            detail = {"hold": hold.kind.value}
            store.history.record(EventKind.HOLD_LIFTED, hold.incident_id, CALENDAR, detail=detail)


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
