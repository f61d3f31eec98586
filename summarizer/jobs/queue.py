"""The queue of draft jobs: enqueue, join, watch, cancel, resume.

A job's status and events are stored before listeners are called, and a draft is stored in the
transaction that completes its job.  After a crash the job runs again, and stored model answers are
not paid for twice.

The jobs say what is asked for and how far it is.  Each has a task in the ``Queue``, which decides
when it runs, and in which process.  A second run of a task takes the job over from the first, which
then stores nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context, copy_context
from typing import Any

from summarizer.domain.events import EventKind
from summarizer.domain.jobs import Job, JobEvent, JobStatus
from summarizer.domain.progress import DraftProgress, OnEvent, Stage, unwatched
from summarizer.errors import (
    ConnectionFailedError,
    IndexUnreachableError,
    InputError,
    ModelAccessError,
    NotFoundError,
    OverloadedError,
    RateLimitError,
    StorageBusyError,
    SummarizerError,
)
from summarizer.jobs.planner import WORKER
from summarizer.pipeline.pipeline import Pipeline
from summarizer.ports.clock import Clock
from summarizer.ports.queue import Queue, RunAgainError, Task
from summarizer.storage.locks import JOBS
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""Most attempts of a job whose process dies, so that a draft that exhausts memory ends."""

DRAFT = "draft"
"""Name of the task that makes a draft."""

ASKED, PLANNED = 1, 0
"""Priorities: who asks by hand waits for the answer.  Planned drafts have it at the most."""

MOST_RUNS = 100
"""Most runs of a task whose job can't be ended, because the database can't be reached."""

INDEX_AWAY = dt.timedelta(seconds=5)
"""Wait before a draft that needs the index is tried again while its server is away."""

AHEAD = 4
"""Most planned drafts that wait for a worker, so that each process finds one when it is free."""

LOOK_S = 0.25
"""Wait between two looks at a job that another process may be running."""

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
    """Raised at a draft's next event when its job was cancelled or is run elsewhere."""


