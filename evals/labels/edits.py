"""What editors leave behind, as labelled rows.

A sentence that an editor changed, removed or refused as ``unsupported`` or for a ``wrong_source``
is unsupported by the passages that it cited then.  The words that an editor puts in its place, for
whatever reason, are supported by what they cite, unless they were restored by hand: those may rest
on what the editor knows from elsewhere.  A sentence that an approval confirms to have been read
beside its passages is supported.  Edits without a reason say nothing.  Of two answers on one claim
and its passages the later holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from evals.labels.rows import CitedClaim, cited
from summarizer.domain.claims import CheckedClaim
from summarizer.domain.drafts import Draft
from summarizer.domain.events import Event, EventKind
from summarizer.domain.reviews import ChangeReason
from summarizer.errors import GoneError
from summarizer.storage.store import Store

KINDS = (
    EventKind.EDITED,
    EventKind.APPROVED,
    EventKind.CHANGES_REQUESTED,
    EventKind.REJECTED,
)
WRONG = (ChangeReason.UNSUPPORTED, ChangeReason.WRONG_SOURCE)
"""Reasons that make a sentence unsupported."""

Said = tuple[Draft, str, int, str]
"""A draft, the id of a claim in it, its label and why."""

Read = Callable[[str, int], Draft]


def from_store(store: Store) -> list[dict[str, Any]]:
    """Labelled rows of all events, in their order."""
    read = cache(store.draft)
    found: dict[str, dict[str, Any]] = {}
    for event in _events(store):
        try:
            said = list(_said(event, read))
        except GoneError:
            continue  # its incident was deleted
        for draft, id_, label, why in said:
            claim = _cited(draft, id_, restored=label == 0)
            if claim is not None:
                found.pop(claim.id, None)
                found[claim.id] = claim.labelled(label, reason=why)
    return list(found.values())


def _events(store: Store) -> Iterator[Event]:
    last = 0
    while events := store.history.after(last, 1_000, KINDS):
        yield from events
        last = events[-1].number


def _said(event: Event, read: Read) -> Iterator[Said]:
    """What one event says of claims."""
    assert event.incident_id is not None and event.revision is not None  # as in ``KINDS``
    there = read(event.incident_id, event.revision)
    if event.kind is EventKind.APPROVED:
        for id_ in event.detail.get("read", ()):
            yield there, id_, 1, "read"
    elif event.kind is EventKind.EDITED:
        for change in event.detail.get("changes", ()):
            if change["reason"]:
                before = read(event.incident_id, event.revision - 1)
                yield from _changed(change, before, there)
    elif event.detail.get("reason") in WRONG:
        for sentence in event.detail.get("sentences", ()):
            yield there, sentence["id"], 0, event.detail["reason"]


def _changed(change: Mapping[str, Any], before: Draft, after: Draft) -> Iterator[Said]:
    id_, why = change["id"], change["reason"]
    was = _held(before, id_)[1].claim
    if why in WRONG:
        yield before, id_, 0, why
    if change["after"] is not None and _held(after, id_)[1].claim != was:
        yield after, id_, 1, why


def _cited(draft: Draft, id_: str, *, restored: bool) -> CitedClaim | None:
    """A claim with its passages; ``None`` if it cites none, or was restored and may not be."""
    key, checked = _held(draft, id_)
    if checked.restored_because is not None and not restored:
        return None
    return cited(draft, key, checked.claim)


def _held(draft: Draft, id_: str) -> tuple[str, CheckedClaim]:
    return next(
        (section.key, checked)
        for section in draft.sections
        for checked in (*section.shown, *section.withheld)
        if checked.id == id_
    )
