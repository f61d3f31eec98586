"""Standings of incidents: what lists and plans need to know of each, without any text."""

from __future__ import annotations

import datetime as dt

from summarizer.domain.incidents import IncidentId, State
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model
from summarizer.domain.outlook import Outlook
from summarizer.domain.reviews import ReviewState


class Standing(Model):
    """One incident as its items, newest draft and events make it.

    Args:
        number: of the incident, ascending in order of creation.
        items: in order of ``seen_at``, then key.
        highest: largest number of an item; 0 without items.
        platforms: of the items, sorted.
        newest_at: publication of its newest item; time of its creation without a dated one.
        origins: number of independent origins.
        tokens: estimated tokens of the texts.
        evidence_hash: of the items.
        arrived_at: arrival of its newest item; that of the incident without items.
        waiting_since: arrival of its oldest item that no draft has seen, else ``arrived_at``.
        revision: of the newest draft; ``None`` before the first.
        drafted_hash: evidence hash of that revision.
        drafted_at: time of its newest draft.
        held: keys of its edited and locked sections.
        title: headline of the newest draft; without one, the heading of the first item.
        review: of the newest revision.
        attention: reasons why that revision needs an editor, one sentence each.
        changed_at: time of its newest event.
        outlook: its noise from the newest item on.
    """

    incident_id: IncidentId
    number: int
    created_at: dt.datetime
    items: tuple[ItemKey, ...]
    highest: int
    platforms: tuple[str, ...]
    newest_at: dt.datetime
    origins: int
    tokens: int
    evidence_hash: str
    arrived_at: dt.datetime
    waiting_since: dt.datetime
    revision: int | None
    drafted_hash: str | None
    drafted_at: dt.datetime | None
    held: tuple[str, ...]
    title: str
    review: ReviewState
    attention: tuple[str, ...]
    changed_at: dt.datetime | None
    outlook: Outlook


class Wanted(Model):
    """Which incidents a list has; all match the defaults.

    Args:
        at: time of noise and state.
        upto: number of the newest item that counts.
        ids: only these incidents.
        state: of the incident.
        min_noise: 0–100.
        max_noise: 0–100.
        platform: of at least one item.
        since: least publication time of at least one item.
        until: that item's publication time is before this.
        review: of the newest revision.
        attention: only incidents whose newest draft needs an editor.
    """

    at: dt.datetime
    upto: int
    ids: frozenset[str] | None = None
    state: State | None = None
    min_noise: int = 0
    max_noise: int = 100
    platform: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    review: ReviewState | None = None
    attention: bool = False

    @property
    def by_noise(self) -> bool:
        """Whether it depends on noise or state."""
        return self.state is not None or (self.min_noise, self.max_noise) != (0, 100)
