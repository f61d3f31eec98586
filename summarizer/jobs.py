"""Drafts that are made in the background: asked for, joined, watched, cancelled, taken up again.

The database is the truth: a job's status and its events are written before anybody hears of them,
and a draft is stored in the same transaction in which its job is done.  So a process that is
killed leaves no draft half-made; the next one drafts again, and the model's answers, stored under
the hash of their request, are not paid for twice.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import Context, copy_context
from typing import Any

from summarizer.domain import Happening, Job, JobEvent, JobStatus
from summarizer.errors import InputError, NotFoundError, SummarizerError
from summarizer.pipeline import Event, Pipeline
from summarizer.ports import Clock, Store
from summarizer.telling import Teller

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""How often a job is begun when the process dies under it; a draft that kills the process, for
want of memory, must not do so for ever.  Our choice."""

INTERRUPTED = f"The service died {MOST_ATTEMPTS} times while it made this draft."


class _StoppedError(Exception):
    """Leaves a draft at its next event: the job was cancelled, or the service stops."""


class DraftJobs:
    """Makes the drafts that were asked for, a few at a time; composed by ``bootstrap``."""

    def __init__(self, store: Store, pipeline: Pipeline, clock: Clock, workers: int) -> None:
        """Nothing runs before ``resume`` or ``ask``.

        Args:
            store: keeps jobs, events and drafts.
            pipeline: drafts.
            clock: the time.
            workers: drafts at one time, >= 1.
        """
        self._store = store
        self._pipeline = pipeline
        self._clock = clock
        self._tell_history = Teller(store.history, clock)
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
            raise InputError("An instruction needs a section: name the one to draft anew.")
        if section is not None and section not in [spec.key for spec in self._pipeline.specs]:
            raise NotFoundError(f"There is no section {section!r}.")
        if instruction and self._pipeline.drafter.model is None:
            raise InputError(
                "Drafting without a model puts source sentences together and follows no "
                "instruction: ask without one, or set ANTHROPIC_API_KEY to draft with a model."
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

    def resume(self) -> None:
        """Take up what an earlier process left; to be called before anybody asks."""
        with self._store.transaction():
            for job in self._store.jobs.with_status(JobStatus.RUNNING):
                if job.attempts >= MOST_ATTEMPTS:
                    self._fail(job, INTERRUPTED)
                else:
                    self._requeue(job)
        for _ in self._store.jobs.with_status(JobStatus.QUEUED):
            self._submit()

    @property
    def is_stopping(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Hand back what runs, at its next event, and begin nothing more.

        Waits for calls to the model that are under way, so that their answers are kept.
        """
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    # --- Working -----------------------------------------------------------------------------

    def _submit(self) -> None:
        with suppress(RuntimeError):  # the pool is shut down: the next process takes it up
            self._pool.submit(self._work)

    def _work(self) -> None:
        """Make the oldest draft that waits, if one does."""
        job = self._take()
        if job is None:
            return
        try:
            self._asked_in.pop(job.id, Context()).run(self._make, job)
        except _StoppedError:
            log.info("the draft of %s was left: cancelled, or the service stops", job.incident_id)
        except SummarizerError as error:
            log.warning("the draft of %s failed: %s", job.incident_id, error)
            self._fail_now(job, str(error))
        except Exception as error:
            # Whatever it is, it is this draft's: the worker goes on with the next.
            log.exception("the draft of %s failed", job.incident_id)
            self._fail_now(job, f"Something unforeseen went wrong ({type(error).__name__}).")
        self._wake(job.id)

    def _take(self) -> Job | None:
        with self._store.transaction():
            waiting = self._store.jobs.with_status(JobStatus.QUEUED)
            if self._stopping.is_set() or not waiting:
                return None
            job = self._change(
                waiting[0],
                status=JobStatus.RUNNING,
                started_at=self._clock.now(),
                attempts=waiting[0].attempts + 1,
            )
            self._tell(job, "retrieving", "chooses passages")
        self._wake(job.id)
        return job

    def _make(self, job: Job) -> None:
        def note(event: Event) -> None:
            self._note(job.id, event)

        by = job.asked_by
        if job.section is None:
            self._pipeline.draft(job.incident_id, note, by)
        else:
            self._pipeline.suggest(job.incident_id, job.section, job.instruction, by, note)

    def _note(self, job_id: str, event: Event) -> None:
        """Write a step down, or leave the draft when it is not wanted any more.

        ``stored`` comes inside the transaction that stores the draft: both or neither.
        """
        with self._store.transaction():
            job = self.job(job_id)
            if job.status is not JobStatus.RUNNING:
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
        self._wake(job_id)
        if leaving:
            raise _StoppedError

    # --- Writing -----------------------------------------------------------------------------

    def _requeue(self, job: Job, **changes: Any) -> None:
        self._change(job, status=JobStatus.QUEUED, started_at=None, **changes)
        self._tell(job, "queued", "interrupted: will be made again")

    def _fail_now(self, job: Job, reason: str) -> None:
        with self._store.transaction():
            current = self.job(job.id)
            if current.status is JobStatus.RUNNING:
                self._fail(current, reason)

    def _fail(self, job: Job, reason: str) -> None:
        now = self._clock.now()
        self._change(job, status=JobStatus.FAILED, finished_at=now, error=reason)
        self._tell(job, "failed", reason)
        self._tell_history(
            Happening.DRAFT_FAILED,
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


def _body(event: Event) -> Mapping[str, Any] | None:
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
