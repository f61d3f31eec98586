"""Incidents, their state and their noise."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import NewType

from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model

IncidentId = NewType("IncidentId", str)
"""Permanent id of an incident: ``INC-000042``."""


# --- Incidents -------------------------------------------------------------------------------
class Incident(Model):
    """What one cluster of items is about.

    Args:
        label: the sender's key when items carried one (``NewItem.incident``).
        merged_into: id of the incident this one went into; its own id then redirects there.
        item_keys: items in order of ``seen_at``, then key.
    """

    id: IncidentId
    created_at: dt.datetime
    label: str | None = None
    merged_into: IncidentId | None = None
    item_keys: tuple[ItemKey, ...] = ()


class State(StrEnum):
    """Where an incident stands in its life; ``closed`` is shown as "Case Closed"."""

    EMERGING = "emerging"
    GROWING = "growing"
    DEBATED = "debated"
    MAJOR = "major"
    CLOSED = "closed"


class Factor(Model):
    """One of the seven factors of noise.

    Args:
        key: name in the configuration (``reach``, ``engagement`` …).
        weight: share of the score after the weights of missing factors were spread, 0–1.
        value: 0–1, or ``None`` when there was no input, and then ``weight`` is 0.
        basis: in words, what the value was computed from or what was missing.
    """

    key: str
    weight: float
    value: float | None
    basis: str


class Noise(Model):
    """How loud an incident is at ``as_of``, with its state and its peak so far.

    Args:
        score: 0–100, after decay.
        peak: the highest score up to ``as_of``.
        decay: share of the undecayed score that is left, 0–1.
        reopened_at: when coverage last began anew after the incident had closed; ``None`` if never.
    """

    as_of: dt.datetime
    score: int
    state: State
    peak: int
    peak_at: dt.datetime
    decay: float
    reopened_at: dt.datetime | None = None
    factors: tuple[Factor, ...]
    config_version: str
