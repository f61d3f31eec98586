"""The one log of what happened: its words and its port."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from pydantic import Field

from summarizer.domain import IncidentId, Model


class Happening(StrEnum):
    """What happened to an incident, or to all: one kind of entry in the history."""

    OPENED = "opened"
    ITEMS_ADDED = "items_added"
    REOPENED = "reopened"
    DRAFTED = "drafted"
    DRAFT_FAILED = "draft_failed"
    NEEDS_ATTENTION = "needs_attention"
    ATTENTION_OVER = "attention_over"
    EDITED = "edited"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SPLIT = "split"
    SET_ASIDE = "set_aside"
    RELEASED = "released"
    BUDGET_EXHAUSTED = "budget_exhausted"
    PAUSED = "paused"
    RESUMED = "resumed"
    MOVED = "moved"
    RETRACTED = "retracted"
    CONTRADICTED = "contradicted"
    FORECAST_DUE = "forecast_due"
    FORECAST_SETTLED = "forecast_settled"
    FORECAST_RESOLVED = "forecast_resolved"


class Entry(Model):
    """One line of the history: who did what to which incident, and when.

    Args:
        number: 1 for the first of the store; grows with every entry, gaps are possible.
        incident_id: ``None`` for what concerns all of them.
        actor: name of the editor or program.
        revision: of the draft that it made or speaks of.
        detail: what else there is to say, by name; plain JSON values, never source text.
    """

    number: int = 0
    at: dt.datetime
    kind: Happening
    incident_id: IncidentId | None
    actor: str
    revision: int | None = None
    detail: Mapping[str, Any] = Field(default_factory=dict)


class History(Protocol):
    """Who did what to which incident: entries are only ever added.

    Written inside ``Store.transaction`` together with what they tell of.
    """

    def add(self, entry: Entry) -> Entry:
        """Keep an entry under the next number, whatever number it came with."""
        ...

    def after(
        self,
        number: int,
        limit: int = 100,
        kinds: Collection[Happening] = (),
        incident_id: str | None = None,
    ) -> list[Entry]:
        """Entries with a higher number, oldest first; of some kinds only when any are given, of one
        incident and those merged into it when it is given.

        Numbers become visible in their order: once an entry was seen, none with a lower number
        comes after it, whoever writes."""
        ...

    def last(self) -> int:
        """Number of the newest entry, 0 before the first."""
        ...

    def of(self, incident_id: str) -> list[Entry]:
        """Entries of an incident and of all that were merged into it, oldest first."""
        ...

    def newest(
        self, incident_ids: Sequence[str], kinds: Collection[Happening]
    ) -> dict[IncidentId, Entry]:
        """The newest entry of these kinds of exactly each incident; those without one are absent
        from the answer."""
        ...

    def latest(self, kinds: Collection[Happening]) -> Entry | None:
        """The newest entry of these kinds, of any incident or of none."""
        ...

    def look(self, actor: str, incident_id: str, number: int) -> None:
        """Note up to which entry somebody has seen an incident; never takes a look back."""
        ...

    def looks(self, actor: str) -> dict[IncidentId, int]:
        """Up to which entry somebody has seen each incident that they looked at."""
        ...
