"""Draft jobs: their status and events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model


class JobStatus(StrEnum):
    """Status of a draft job."""

    QUEUED = "queued"  # waiting for a worker, also after a stop or a crash
    RUNNING = "running"  # a worker is drafting
    DONE = "done"  # its revision is stored
    FAILED = "failed"  # nothing was stored; ``error`` says why
    CANCELLED = "cancelled"  # on request; nothing was stored

    @property
    def is_over(self) -> bool:
        """Whether the status is final."""
        return self not in (JobStatus.QUEUED, JobStatus.RUNNING)


class Job(Model):
    """A request for a draft, run in the background.

    Args:
        id: permanent, not guessable.
        asked_by: name of the editor or program that asked first; others may have joined.
        evidence_hash: hash of the incident's items at the time of the request.
        section: key of the only section to draft, ``None`` for a whole draft.
        instruction: an editor's instruction for that section.
        attempts: number of times a worker started it.
        revision: revision of the resulting draft.
        error: why it failed.
        blameless: whether it failed because the model's server fails every request.
        holder: random name of the running attempt, the only one that may store its draft.
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

    def is_same_request(self, other: Job) -> bool:
        """Whether both ask for the same draft of the same evidence."""
        wanted = ("incident_id", "evidence_hash", "section", "instruction")
        return all(getattr(self, name) == getattr(other, name) for name in wanted)


class JobEvent(Model):
    """One step of a job, for clients that watch its progress.

    Args:
        number: from 1 within the job, without gaps.
        stage: ``queued``, ``retrieving``, a ``progress.Stage``, ``failed`` or ``cancelled``.
        section: key of the section, for ``drafted``.
        detail: description for a person.
        body: preliminary content to show; plain JSON values.
    """

    number: int = 0
    at: dt.datetime
    stage: str
    section: str | None = None
    detail: str
    body: Mapping[str, Any] | None = None
