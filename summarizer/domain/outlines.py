"""Outlines of incidents: the data that lists of incidents need, without any text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model


class Member(NamedTuple):
    """One item of an incident; ``number`` ascends in order of ingestion, ``published_at`` is the
    ``counts_from`` of the item, and ``came_at`` when it came to the incident."""

    number: int
    key: ItemKey
    published_at: dt.datetime | None
    platform: str
    came_at: dt.datetime


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
        """Publication of its newest item; time of its creation without a dated item."""
        return newest_at(self.members) or self.created_at


def newest_at(members: Sequence[Member]) -> dt.datetime | None:
    """The newest time of publication of items in order; ``None`` without a dated one."""
    times = (member.published_at for member in reversed(members))
    return next((at for at in times if at is not None), None)
