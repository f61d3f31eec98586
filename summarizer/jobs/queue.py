"""Drafts that are made in the background: asked for, joined, watched, cancelled, taken up again.

The database is the truth: a job's status and its events are written before anybody hears of them,
and a draft is stored in the same transaction in which its job is done.  So a process that is
killed leaves no draft half-made; the next one drafts again, and the model's answers, stored under
the hash of their request, are not paid for twice.

Several processes may work on one database.  Whoever begins a job holds it for the time of a lease
and renews that while it drafts; a lease that ran out frees the job for others, and whoever held it
then stores nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import Context, copy_context
from typing import Any

from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobEvent, JobStatus
from summarizer.domain.progress import DraftProgress, OnEvent, unwatched
from summarizer.errors import (
    ConnectionFailedError,
    InputError,
    ModelAccessError,
    NotFoundError,
    OverloadedError,
    RateLimitError,
    SummarizerError,
)
from summarizer.pipeline.pipeline import Pipeline
from summarizer.ports.clock import Clock
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""How often a job is begun when the process dies under it; a draft that kills the process, for
want of memory, must not do so for ever.  Our choice."""

LEASE = dt.timedelta(seconds=60)
"""For how long a job stays with a process that was killed; renewed thrice in that time."""

SERVER_ERRORS = (ConnectionFailedError, RateLimitError, OverloadedError, ModelAccessError)
"""Failures that would have met any draft."""

INTERRUPTED = f"The service died {MOST_ATTEMPTS} times while it made this draft."


class _StoppedError(Exception):
    """Leaves a draft at its next event: the job was cancelled, or the service stops."""


