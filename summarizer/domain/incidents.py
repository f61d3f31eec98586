"""Incidents, their state and their noise."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import NamedTuple, NewType

from summarizer.domain.items import ItemKey, Passage, SourceItem
from summarizer.domain.model import Model

IncidentId = NewType("IncidentId", str)
"""Permanent id of an incident: ``INC-000042``."""


class Incident(Model):
    """One incident: a cluster of items about the same events.

    Args:
        label: the sender's key for the incident, if items have one (``NewItem.incident``).
        merged_into: id of the incident that this one was merged into; its own id redirects there.
        item_keys: items in order of ``seen_at``, then key.
        guests: those of them that are at home in another incident, and are shown here as well.
    """

    id: IncidentId
    created_at: dt.datetime
    label: str | None = None
    merged_into: IncidentId | None = None
    item_keys: tuple[ItemKey, ...] = ()
    guests: tuple[ItemKey, ...] = ()

    @property
    def own_keys(self) -> tuple[ItemKey, ...]:
        """The items that are at home here: they are grouped, moved and deleted with it."""
        guests = set(self.guests)
        return tuple(key for key in self.item_keys if key not in guests)


class IncidentSources(NamedTuple):
    """An incident with all its items and all their passages, at one moment.

    Args:
        items: in the order of the incident's keys.
        passages: by item in that order, then by position.
    """

    incident: Incident
    items: tuple[SourceItem, ...]
    passages: tuple[Passage, ...]


class State(StrEnum):
    """State of an incident; ``closed`` is shown as "Case Closed"."""

    EMERGING = "emerging"
    GROWING = "growing"
    DEBATED = "debated"
    MAJOR = "major"
    CLOSED = "closed"


class Factor(Model):
    """One of the seven factors of noise.

    Args:
        key: name in the configuration (``reach``, ``engagement`` …).
        weight: share of the score, 0–1, after the weights of missing factors were redistributed.
        value: 0–1, or ``None`` without input; ``weight`` is then 0.
        basis: description of the input, or of the missing input.
    """

    key: str
    weight: float
    value: float | None
    basis: str


class Noise(Model):
    """Noise of an incident at ``as_of``, with its state and its peak so far.

    Args:
        score: 0–100, after decay.
        peak: the highest score up to ``as_of``.
        peak_at: time of the peak; ``None`` before the first dated item.
        decay: share of the undecayed score that is left, 0–1.
        reopened_at: last time at which coverage resumed after the incident had closed; ``None`` if
            never.
    """

    as_of: dt.datetime
    score: int
    state: State
    peak: int
    peak_at: dt.datetime | None
    decay: float
    reopened_at: dt.datetime | None = None
    factors: tuple[Factor, ...]
    config_version: str
