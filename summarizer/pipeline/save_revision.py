"""Store a fresh draft or suggestion as the next revision.

Revisions are computed outside the transaction, from the newest one that the caller knows, and
computed again if another revision was stored meanwhile.
"""

from __future__ import annotations

from summarizer.domain.drafts import Draft, Suggestion
from summarizer.domain.events import SYSTEM_ACTOR, EventKind
from summarizer.domain.progress import DraftProgress, OnEvent, Stage
from summarizer.domain.usage import count_draft
from summarizer.errors import NotFoundError
from summarizer.monitoring import alerts
from summarizer.pipeline import revisions
from summarizer.storage.locks import drafts_of
from summarizer.storage.store import Store


def save_draft(store: Store, fresh: Draft, newest: Draft | None, on_event: OnEvent) -> Draft:
    """Merge a fresh draft with the editors' sections; store it with its event and alerts.

    Args:
        store: of the incident.
        fresh: the draft as it was made.
        newest: the newest revision as the caller knows it, ``None`` before the first.
        on_event: called inside the transaction.
    """
    by = fresh.made_by or SYSTEM_ACTOR
    drafter = revisions.drafter_name(fresh.drafter, fresh.model)
    while True:
        revision = newest.revision if newest else None
        merged = revisions.beside(newest, fresh)
        merged = merged.model_copy(update={"revision": (revision or 0) + 1})
        raised, counts = alerts.raise_attention(merged), count_draft(merged)
        with store.transaction(drafts_of(fresh.incident_id)):
            if store.newest_revision(fresh.incident_id) == revision:
                saved = store.save_draft(merged)
                on_event(_stored(saved))
                id_, detail = saved.incident_id, {"drafter": drafter, **counts}
                store.history.record(EventKind.DRAFTED, id_, by, saved.revision, detail)
                alerts.record(store, id_, raised)
                alerts.track_forecasts(store, saved)
                return saved
        newest = store.newest_draft(fresh.incident_id)


def save_suggestion(
    store: Store, suggestion: Suggestion, fresh: Draft, newest: Draft, on_event: OnEvent
) -> Draft:
    """Store a suggestion in the next revision, unless it says the same as the section.

    Args:
        store: of the incident.
        suggestion: a section that was drafted again.
        fresh: the draft that holds it, with its evidence.
        newest: the newest revision as the caller knows it.
        on_event: called inside the transaction.
    """
    key = suggestion.section.key
    while True:
        same = revisions.says_the_same(suggestion.section, newest.section(key))
        saved = newest if same else _with_suggestion(newest, suggestion, fresh)
        raised = alerts.raise_attention(saved)
        with store.transaction(drafts_of(newest.incident_id)):
            if store.newest_revision(newest.incident_id) == newest.revision:
                if not same:
                    store.save_draft(saved)
                on_event(_stored(saved))
                if not same:
                    id_, by = saved.incident_id, suggestion.asked_by
                    detail = {"section": key, "instruction": suggestion.instruction}
                    store.history.record(EventKind.SUGGESTED, id_, by, saved.revision, detail)
                    alerts.record(store, id_, raised)
                return saved
        newest = with_section(store.newest_draft(fresh.incident_id), fresh.incident_id, key)


def with_section(newest: Draft | None, incident_id: str, key: str) -> Draft:
    """The newest draft; raises ``NotFoundError`` if it or its section is missing."""
    if newest is None:
        raise NotFoundError(
            f"Incident {incident_id} has no draft yet: draft the whole incident first.",
            field="incident_id",
        )
    if key not in [section.key for section in newest.sections]:
        raise NotFoundError(f"There is no section {key!r}.", field="key")
    return newest


def _with_suggestion(newest: Draft, suggestion: Suggestion, fresh: Draft) -> Draft:
    beside = revisions.with_suggestion(newest, suggestion, fresh.evidence)
    made = {
        "revision": newest.revision + 1,
        "parent": newest.revision,
        "created_at": suggestion.made_at,
        "made_by": suggestion.asked_by,
        "change": f"had {suggestion.section.key} drafted anew",
    }
    return beside.model_copy(update=made)


def _stored(draft: Draft) -> DraftProgress:
    detail = f"stored revision {draft.revision}"
    return DraftProgress(stage=Stage.STORED, detail=detail, revision=draft.revision)
