"""Deletions: what is to go, who asked for it, and why."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model

Kind = Literal["item", "incident", "sender"]


class Deletion(Model):
    """A deletion that was asked for.

    Args:
        incident: where a whole incident goes.
        finished_at: when nothing of it was left, in the vector index either.
    """

    number: int
    at: dt.datetime
    by: str
    why: str
    incident: IncidentId | None = None
    finished_at: dt.datetime | None = None


class Hit(Model):
    """An incident that a deletion concerns.

    Args:
        revisions: stored revisions that lose something.
        sentences: sentences that the newest revision shows now and will not.
        goes: whether the whole incident is deleted, since nothing of it is left.
    """

    incident: IncidentId
    revisions: int
    sentences: int
    goes: bool


class DeletedItem(Model):
    """An item of a plan; ``name`` is for the eye of who decides, and is never stored."""

    key: ItemKey
    incident: IncidentId | None
    name: str


class Plan(Model):
    """What a deletion would take."""

    items: tuple[DeletedItem, ...]
    incidents: tuple[Hit, ...]
    incident: IncidentId | None = None


class Refused(Model):
    """Why a row is not taken: it equals an item that was deleted."""

    key: ItemKey
    at: dt.datetime