class DraftQueue:
    """Draft jobs, run as tasks of a queue; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        clock: Clock,
        queue: Queue,
        stands: Callable[[Job], bool],
    ) -> None:
        """Prepare a queue; nothing runs before ``resume``, ``ask`` or ``begin``.

        Args:
            store: of jobs, events and drafts.
            pipeline: makes the drafts.
            clock: the time.
            queue: runs the tasks; stopped with this one.
            stands: whether a draft that was planned is still to be made, when its turn comes.
        """
        self._store = store
        self._pipeline = pipeline
        self._history = store.history
        self._clock = clock
        self._queue = queue
        self._stands = stands
        self._stopping = threading.Event()
        self._asked_in: dict[str, Context] = {}  # by job id: context of the request, for traces
        self._watched: dict[str, OnEvent] = {}
        self._running: set[str] = set()  # ids of jobs, in this process
        self._left: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self._listeners: dict[object, tuple[str, Callable[[], None]]] = {}
        queue.add(Task(DRAFT, self._work, runs=MOST_RUNS))
        queue.add(Task("lost drafts", lambda _: self._find_lost(), every=30))

    # --- Asking ------------------------------------------------------------------------------

    def ask(
        self,
        incident_id: str,
        asked_by: str,
        section: str | None = None,
        instruction: str | None = None,
        *,
        force: bool = True,
    ) -> Job:
        """Enqueue a draft of an incident or of one section; an equal job under way is returned.

        Args:
            incident_id: of the incident.
            asked_by: actor of the events.
            section: the only one to draft.
            instruction: for that section.
            force: whether to draft anew where the newest draft is of the same evidence, by the
                same drafter; else a job that has ended with it is returned.

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
            if section is None and not force and not self._pipeline.is_due(incident_id):
                return self._as_it_is(wanted)
            self._enqueue(wanted, ASKED)
            self._asked_in[wanted.id] = copy_context()
        self._queue.start()
        return wanted

    def _as_it_is(self, wanted: Job) -> Job:
        """A job that has ended with the newest draft."""
        newest = self._store.newest_draft(wanted.incident_id)
        revision = newest.revision if newest else None
        ended = wanted.model_copy(
            update={
                "status": JobStatus.DONE,
                "finished_at": wanted.created_at,
                "revision": revision,
            }
        )
        self._store.jobs.save(ended)
        words = f"nothing is new since revision {revision}"
        self._tell(ended, Stage.STORED.value, words, body={"revision": revision})
        return ended

    def _enqueue(self, job: Job, priority: int) -> None:
        self._store.jobs.save(job)
        self._tell(job, "queued", "waits for its turn")
        self._defer(job, priority)

    def _defer(self, job: Job, priority: int) -> None:
        """Give a job its task, in the transaction that stores it."""
        self._queue.defer(
            DRAFT,
            {"job": job.id},
            lock=f"{DRAFT} {job.incident_id}",
            queueing_lock=job.id,
            priority=priority,
        )

    def begin(
        self,
        incident_id: str,
        asked_by: str,
        evidence_hash: str,
        allowed: Callable[[], bool],
        priority: int = PLANNED,
        watch: OnEvent | None = None,
    ) -> Job | None:
        """Have an incident drafted as soon as its turn comes, in this process or another.

        Args:
            incident_id: of the incident.
            asked_by: actor of the events.
            evidence_hash: of its items.
            allowed: called twice: before, and under the write lock.
            priority: those with a higher one come first.
            watch: called at each step in this process, in another thread; see ``made``.

        Returns:
            The job; ``None`` if ``allowed`` returned false, a draft of it is under way, or a
            message batch holds it.
        """
        wanted = Job(
            id=uuid.uuid4().hex,
            incident_id=self._store.incident(incident_id).id,
            asked_by=asked_by,
            created_at=self._clock.now(),
            evidence_hash=evidence_hash,
        )
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
            if watch is not None:
                self._watched[wanted.id], self._left[wanted.id] = watch, threading.Event()
            self._enqueue(wanted, priority)
        self._queue.start()
        return wanted

    def made(self, job_id: str) -> Job:
        """A job that was begun with ``watch``, once it has ended or this process has left it."""
        left = self._left[job_id]
        try:
            while not (job := self.job(job_id)).status.is_over and not left.wait(LOOK_S):
                if self._stopping.is_set() and job.status is JobStatus.QUEUED:
                    break
        finally:
            del self._left[job_id], self._watched[job_id]
        return self.job(job_id)

    def has_room(self) -> bool:
        """Whether another planned draft may wait for a worker."""
        return self._store.jobs.waiting(WORKER, AHEAD) < AHEAD

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
            self._queue.cancel(job_id)
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

        At once for those of this process, and within a second for those of others; it may be
        called without an event.  It must neither block nor raise.  A callback, so that an event
        loop needs no waiting thread.
        """
        token = object()
        with self._lock:
            self._listeners[token] = (job_id, listener)
        self._store.signals.start(self._wake)
        try:
            yield
        finally:
            with self._lock:
                del self._listeners[token]

    def _wake(self, job_id: str | None) -> None:
        """Call the listeners of a job, of all jobs for ``None``."""
        with self._lock:
            all_ = self._listeners.values()
            ours = [listener for id_, listener in all_ if job_id in (id_, None)]
        for listener in ours:
            listener()

    # --- Starting and stopping ---------------------------------------------------------------

    def resume(self) -> None:
        """Run the jobs that wait, now and until ``stop``, also those of processes that died."""
        self._find_lost()
        self._queue.start()

    def drain(self) -> None:
        """Wait until no job is queued, and none runs in this process."""
        self._queue.start()
        waiting = self._store.jobs.with_status
        while (waiting(JobStatus.QUEUED) and not self._stopping.is_set()) or self._running:
            time.sleep(LOOK_S / 10)

    def _find_lost(self) -> None:
        """Give a task to each job that has none, such as one of a former version."""
        with self._store.transaction(JOBS):
            known = self._queue.stored(DRAFT)
            for job in self._store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING):
                if job.id not in known:
                    self._defer(job, ASKED)

    @property
    def is_stopping(self) -> bool:
        """Whether the queue is stopping."""
        return self._stopping.is_set()

    def wind_down(self) -> None:
        """Start no more jobs, and requeue running ones at their next event; returns at once."""
        self._stopping.set()
        self._queue.wind_down()

    def stop(self) -> None:
        """Wind down, and wait for running model calls, so that their answers are stored."""
        self.wind_down()
        self._store.signals.stop()
        self._queue.stop()

    # --- Working -----------------------------------------------------------------------------

    def _work(self, arguments: Mapping[str, str]) -> None:
        """Run the job of a task.

        Raises:
            RunAgainError: the job still waits, or waits again.
            StorageBusyError: the database cannot be reached now.
        """
        job_id = arguments["job"]
        self._running.add(job_id)
        try:
            if job := self._take(job_id):
                self._wake(job_id)
                self._run(job)
        finally:
            self._running.discard(job_id)
            if left := self._left.get(job_id):
                left.set()
            self._wake(job_id)

    def _run(self, job: Job) -> None:
        """Run a job that this process holds; errors of the draft end the job."""
        try:
            self._asked_in.pop(job.id, Context()).run(self._make, job)
        except _StoppedError:
            log.info("the draft of %s was left: cancelled, or run elsewhere", job.incident_id)
        except (RunAgainError, StorageBusyError):
            raise
        except SummarizerError as error:
            log.warning("the draft of %s failed: %s", job.incident_id, error)
            # A planned one will be planned again; who watches is told.
            planned = job.asked_by == WORKER or job.id in self._watched
            if isinstance(error, IndexUnreachableError) and not planned:
                self._wait(job, str(error))
                raise RunAgainError(INDEX_AWAY) from error
            self._fail_now(job, str(error), isinstance(error, SERVER_ERRORS))
        except Exception as error:
            # An unexpected error ends this job, but not the thread: other jobs wait.
            log.exception("the draft of %s failed", job.incident_id)
            name = type(error).__name__
            self._fail_now(job, f"An unexpected error occurred ({name}): see the service's log.")

    def _take(self, job_id: str) -> Job | None:
        """Begin a job, or take it over from a process that died.

        Returns:
            ``None`` if it is over, or was planned and no longer stands: since then the evidence may
            have changed, somebody paused auto-drafting, or the model's server failed.
        """
        job = self.job(job_id)
        if job.asked_by == WORKER and not job.status.is_over and not self._stands(job):
            self.cancel(job_id)
            return None
        with self._store.transaction(JOBS):
            if self._stopping.is_set():
                raise RunAgainError
            job = self.job(job_id)
            if job.status.is_over:
                return None
            if job.attempts >= MOST_ATTEMPTS:
                self._fail(job, INTERRUPTED)
                return None
            if job.section is None and self._is_drafted_elsewhere(job):
                raise RunAgainError
            return self._started(job)

    def _is_drafted_elsewhere(self, job: Job) -> bool:
        """Whether another whole draft of the incident runs, perhaps of one merged into it."""
        under_way = self._store.jobs.drafting(job.incident_id)
        return any(one.status is JobStatus.RUNNING and one.id != job.id for one in under_way)

    def _started(self, job: Job) -> Job:
        started = self._change(
            job,
            status=JobStatus.RUNNING,
            started_at=self._clock.now(),
            attempts=job.attempts + 1,
            holder=uuid.uuid4().hex,
        )
        self._tell(started, "retrieving", "chooses passages")
        return started

    def _make(self, job: Job) -> None:
        watch = self._watched.get(job.id, unwatched)

        def note(event: DraftProgress) -> None:
            self._note(job, event)
            watch(event)

        by = job.asked_by
        if job.section is None:
            self._pipeline.draft(job.incident_id, note, by)
        else:
            self._pipeline.suggest(job.incident_id, job.section, job.instruction, by, note)

    def _note(self, begun: Job, event: DraftProgress) -> None:
        """Record an event; raise ``_StoppedError`` if the job is cancelled or run elsewhere.

        When the service stops, the job waits again and ``RunAgainError`` is raised.  The event of a
        stored draft comes inside the transaction that stores it, and completes the job.
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
            raise RunAgainError

    # --- Writing -----------------------------------------------------------------------------

    def _requeue(self, job: Job, why: str = "interrupted: will run again", **changes: Any) -> None:
        nobody: dict[str, Any] = {"started_at": None, "holder": None}
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
