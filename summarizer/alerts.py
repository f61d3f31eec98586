"""Says in the history that evidence turned against what stands on a page, once for each finding.

Called inside the ``Store.transaction`` that adds the items or stores the draft, so that nobody sees
the one without the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from summarizer import forecasting, rechecking, settling
from summarizer.domain import Draft, Effect, Entry, Finding, Happening
from summarizer.ports import Store
from summarizer.telling import Teller

CALENDAR = "calendar"
"""Who tells of what nobody did: a day that came."""

KINDS = {
    Effect.WITHDRAWN: Happening.RETRACTED,
    Effect.WEAKENED: Happening.RETRACTED,
    Effect.CONTRADICTED: Happening.CONTRADICTED,
}


def findings(store: Store, draft: Draft) -> tuple[Finding, ...]:
    """What the evidence of today does to the sentences of a draft."""
    keys = store.incident(draft.incident_id).item_keys
    return rechecking.recheck(draft, store.items(keys), store.passages(keys))


def tell(store: Store, teller: Teller, incident_id: str, actor: str) -> tuple[Entry, ...]:
    """Tell of what is found against the newest draft of an incident and was not told yet."""
    draft = store.newest_draft(incident_id)
    if draft is None:
        return ()
    foresee(store, teller, draft, actor)
    alarming = [f for f in findings(store, draft) if f.effect in KINDS]
    if not alarming:
        return ()
    told = {
        row["id"]
        for entry in store.history.of(draft.incident_id)
        if entry.kind in KINDS.values()
        for row in entry.detail["findings"]
    }
    entries = []
    for kind in dict.fromkeys(KINDS.values()):
        fresh = [f for f in alarming if KINDS[f.effect] is kind and fingerprint(f) not in told]
        if fresh:
            detail = {
                "reasons": list(rechecking.attention(fresh)),
                "findings": [_row(f) for f in fresh],
            }
            entries.append(teller(kind, draft.incident_id, actor, draft.revision, detail))
    return tuple(entries)


def foresee(store: Store, teller: Teller, draft: Draft, actor: str) -> None:
    """Keep the forecasts of a draft, and propose what later sources seem to say of open ones."""
    store.forecasts.keep(forecasting.foreseen(draft))
    waiting = [f for f in store.forecasts.of(draft.incident_id) if f.resolution is None]
    if not waiting:
        return
    keys = store.incident(draft.incident_id).item_keys
    items, passages = store.items(keys), store.passages(keys)
    for forecast in waiting:
        proposal = settling.proposed(forecast, items, passages)
        if proposal is not None and proposal != forecast.proposal:
            store.forecasts.propose(forecast.number, proposal)
            detail = {"forecast": forecast.number, **proposal.model_dump(mode="json")}
            teller(Happening.FORECAST_SETTLED, draft.incident_id, actor, draft.revision, detail)


def tell_due(store: Store, teller: Teller, now: dt.datetime) -> tuple[Entry, ...]:
    """Tell, once for each, of forecasts whose day has come; to be called whenever one looks.

    Anyone may look at the same time, in any process: what is untold is asked again under the lock
    of writers.
    """
    today = now.astimezone(dt.UTC).date()
    if not store.forecasts.untold(today):
        return ()
    with store.transaction():
        due = store.forecasts.untold(today)
        store.forecasts.told([forecast.number for forecast in due], now)
        return tuple(
            teller(
                Happening.FORECAST_DUE,
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
