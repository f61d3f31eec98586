"""Incidents in outline: what a list of all of them needs to know before it reads any text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple, Protocol

from summarizer.domain import IncidentId, ItemKey, Model


class Member(NamedTuple):
    """One item of an incident, by its number, which grows with every item of the store."""

    number: int
    key: ItemKey
    seen_at: dt.datetime
    platform: str


class Outline(Model):
    """One incident without its texts.

    Args:
        number: grows with every incident of the store.
        members: in order of ``seen_at``, then number.
        revision: of the newest draft, ``None`` before the first.
    """

    id: IncidentId
    number: int
    created_at: dt.datetime
    members: tuple[Member, ...]
    revision: int | None

    @property
    def newest_at(self) -> dt.datetime:
        """When its newest item became public; when it was opened, without one."""
        return self.members[-1].seen_at if self.members else self.created_at


class Outlines(Protocol):
    """Reads incidents in outline, many at one time."""

    def of(self, ids: Collection[str] | None = None) -> list[Outline]:
        """Exactly those incidents, all when left out; those that were merged away are absent."""
        ...

    def last_entry(self) -> int:
        """Number of the newest entry of the history, 0 before the first."""
        ...