class DraftQueue:
    """Makes the drafts that were asked for, a few at a time; composed by ``bootstrap``."""

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        clock: Clock,
        workers: int,
        lease: dt.timedelta = LEASE,
    ) -> None:
        """Nothing runs before ``resume``, ``ask`` or ``begin``.

        Args:
            store: keeps jobs, events and drafts.
            pipeline: drafts.
            clock: the time.
            workers: drafts at one time, >= 1.
            lease: see ``LEASE``.
        """
        self.workers = workers
        self._store = store
        self._pipeline = pipeline
        self._history = store.history
        self._clock = clock
        self._lease = lease
        self._held: set[str] = set()
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="draft")
        self._stopping = threading.Event()
        self._asked_in: dict[str, Context] = {}  # by job: where it was asked for, for traces
        self._lock = threading.Lock()
        self._listeners: dict[object, tuple[str, Callable[[], None]]] = {}

    # --- Asking ------------------------------------------------------------------------------

    def ask(
        self,
        incident_id: str,
        asked_by: str,
        section: str | None = None,
        instruction: str | None = None,
    ) -> Job:
        """Have an incident drafted, or one section; the same request joins the one under way.

        Raises:
            InputError: an instruction, but no section or no model to follow it.
            NotFoundError: there is no such incident or section.
        """
        if instruction and section is None:
            raise InputError(
                "An instruction needs a section: name the one to draft anew.", field="section"
            )
        if section is not None and section not in [spec.key for spec in self._pipeline.specs]:
            raise NotFoundError(f"There is no section {section!r}.", field="section")
        if instruction and self._pipeline.drafter.model is None:
            raise InputError(
                "Drafting without a model puts source sentences together and follows no "
                "instruction: ask without one, or set ANTHROPIC_API_KEY to draft with a model.",
                field="instruction",
            )
        wanted = Job(
            id=uuid.uuid4().hex,
            incident_id=self._store.incident(incident_id).id,
            asked_by=asked_by,
            created_at=self._clock.now(),
            evidence_hash=self._pipeline.evidence_hash(incident_id),
            section=section,
            instruction=instruction or None,
        )
        with self._store.transaction():
            running = self._store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)
            if found := next((job for job in running if job.does(wanted)), None):
                return found
            self._store.jobs.save(wanted)
            self._tell(wanted, "queued", "waits for its turn")
            self._asked_in[wanted.id] = copy_context()
        self._submit()
        return wanted

    def begin(
        self,
        incident_id: str,
        asked_by: str,
        evidence_hash: str,
        allowed: Callable[[], bool],
        watch: OnEvent = unwatched,
    ) -> Future[Job | None]:
        """Draft an incident when a worker is free, if it is allowed then, no draft is under way,
        and no message batch holds it.

        Args:
            incident_id: of the incident.
            asked_by: who acts in the history.
            evidence_hash: of its items.
            allowed: asked at the moment at which nobody else can begin a draft or store one.
            watch: is told each step, in another thread.

        Returns:
            In the future the job as it ended, or ``None`` when there was no need of it.
        """
        wanted = Job(
            id=uuid.uuid4().hex,
            incident_id=self._store.incident(incident_id).id,
            asked_by=asked_by,
            created_at=self._clock.now(),
            evidence_hash=evidence_hash,
        )
        return self._pool.submit(self._begin, wanted, allowed, watch)

    def _begin(self, wanted: Job, allowed: Callable[[], bool], watch: OnEvent) -> Job | None:
        if not allowed():  # what takes long, before others have to wait for it
            return None
        now = self._clock.now()
        with self._store.transaction():
            if self._stopping.is_set():
                return None
            id_ = wanted.incident_id
            taken = self._store.jobs.drafting(id_) or id_ in self._store.batches.held(now)
            if taken or not allowed():
                return None
            self._store.jobs.save(wanted)
            job = self._started(wanted)
        self._run(job, watch)
        return self.job(job.id)

    def job(self, job_id: str) -> Job:
        """The job as it stands; raises ``NotFoundError`` when there is none."""
        return self._store.jobs.job(job_id)

    def cancel(self, job_id: str) -> Job:
        """Call a job off; one that is over stays as it is.

        A draft that runs is left at its next event, and nothing of it is stored.

        Raises:
            NotFoundError: there is no such job.
        """
        with self._store.transaction():
            job = self.job(job_id)
            if job.status.is_over:
                return job
            job = self._change(job, status=JobStatus.CANCELLED, finished_at=self._clock.now())
            self._tell(job, "cancelled", "cancelled")
            self._asked_in.pop(job_id, None)
        self._wake(job_id)
        return job

    # --- Watching ----------------------------------------------------------------------------

    def events(self, job_id: str, after: int = 0) -> list[JobEvent]:
        """The steps of a job after that number; raises ``NotFoundError`` when there is no job."""
        return self._store.jobs.events(job_id, after)

    @contextmanager
    def listening(self, job_id: str, listener: Callable[[], None]) -> Iterator[None]:
        """Calls a listener, in any thread, after every step of a job until the block is left.

        A callback and not something to wait on: whoever watches from an event loop holds no
        thread.  It must neither block nor raise.
        """
        token = object()
        with self._lock:
            self._listeners[token] = (job_id, listener)
        try:
            yield
        finally:
            with self._lock:
                del self._listeners[token]

    def _wake(self, job_id: str) -> None:
        with self._lock:
            ours = [listener for id_, listener in self._listeners.values() if id_ == job_id]
        for listener in ours:
            listener()

    # --- Starting and stopping ---------------------------------------------------------------

    def resume(self) -> list[Future[None]]:
        """``tend``, now and from time to time until ``stop``, so that no lease runs out here.

        Returns:
            Done when nothing waits any more of what others left.
        """
        waiting = self.tend()
        threading.Thread(target=self._keep_tending, name="leases", daemon=True).start()
        return waiting

    def _keep_tending(self) -> None:
        while not self._stopping.wait(self._lease.total_seconds() / 3):
            try:
                self.tend()
            except SummarizerError:
                log.exception("leases could not be renewed; the next try is soon")

    def tend(self) -> list[Future[None]]:
        """Renew the leases of what runs here, take back what nobody holds any more, and work at
        what waits.

        Returns:
            Done when nothing waits any more.
        """
        now = self._clock.now()
        with self._store.transaction():
            for job in self._store.jobs.with_status(JobStatus.RUNNING):
                if job.holder in self._held:
                    self._change(job, lease_until=now + self._lease)
                elif not self._is_leased(job, now):
                    self._take_back(job)
            waiting = len(self._store.jobs.with_status(JobStatus.QUEUED))
        return [done for _ in range(min(waiting, self.workers)) if (done := self._submit())]

    def _is_leased(self, job: Job, now: dt.datetime) -> bool:
        """Whether somebody holds a job; none for longer, unless the clock was set back since."""
        return job.lease_until is not None and now < job.lease_until <= now + self._lease

    def _take_back(self, job: Job) -> None:
        if job.attempts >= MOST_ATTEMPTS:
            self._fail(job, INTERRUPTED)
        else:
            self._requeue(job)

    @property
    def is_stopping(self) -> bool:
        """Whether it winds down."""
        return self._stopping.is_set()

    def wind_down(self) -> None:
        """Begin nothing more, and hand back what runs at its next event; waits for nothing."""
        self._stopping.set()

    def stop(self) -> None:
        """Wind down, and wait for calls to the model that are under way, so that their answers
        are kept."""
        self.wind_down()
        self._pool.shutdown(wait=True, cancel_futures=True)

    # --- Working -----------------------------------------------------------------------------

    def _submit(self) -> Future[None] | None:
        with suppress(RuntimeError):  # the pool is shut down: the next process takes it up
            return self._pool.submit(self._work)
        return None

    def _work(self) -> None:
        """Make the drafts that wait, the oldest first."""
        while job := self._take():
            self._run(job)

    def _run(self, job: Job, watch: OnEvent = unwatched) -> None:
        """Make a draft that this process holds, and be done with it whatever happens."""
        self._wake(job.id)
        try:
            self._asked_in.pop(job.id, Context()).run(self._make, job, watch)
        except _StoppedError:
            log.info("the draft of %s was left: cancelled, or the service stops", job.incident_id)
        except SummarizerError as error:
            log.warning("the draft of %s failed: %s", job.incident_id, error)
            self._fail_now(job, str(error), isinstance(error, SERVER_ERRORS))
        except Exception as error:
            # Whatever it is, it is this draft's: the worker goes on with the next.
            log.exception("the draft of %s failed", job.incident_id)
            self._fail_now(job, f"Something unforeseen went wrong ({type(error).__name__}).")
        finally:
            self._held.discard(str(job.holder))
        self._wake(job.id)

    def _take(self) -> Job | None:
        with self._store.transaction():
            if self._stopping.is_set():
                return None
            for job in self._store.jobs.with_status(JobStatus.QUEUED):
                if job.section is not None or not self._is_drafted(job.incident_id):
                    return self._started(job)
        return None

    def _is_drafted(self, incident_id: IncidentId) -> bool:
        """Whether a whole draft of an incident is being made."""
        under_way = self._store.jobs.drafting(incident_id)
        return any(job.status is JobStatus.RUNNING for job in under_way)

    def _started(self, job: Job) -> Job:
        holder, now = uuid.uuid4().hex, self._clock.now()
        self._held.add(holder)
        started = self._change(
            job,
            status=JobStatus.RUNNING,
            started_at=now,
            attempts=job.attempts + 1,
            holder=holder,
            lease_until=now + self._lease,
        )
        self._tell(started, "retrieving", "chooses passages")
        return started

    def _make(self, job: Job, watch: OnEvent) -> None:
        def note(event: DraftProgress) -> None:
            self._note(job, event)
            watch(event)

        by = job.asked_by
        if job.section is None:
            self._pipeline.draft(job.incident_id, note, by)
        else:
            self._pipeline.suggest(job.incident_id, job.section, job.instruction, by, note)

    def _note(self, begun: Job, event: DraftProgress) -> None:
        """Write a step down, or leave the draft when it is not wanted any more, or not ours.

        ``stored`` comes inside the transaction that stores the draft: both or neither.
        """
        with self._store.transaction():
            job = self.job(begun.id)
            if (job.status, job.holder) != (JobStatus.RUNNING, begun.holder):
                raise _StoppedError
            stored = event.revision is not None
            leaving = self._stopping.is_set() and not stored
            if leaving:
                self._requeue(job, attempts=job.attempts - 1)
            else:
                self._tell(job, event.stage.value, event.detail, event.section, _body(event))
            if stored:
                now, revision = self._clock.now(), event.revision
                self._change(job, status=JobStatus.DONE, finished_at=now, revision=revision)
        self._wake(job.id)
        if leaving:
            raise _StoppedError

    # --- Writing -----------------------------------------------------------------------------

    def _requeue(self, job: Job, **changes: Any) -> None:
        nobody: dict[str, Any] = {"started_at": None, "holder": None, "lease_until": None}
        self._change(job, status=JobStatus.QUEUED, **nobody, **changes)
        self._tell(job, "queued", "interrupted: will be made again")

    def _fail_now(self, job: Job, reason: str, blameless: bool = False) -> None:
        with self._store.transaction():
            current = self.job(job.id)
            if (current.status, current.holder) == (JobStatus.RUNNING, job.holder):
                self._fail(current, reason, blameless)

    def _fail(self, job: Job, reason: str, blameless: bool = False) -> None:
        now = self._clock.now()
        failed = {"status": JobStatus.FAILED, "error": reason, "blameless": blameless}
        self._change(job, finished_at=now, **failed)
        self._tell(job, "failed", reason)
        self._history.record(
            EventKind.DRAFT_FAILED,
            job.incident_id,
            job.asked_by,
            detail={"job": job.id, "reason": reason},
        )

    def _change(self, job: Job, **changes: Any) -> Job:
        changed = job.model_copy(update=changes)
        self._store.jobs.save(changed)
        return changed

    def _tell(
        self,
        job: Job,
        stage: str,
        detail: str,
        section: str | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        event = JobEvent(
            at=self._clock.now(), stage=stage, section=section, detail=detail, body=body
        )
        self._store.jobs.add_event(job.id, event)


def _body(event: DraftProgress) -> Mapping[str, Any] | None:
    """What can be shown already: a drafted section, its claims marked as not yet verified."""
    if event.revision is not None:
        return {"revision": event.revision}
    if event.drafted is None:
        return None
    return {
        "claims": [
            claim.model_dump(mode="json", exclude_none=True) | {"verified": False}
            for claim in event.drafted.claims
        ],
        "abstained": event.drafted.abstained,
    }
