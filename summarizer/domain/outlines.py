"""Incidents in outline: what a list of all of them needs to know before it reads any text."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model


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
