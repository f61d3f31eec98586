"""The worker of auto-drafting: plans, drafts due incidents, and plans again.

Every draft is a job of the queue and is checked again under the write lock before it begins, so
that several workers and processes may plan the same incidents.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait

from summarizer.domain.events import EventKind
from summarizer.domain.jobs import Job
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.jobs.planner import WORKER, Action, Decision, Reason
from summarizer.jobs.queue import DraftQueue
from summarizer.jobs.snapshot import PlannerInputs
from summarizer.monitoring import alerts
from summarizer.monitoring.monitor import Monitor
from summarizer.ports.clock import Clock
from summarizer.storage.locks import LOG
from summarizer.storage.planner_inputs import PlannerRecords
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""Wait between two rounds if the last one drafted nothing."""

ROUND = dt.timedelta(seconds=60)
"""Time after which due incidents are planned again, so that a new, louder incident comes next."""


class Round(Model):
    """Result of one round.

    Args:
        decisions: on what has changed or come due.
        jobs: the ended jobs of its drafts.
    """

    decisions: tuple[Decision, ...]
    jobs: tuple[Job, ...]


class Worker:
    """Auto-drafting on one store; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        records: PlannerRecords,
        clock: Clock,
        jobs: DraftQueue,
        survey: PlannerInputs,
        monitor: Monitor,
    ) -> None:
        self._store = store
        self._records = records
        self._jobs = jobs
        self._history = store.history
        self._clock = clock
        self._monitor = monitor
        self.survey = survey

    def once(self, longest: dt.timedelta = dt.timedelta.max) -> Round:
        """One round: announce due forecasts, monitor, plan and draft.

        Args:
            longest: time after which no more drafts are begun.
        """
        self.announce_due()
        self._monitor.catch_up()
        decisions = self.survey.look()
        self._report(decisions)
        due = [decision for decision in decisions if decision.action is Action.DRAFT]
        return Round(decisions=decisions, jobs=tuple(self._drafted(due, longest)))

    def run(self, stop: threading.Event) -> None:
        """Run rounds until ``stop`` is set."""
        while not stop.is_set():
            begun: Sequence[Job] = ()
            try:
                begun = self.once(ROUND).jobs
            except Exception:
                # All state is stored, so the next round can go on after any error.
                log.exception("auto-drafting failed; it goes on")
            if not begun:
                stop.wait(EVERY_S)

    def announce_due(self) -> None:
        """Record each due forecast once; safe in any thread or process."""
        alerts.announce_due(self._store, self._clock.now())

    # --- Switch ------------------------------------------------------------------------------

    def pause(self, actor: str) -> None:
        """Begin no draft until ``resume``, in any process; running drafts finish."""
        with self._store.transaction(LOG):
            if self.survey.paused_by() is None:
                self._history.record(EventKind.PAUSED, None, actor)

    def resume(self, actor: str) -> None:
        """End a pause, if there is one."""
        with self._store.transaction(LOG):
            if self.survey.paused_by() is not None:
                self._history.record(EventKind.RESUMED, None, actor)

    def release(self, incident_id: str, actor: str) -> None:
        """Let an incident that was set aside be drafted again.

        Raises:
            InputError: the incident is not set aside.
            NotFoundError: there is no such incident.
        """
        id_ = self._store.incident(incident_id).id
        aside = [d for d in self.survey.plan() if d.reason is Reason.SET_ASIDE]
        if id_ not in [decision.incident_id for decision in aside]:
            raise InputError(
                f"{id_} is not set aside: see summarizer worker --dry-run.", field="incident_id"
            )
        self._history.record(EventKind.RELEASED, id_, actor)

    # --- Events ------------------------------------------------------------------------------

    def _report(self, decisions: Sequence[Decision]) -> None:
        """Record newly set-aside incidents, and once that the budget is exhausted."""
        for decision in decisions:
            if decision.reason is Reason.SET_ASIDE:
                self._report_aside(decision)
        short = next((d for d in decisions if d.reason is Reason.BUDGET), None)
        if short is not None:
            self._report_budget(short)

    def _report_aside(self, decision: Decision) -> None:
        id_, kinds = decision.incident_id, {EventKind.SET_ASIDE, EventKind.RELEASED}
        with self._store.transaction(LOG):
            last = self._store.history.newest([id_], kinds).get(id_)
            known = last is not None and last.kind is EventKind.SET_ASIDE
            if not (last and known and last.detail.get("evidence") == decision.evidence_hash):
                detail = {"evidence": decision.evidence_hash, "reason": decision.words}
                self._history.record(EventKind.SET_ASIDE, id_, WORKER, detail=detail)

    def _report_budget(self, decision: Decision) -> None:
        """Record ``budget_exhausted``, unless no draft has ended since the last one."""
        with self._store.transaction(LOG):
            last = self._store.history.latest({EventKind.BUDGET_EXHAUSTED})
            over = self._records.newest_over(WORKER, 1)
            made_at = over[0].finished_at if over else None
            if last is None or (made_at is not None and made_at > last.at):
                detail = {"waits": decision.incident_id, "reason": decision.words}
                self._history.record(EventKind.BUDGET_EXHAUSTED, None, WORKER, detail=detail)

    # --- Drafting ----------------------------------------------------------------------------

    def _drafted(self, due: Sequence[Decision], longest: dt.timedelta) -> Iterator[Job]:
        """Draft in order, with at most ``workers`` drafts submitted, and yield the ended jobs.

        An editor's draft then need not wait for all of them.  Stops when the model's server fails.
        """
        running: set[Future[Job | None]] = set()
        failed, began = False, self._clock.now()
        for decision in due:
            if len(running) >= self._jobs.workers:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for job in _ended(done):
                    failed |= job.blameless
                    yield job
            late = self._clock.now() - began >= longest
            if failed or late or self._jobs.is_stopping:
                break
            running.add(self._begun(decision))
        yield from _ended(running)

    def _begun(self, decision: Decision) -> Future[Job | None]:
        return self._jobs.begin(
            decision.incident_id,
            WORKER,
            decision.evidence_hash,
            lambda: self.survey.still_due(decision),
        )


def _ended(futures: set[Future[Job | None]]) -> list[Job]:
    found = [job for future in futures if (job := future.result()) is not None]
    return sorted(found, key=lambda job: (job.created_at, job.id))
