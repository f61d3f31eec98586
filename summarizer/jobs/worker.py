"""Auto-drafting: a periodic task that plans, and has due incidents drafted.

Of all processes one plans at a time, elected by the lock of the task; any of them drafts.  Every
draft is a job of the queue.  Whether it is due is checked again under the write lock when it is
asked for, and whether it still stands when its turn comes.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence

from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobStatus
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.jobs.planner import WORKER, Action, Decision, Reason
from summarizer.jobs.queue import LOOK_S, PLANNED, DraftQueue
from summarizer.jobs.snapshot import PlannerInputs
from summarizer.monitoring import alerts
from summarizer.monitoring.monitor import Monitor
from summarizer.ports.clock import Clock
from summarizer.ports.queue import Queue, Task
from summarizer.storage.locks import LOG
from summarizer.storage.planner_inputs import PlannerRecords
from summarizer.storage.store import Store

PLAN = "plan"
"""Name of the periodic task that plans."""

EVERY_S = 5
"""Seconds between two plans."""

ROUND = dt.timedelta(seconds=60)
"""Time after which due incidents are planned again, so that a new, louder incident comes next."""


UNDER_WAY = JobStatus.QUEUED, JobStatus.RUNNING
"""Status of the jobs for which an amount is set aside."""


class Round(Model):
    """Result of one round.

    Args:
        decisions: on what has changed or come due, the last of each incident.
        jobs: those of its drafts, without those that were no longer due when their turn came.
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

    def keep_planning(self, queue: Queue) -> None:
        """Plan from now on, in this process or another; before the queue is started."""

        def plan(_: object) -> None:
            while self.plan(ROUND).jobs and not queue.is_stopping:
                pass

        queue.add(Task(PLAN, plan, every=EVERY_S))

    def plan(self, longest: dt.timedelta) -> Round:
        """Announce due forecasts, monitor, plan, and ask for drafts as workers are free for them.

        Args:
            longest: time after which no more drafts are asked for.
        """
        self.announce_due()
        self._monitor.catch_up()
        decisions = self.survey.look()
        self._report(decisions)
        due = [decision for decision in decisions if decision.action is Action.DRAFT]
        return Round(decisions=decisions, jobs=tuple(self._asked(due, longest)))

    def once(self) -> Round:
        """Plan, wait until the drafts are made that are due, and plan again, until none is.

        What a draft used is known once it is made, and it is mostly less than was set aside.
        """
        decisions: dict[IncidentId, Decision] = {}
        jobs: list[Job] = []
        while True:
            made = self._round()
            decisions |= {decision.incident_id: decision for decision in made.decisions}
            jobs += made.jobs
            if not made.jobs or self._jobs.is_stopping:
                return Round(decisions=tuple(decisions.values()), jobs=tuple(jobs))

    def _round(self) -> Round:
        """Plan, and wait until the drafts are made that are due."""
        planned = self.plan(dt.timedelta.max)
        if planned.jobs:
            self._jobs.drain()
        while True:
            jobs = [self._jobs.job(job.id) for job in planned.jobs]
            if self._jobs.is_stopping or all(job.status.is_over for job in jobs):
                break
            time.sleep(LOOK_S)  # others make the rest
        kept = [job for job in jobs if job.status is not JobStatus.CANCELLED]
        return planned.model_copy(update={"jobs": tuple(kept)})

    def announce_due(self) -> None:
        """Record each due forecast and each end of an embargo once; safe in any thread or
        process."""
        alerts.announce_due(self._store, self._clock.now())
        alerts.end_embargoes(self._store, self._clock.now())

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
        decision = self.survey.decision(id_)
        if decision is None or decision.reason is not Reason.SET_ASIDE:
            raise InputError(
                f"{id_} is not set aside: see summarizer worker --dry-run, or "
                "GET /v1/autodrafting.",
                field="incident_id",
            )
        self._history.record(EventKind.RELEASED, id_, actor)

    # --- Events ------------------------------------------------------------------------------

    def _report(self, decisions: Sequence[Decision]) -> None:
        """Record newly set-aside incidents, and once that the budget is exhausted."""
        for decision in decisions:
            if decision.reason is Reason.SET_ASIDE:
                self._report_aside(decision)
        short = next((d for d in decisions if d.reason is Reason.BUDGET), None)
        begins = any(d.action is Action.DRAFT for d in decisions)
        if short is None or begins or self._store.jobs.with_status(*UNDER_WAY):
            return  # while a draft is under way, more may be set aside for it than it uses
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

    def _asked(self, due: Sequence[Decision], longest: dt.timedelta) -> list[Job]:
        """Ask for drafts in order; each as soon as few others wait."""
        began = self._clock.now()
        asked: list[Job] = []
        for decision in due:
            while not self._jobs.has_room() and not self._jobs.is_stopping:
                if self._clock.now() - began >= longest:
                    return asked
                time.sleep(LOOK_S)
            if job := self._begun(decision):
                asked.append(job)
        return asked

    def _begun(self, decision: Decision) -> Job | None:
        id_, evidence = decision.incident_id, decision.evidence_hash
        louder_first = PLANNED - 100 + decision.noise

        def is_due() -> bool:
            return self.survey.still_due(id_, evidence)

        return self._jobs.begin(id_, WORKER, evidence, is_due, louder_first)
