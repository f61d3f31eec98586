"""Assignments of items to incidents, and editors' rulings on them, which clustering obeys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, SourceItem
from summarizer.domain.model import Model


class PairScore(Model):
    """Similarity of two items.

    Args:
        features: values by name, as defined in ``clustering.pair_features``.
        days: days between their publications, ``None`` when either is undated.
        score: combined similarity, 0–1; two items join from 0.5.
    """

    features: Mapping[str, float]
    days: float | None
    score: float


class Assignment(Model):
    """Decision of the clusterer about one item.

    Args:
        key: key of the item.
        incident: the incident that it joins, ``None`` when it starts a new one.
        score: score of the best incident, joined or not, 0–1; an item joins from 0.5, and a label
            or a copy scores 1.
        nearest: key of the most similar item in that incident, ``None`` without one.
        likeness: similarity to ``nearest``.
        merges: incidents to merge into ``incident``, because the item shows them to be one.
        reason: reason of the decision, in a sentence for an editor.
    """

    key: str
    incident: str | None
    score: float
    nearest: str | None = None
    likeness: PairScore | None = None
    merges: tuple[str, ...] = ()
    reason: str


class Ruling(Model):
    """An editor's decision that an item belongs to an incident, or does not.

    Args:
        belongs: whether the item belongs to the incident (must-link with its items) or must stay
            out of it (cannot-link with its items).
        by: name of the editor.
        at: aware UTC time.
    """

    item: ItemKey
    incident: IncidentId
    belongs: bool
    by: str
    at: dt.datetime


class Showing(Model):
    """An editor's decision that an incident shows an item that is at home in another one.

    Args:
        incident: that shows it, or the one into which it was merged.
        by: name of the editor.
        at: aware UTC time.
    """

    item: ItemKey
    incident: IncidentId
    by: str
    at: dt.datetime


class Member(Model):
    """An item of an incident, with the reason for its membership.

    Args:
        assignment: the clusterer's decision; ``None`` when an editor assigned the item first.
        ruling: the ruling of the editor who moved the item here.
        showing: why it is shown here; ``None`` for an item that is at home here.
        elsewhere: other incidents that have it, its home first; empty for readers.
    """

    item: SourceItem
    assignment: Assignment | None
    ruling: Ruling | None
    showing: Showing | None = None
    elsewhere: tuple[IncidentId, ...] = ()

    @property
    def reason(self) -> str:
        """Reason for the membership, in a sentence for an editor."""
        if self.showing is not None:
            return f"{self.showing.by} shows it here as well, since {self.showing.at:%Y-%m-%d}."
        if self.ruling is not None:
            return f"{self.ruling.by} put it here on {self.ruling.at:%Y-%m-%d}."
        return self.assignment.reason if self.assignment else "It was put here by hand."
