"""The queue of draft jobs: enqueue, join, watch, cancel, resume.

A job's status and events are stored before listeners are called, and a draft is stored in the
transaction that completes its job.  After a crash the job runs again, and stored model answers are
not paid for twice.

Several processes may work on one database.  A process holds a running job by a lease, which it
renews; when a lease expires, another process may take the job, and the former holder stores
nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
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
    IndexUnreachableError,
    InputError,
    ModelAccessError,
    NotFoundError,
    OverloadedError,
    RateLimitError,
    SummarizerError,
)
from summarizer.pipeline.pipeline import Pipeline
from summarizer.ports.clock import Clock
from summarizer.storage.locks import JOBS
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""Most attempts of a job whose process dies, so that a draft that exhausts memory ends."""

LEASE = dt.timedelta(seconds=60)
"""Duration of a lease, renewed three times in it."""

SERVER_ERRORS = (
    ConnectionFailedError,
    IndexUnreachableError,
    ModelAccessError,
    OverloadedError,
    RateLimitError,
)
"""Errors of the servers of model and index that do not depend on the draft."""

INTERRUPTED = f"The service died {MOST_ATTEMPTS} times while it made this draft."


class _StoppedError(Exception):
    """Raised at a draft's next event when its job was cancelled or the service stops."""


