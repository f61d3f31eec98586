"""Where an item was put and why, and what editors ruled about it, which holds for ever after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, SourceItem
from summarizer.domain.model import Model


class PairScore(Model):
    """How like two items are.

    Args:
        features: what was compared, by name; ``clustering`` says what each is.
        days: between their publications, ``None`` when either is undated.
        score: all of it in one number, 0–1; 0.5 is just enough to join.
    """

    features: Mapping[str, float]
    days: float | None
    score: float


class Assignment(Model):
    """Where an item belongs, and why.

    Args:
        key: of the item.
        incident: an incident known to the clusterer, ``None`` when the item begins a new one.
        score: of the best incident, joined or not, 0–1; joined from 0.5, 1 for a label or a copy.
        nearest: key of the most alike item in that incident, ``None`` when there is none.
        likeness: to that item.
        merges: incidents that the item shows to be the same one, and that go into ``incident``.
        reason: in words for an editor.
    """

    key: str
    incident: str | None
    score: float
    nearest: str | None = None
    likeness: PairScore | None = None
    merges: tuple[str, ...] = ()
    reason: str


class Ruling(Model):
    """What an editor decided about an item and an incident.

    Args:
        belongs: the item belongs there (must-link with what else does), or may not be there
            (cannot-link with everything in it).
        by: the editor.
        at: aware UTC time.
    """

    item: ItemKey
    incident: IncidentId
    belongs: bool
    by: str
    at: dt.datetime


class Member(Model):
    """An item of an incident, with why it is there.

    Args:
        assignment: how it was put where it first was; ``None`` when that was by hand.
        ruling: of the editor who has put it here since.
    """

    item: SourceItem
    assignment: Assignment | None
    ruling: Ruling | None

    @property
    def reason(self) -> str:
        """In words, for an editor."""
        if self.ruling is not None:
            return f"{self.ruling.by} put it here on {self.ruling.at:%Y-%m-%d}."
        return self.assignment.reason if self.assignment else "It was put here by hand."
