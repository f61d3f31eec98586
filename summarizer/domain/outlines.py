"""Outlines of incidents: the data that lists of incidents need, without any text."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model


class Member(NamedTuple):
    """One item of an incident; ``number`` ascends in order of ingestion."""

    number: int
    key: ItemKey
    seen_at: dt.datetime
    platform: str


class Outline(Model):
    """One incident without its texts.

    Args:
        number: number of the incident, ascending in order of creation.
        members: items in order of ``seen_at``, then number.
        revision: revision of the newest draft, ``None`` before the first.
    """

    id: IncidentId
    number: int
    created_at: dt.datetime
    members: tuple[Member, ...]
    revision: int | None

    @property
    def newest_at(self) -> dt.datetime:
        """Time of its newest item; time of its creation without items."""
        return self.members[-1].seen_at if self.members else self.created_at