class DraftQueue:
    """Runs draft jobs in a thread pool; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        clock: Clock,
        workers: int,
        lease: dt.timedelta = LEASE,
    ) -> None:
        """Prepare a queue; nothing runs before ``resume``, ``ask`` or ``begin``.

        Args:
            store: of jobs, events and drafts.
            pipeline: makes the drafts.
            clock: the time.
            workers: most drafts at one time, >= 1.
            lease: duration of a lease.
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
        self._asked_in: dict[str, Context] = {}  # by job id: context of the request, for traces
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
        """Enqueue a draft of an incident or of one section; an equal job under way is returned.

        Raises:
            InputError: an instruction without a section, or without a model to follow it.
            NotFoundError: there is no such incident or section.
        """
        if instruction and section is None:
            raise InputError(
                "An instruction needs a section: name the section to draft again.", field="section"
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
        with self._store.transaction(JOBS):
            running = self._store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)
            if found := next((job for job in running if job.is_same_request(wanted)), None):
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
        """Draft an incident as soon as a thread is free.

        Nothing is drafted if ``allowed`` returns false, a draft of it is under way, or a message
        batch holds it.

        Args:
            incident_id: of the incident.
            asked_by: actor of the events.
            evidence_hash: of its items.
            allowed: called twice: before, and under the write lock.
            watch: called at each step, in another thread.

        Returns:
            A future of the ended job, or of ``None`` if nothing was drafted.
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
        if not allowed():  # fills caches, so that the second call is short
            return None
        now = self._clock.now()
        with self._store.transaction(JOBS):
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
        """The job in its present state; raises ``NotFoundError`` for an unknown id."""
        return self._store.jobs.job(job_id)

    def cancel(self, job_id: str) -> Job:
        """Cancel a job; a finished job stays as it is.

        A running draft stops at its next event and is not stored.

        Raises:
            NotFoundError: there is no such job.
        """
        with self._store.transaction(JOBS):
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
        """Events of a job with a number above ``after``; raises ``NotFoundError``."""
        return self._store.jobs.events(job_id, after)

    @contextmanager
    def listening(self, job_id: str, listener: Callable[[], None]) -> Iterator[None]:
        """Call a listener, in any thread, after every event of a job until the block ends.

        It must neither block nor raise.  A callback, so that an event loop needs no waiting thread.
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
        """Call ``tend`` now, and periodically until ``stop``, so that no lease expires.

        Returns:
            Futures that are done when no queued job is left.
        """
        waiting = self.tend()
        threading.Thread(target=self._keep_tending, name="leases", daemon=True).start()
        return waiting

    def _keep_tending(self) -> None:
        while not self._stopping.wait(self._lease.total_seconds() / 3):
            try:
                self.tend()
                if self._pipeline.waits:  # in the pool, as it may outlast the leases
                    self._pool.submit(self._pipeline.settle)
            except SummarizerError:
                log.exception("leases could not be renewed; trying again soon")

    def tend(self) -> list[Future[None]]:
        """Renew the leases of this process, requeue jobs with an expired one, and run queued jobs.

        Returns:
            Futures that are done when no queued job is left.
        """
        now = self._clock.now()
        with self._store.transaction(JOBS):
            for job in self._store.jobs.with_status(JobStatus.RUNNING):
                if job.holder in self._held:
                    self._change(job, lease_until=now + self._lease)
                elif not self._is_leased(job, now):
                    self._take_back(job)
            waiting = len(self._store.jobs.with_status(JobStatus.QUEUED))
        return [done for _ in range(min(waiting, self.workers)) if (done := self._submit())]

    def _is_leased(self, job: Job, now: dt.datetime) -> bool:
        """Whether a lease holds; one beyond ``now + lease`` predates a clock that was set back."""
        return job.lease_until is not None and now < job.lease_until <= now + self._lease

    def _take_back(self, job: Job) -> None:
        if job.attempts >= MOST_ATTEMPTS:
            self._fail(job, INTERRUPTED)
        else:
            self._requeue(job)

    @property
    def is_stopping(self) -> bool:
        """Whether the queue is stopping."""
        return self._stopping.is_set()

    def wind_down(self) -> None:
        """Start no more jobs, and requeue running ones at their next event; returns at once."""
        self._stopping.set()

    def stop(self) -> None:
        """Wind down, and wait for running model calls, so that their answers are stored."""
        self.wind_down()
        self._pool.shutdown(wait=True, cancel_futures=True)

    # --- Working -----------------------------------------------------------------------------

    def _submit(self) -> Future[None] | None:
        with suppress(RuntimeError):  # the pool is shut down: the next process runs the job
            return self._pool.submit(self._work)
        return None

    def _work(self) -> None:
        """Run queued jobs, the oldest first; those that wait for the index are run once."""
        tried: set[str] = set()
        while job := self._take(tried):
            tried.add(job.id)
            self._run(job, waits=True)

    def _run(self, job: Job, watch: OnEvent = unwatched, waits: bool = False) -> None:
        """Run a job that this process holds; errors end the job and are not raised.

        Args:
            job: the job.
            watch: called at each step.
            waits: queue the job again if the server of the index cannot be reached.
        """
        self._wake(job.id)
        try:
            self._asked_in.pop(job.id, Context()).run(self._make, job, watch)
        except _StoppedError:
            log.info("the draft of %s was left: cancelled, or the service stops", job.incident_id)
        except SummarizerError as error:
            log.warning("the draft of %s failed: %s", job.incident_id, error)
            if waits and isinstance(error, IndexUnreachableError):
                self._wait(job, str(error))
            else:
                self._fail_now(job, str(error), isinstance(error, SERVER_ERRORS))
        except Exception as error:
            # An unexpected error ends this job, but not the thread: other jobs wait.
            log.exception("the draft of %s failed", job.incident_id)
            name = type(error).__name__
            self._fail_now(job, f"An unexpected error occurred ({name}): see the service's log.")
        finally:
            self._held.discard(str(job.holder))
        self._wake(job.id)

    def _take(self, tried: Collection[str] = ()) -> Job | None:
        with self._store.transaction(JOBS):
            if self._stopping.is_set():
                return None
            for job in self._store.jobs.with_status(JobStatus.QUEUED):
                free = job.section is not None or not self._is_drafted(job.incident_id)
                if free and job.id not in tried:
                    return self._started(job)
        return None

    def _is_drafted(self, incident_id: IncidentId) -> bool:
        """Whether a whole draft of an incident is running."""
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
        """Record an event; raise ``_StoppedError`` if the job is cancelled, lost or requeued.

        The event of a stored draft comes inside the transaction that stores it, and completes the
        job.
        """
        with self._store.transaction(JOBS):
            job = self._still_ours(begun)
            if job is None:
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

    def _requeue(self, job: Job, why: str = "interrupted: will run again", **changes: Any) -> None:
        nobody: dict[str, Any] = {"started_at": None, "holder": None, "lease_until": None}
        self._change(job, status=JobStatus.QUEUED, **nobody, **changes)
        self._tell(job, "queued", why)

    def _wait(self, job: Job, reason: str) -> None:
        with self._store.transaction(JOBS):
            if current := self._still_ours(job):
                self._requeue(current, f"waits: {reason}", attempts=current.attempts - 1)

    def _fail_now(self, job: Job, reason: str, blameless: bool = False) -> None:
        with self._store.transaction(JOBS):
            if current := self._still_ours(job):
                self._fail(current, reason, blameless)

    def _still_ours(self, begun: Job) -> Job | None:
        """The job as it is now, if nobody has cancelled it or taken it over."""
        job = self.job(begun.id)
        return job if (job.status, job.holder) == (JobStatus.RUNNING, begun.holder) else None

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
    """Content of an event: a drafted section with unverified claims, or the stored revision."""
    if event.revision is not None:
        return {"revision": event.revision}
    if event.drafted is None:
        return None
    return {
        "claims": [
            claim.model_dump(mode="json", exclude_none=True) | {"verified": False}
            for claim in event.drafted.claims
        ],
        "abstained": absence.words if (absence := event.drafted.abstained) else None,
    }
