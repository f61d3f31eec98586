"""Incidents that drafting in bulk has to itself, so that nobody drafts the same evidence beside it.

A reservation is a job, like the drafts that workers make: they see it in the plan, in the moment
in which they would begin, and whoever asks for a draft of the same evidence joins it.  It ends when
the draft is stored or given up, when its batch or the job is called off, when others draft newer
evidence, and when nobody collects the batch.  Only its holder stores a draft under it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from typing import Any

from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobEvent, JobStatus
from summarizer.ports.clock import Clock
from summarizer.storage.store import Store

BATCH = "batch"
"""Who acts, in jobs and their failures, where drafting in bulk does."""

HOLD = dt.timedelta(hours=1)
"""For how long an incident stays with a run that was killed while it drafted; renewed by halves.
The next run takes it up at once: this is for workers, which then ask at full price.  Our choice."""

IN_BATCH = dt.timedelta(hours=24) + HOLD
"""For how long an incident waits for a batch: no batch runs for more than 24 hours."""


class LostError(Exception):
    """The reservation was ended by others while the draft was being made."""


class Reservations:
    """Those of one run on one store."""

    def __init__(self, store: Store, clock: Clock, run: str) -> None:
        """Nothing is written before ``take``.

        Args:
            store: keeps them among its jobs.
            clock: the time.
            run: name of the run, at most 32 characters, which holds what it takes.
        """
        self._store = store
        self._history = store.history
        self._clock = clock
        self._run = run

    def take(
        self, incident_id: IncidentId, evidence_hash: str, is_due: Callable[[], bool]
    ) -> Job | None:
        """Reserve an incident, or take up what a run has reserved before.

        Args:
            incident_id: of the incident.
            evidence_hash: of its items.
            is_due: asked at the moment at which nobody else can begin a draft or store one.

        Returns:
            ``None`` when somebody else drafts it, or has done so.
        """
        with self._store.transaction():
            under_way = self._store.jobs.drafting(incident_id)
            if any(not job.batched for job in under_way) or not is_due():
                return None
            same = [job for job in under_way if job.evidence_hash == evidence_hash]
            for job in under_way:
                if job not in same[:1]:
                    self._end(job, JobStatus.CANCELLED, "new evidence came in")
            job = same[0] if same else self._new(incident_id, evidence_hash)
            return self._held(job)

    def holds(self, incident_id: IncidentId) -> bool:
        """Whether an incident is reserved for drafting in bulk, by whichever run."""
        return bool(self._jobs([incident_id]))

    def laid(self, incidents: Collection[IncidentId]) -> None:
        """Keep incidents until their batch must have ended; inside the transaction in which the
        batch is written down."""
        for job in self._jobs(incidents):
            self._change(job, lease_until=self._clock.now() + IN_BATCH)
            self._tell(job, "batched", "its questions are in a message batch, for a day at most")

    def collected(self, incidents: Collection[IncidentId]) -> None:
        """Hold incidents whose batch has ended, to draft them."""
        for job in self._jobs(incidents):
            self._held(job)

    def renew(self) -> None:
        """Keep what this run holds and half of whose time is over."""
        now = self._clock.now()
        with self._store.transaction():
            for job in self._jobs():
                if job.holder == self._run and (job.lease_until or now) <= now + HOLD / 2:
                    self._held(job)

    def stored(self, begun: Job, revision: int) -> None:
        """End one with its draft, inside the transaction that stores that.

        Raises:
            LostError: it is not this run's any more, and the draft must not be stored.
        """
        job = self._mine(begun)
        if job is None:
            raise LostError
        self._end(job, JobStatus.DONE, f"stored revision {revision}", revision=revision)

    def failed(self, begun: Job, reason: str) -> None:
        """End one without a draft, and say so in the history; not one that was lost."""
        with self._store.transaction():
            job = self._mine(begun)
            if job is not None:
                self._end(job, JobStatus.FAILED, reason, error=reason)
                detail = {"job": job.id, "reason": reason}
                self._history.record(EventKind.DRAFT_FAILED, job.incident_id, BATCH, detail=detail)

    def let_go(self, incidents: Collection[IncidentId], why: str) -> None:
        """Leave incidents to others, whoever reserved them."""
        with self._store.transaction():
            for job in self._jobs(incidents):
                self._end(job, JobStatus.CANCELLED, why)

    # --- Rows --------------------------------------------------------------------------------

    def _jobs(self, incidents: Collection[IncidentId] | None = None) -> list[Job]:
        running = self._store.jobs.with_status(JobStatus.RUNNING)
        return [
            job
            for job in running
            if job.batched and (incidents is None or job.incident_id in incidents)
        ]

    def _mine(self, begun: Job) -> Job | None:
        job = self._store.jobs.job(begun.id)
        return job if (job.status, job.holder) == (JobStatus.RUNNING, self._run) else None

    def _new(self, incident_id: IncidentId, evidence_hash: str) -> Job:
        now = self._clock.now()
        return Job(
            id=uuid.uuid4().hex,
            incident_id=incident_id,
            status=JobStatus.RUNNING,
            asked_by=BATCH,
            created_at=now,
            started_at=now,
            evidence_hash=evidence_hash,
            attempts=1,
            batched=True,
        )

    def _held(self, job: Job) -> Job:
        return self._change(job, holder=self._run, lease_until=self._clock.now() + HOLD)

    def _end(self, job: Job, status: JobStatus, words: str, **changes: Any) -> None:
        ended = self._change(job, status=status, finished_at=self._clock.now(), **changes)
        stage = "stored" if status is JobStatus.DONE else status.value
        self._tell(ended, stage, words)

    def _change(self, job: Job, **changes: Any) -> Job:
        changed = job.model_copy(update=changes)
        self._store.jobs.save(changed)
        return changed

    def _tell(self, job: Job, stage: str, words: str) -> None:
        body = {"revision": job.revision} if job.revision is not None else None
        event = JobEvent(at=self._clock.now(), stage=stage, detail=words, body=body)
        self._store.jobs.add_event(job.id, event)
