"""Drafts that were asked for: a job, its states and events, and the port of their store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model


class JobStatus(StrEnum):
    """Where a draft that was asked for has got to."""

    QUEUED = "queued"  # it waits for its turn; also after a stop or a crash
    RUNNING = "running"  # a worker is at it
    DONE = "done"  # its revision is stored
    FAILED = "failed"  # nothing was stored; ``error`` says why
    CANCELLED = "cancelled"  # somebody called it off; nothing was stored

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (JobStatus.QUEUED, JobStatus.RUNNING)


class Job(Model):
    """A draft that was asked for.

    Args:
        id: permanent, not guessable.
        asked_by: who asked first; others may have joined.
        evidence_hash: of the incident's items when it was asked for.
        section: key of the only section to draft, ``None`` for a whole draft.
        instruction: an editor's wish for that section.
        attempts: how often a worker began it.
        revision: of the draft that it made.
        error: why it failed.
        blameless: whether it failed because the model's server failed whoever asks.
        holder: the attempt that is under way, a random name; ``None`` while none is.
        lease_until: when others may take it from that holder, if it is not renewed.
    """

    id: str
    incident_id: IncidentId
    status: JobStatus = JobStatus.QUEUED
    asked_by: str
    created_at: dt.datetime
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    evidence_hash: str
    section: str | None = None
    instruction: str | None = None
    attempts: int = 0
    revision: int | None = None
    error: str | None = None
    blameless: bool = False
    holder: str | None = None
    lease_until: dt.datetime | None = None

    def does(self, other: Job) -> bool:
        """Whether it makes what the other would."""
        wanted = ("incident_id", "evidence_hash", "section", "instruction")
        return all(getattr(self, name) == getattr(other, name) for name in wanted)


class JobEvent(Model):
    """One step of a job, for those who watch.

    Args:
        number: 1 for the first of its job, without gaps.
        stage: ``queued``, ``retrieving``, a ``progress.Stage``, ``failed`` or ``cancelled``.
        section: key, for ``drafted``.
        detail: in words, for a person.
        body: what there is to show already; plain JSON values.
    """

    number: int = 0
    at: dt.datetime
    stage: str
    section: str | None = None
    detail: str
    body: Mapping[str, Any] | None = None
