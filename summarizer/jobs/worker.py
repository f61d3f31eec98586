"""The worker: looks at what is stored, drafts what the rules ask for, and looks again.

Every draft is a job, as one that an editor asks for, and whether it is still due is asked once more
at the moment at which nobody else can begin it.  So any number of workers, in any number of
processes, may look at the same incidents.
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
from summarizer.storage.planner_inputs import PlannerRecords
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""From the end of one look to the next, when there was nothing to draft."""

ROUND = dt.timedelta(seconds=60)
"""After so long what is due is looked at anew, so that a louder incident that came in meanwhile
doesn't wait for all the others."""


class Round(Model):
    """What one look came to.

    Args:
        decisions: as planned.
        jobs: drafts that were begun for it, as they ended.
    """

    decisions: tuple[Decision, ...]
    jobs: tuple[Job, ...]


class Worker:
    """Drafts by itself on one store; composed by ``summarizer.app``."""

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
        """Finish what others left, announce due forecasts, plan, and draft a few at a time.

        Args:
            longest: after that no more drafts are begun.
        """
        wait(self._jobs.tend())
        self.announce_due()
        self._monitor.catch_up()
        decisions = self.survey.plan()
        self._report(decisions)
        due = [decision for decision in decisions if decision.action is Action.DRAFT]
        return Round(decisions=decisions, jobs=tuple(self._drafted(due, longest)))

    def run(self, stop: threading.Event) -> None:
        """Look again and again until told to stop."""
        while not stop.is_set():
            begun: Sequence[Job] = ()
            try:
                begun = self.once(ROUND).jobs
            except Exception:
                # Whatever it is, the next look finds everything as it is stored.
                log.exception("auto-drafting failed; it goes on")
            if not begun:
                stop.wait(EVERY_S)

    def announce_due(self) -> None:
        """Log each forecast whose day has come, once; safe to call from any thread or process."""
        alerts.announce_due(self._store, self._clock.now())

    # --- Switch ------------------------------------------------------------------------------

    def pause(self, actor: str) -> None:
        """Begin no draft until ``resume``, in any process; those under way are finished."""
        with self._store.transaction():
            if self.survey.paused_by() is None:
                self._history.record(EventKind.PAUSED, None, actor)

    def resume(self, actor: str) -> None:
        """Draft again; does nothing where nobody paused it."""
        with self._store.transaction():
            if self.survey.paused_by() is not None:
                self._history.record(EventKind.RESUMED, None, actor)

    def release(self, incident_id: str, actor: str) -> None:
        """Try an incident that was set aside again.

        Raises:
            InputError: it is not set aside.
            NotFoundError: there is no such incident.
        """
        id_ = self._store.incident(incident_id).id
        aside = [d for d in self.survey.plan() if d.reason is Reason.SET_ASIDE]
        if id_ not in [decision.incident_id for decision in aside]:
            raise InputError(
                f"{id_} is not set aside: see summarizer worker --dry-run.", field="incident_id"
            )
        self._history.record(EventKind.RELEASED, id_, actor)

    # --- Telling -----------------------------------------------------------------------------

    def _report(self, decisions: Sequence[Decision]) -> None:
        """Say in the history, once, what was set aside and that the budget is exhausted."""
        for decision in decisions:
            if decision.reason is Reason.SET_ASIDE:
                self._report_aside(decision)
        short = next((d for d in decisions if d.reason is Reason.BUDGET), None)
        if short is not None:
            self._report_budget(short)

    def _report_aside(self, decision: Decision) -> None:
        id_, kinds = decision.incident_id, {EventKind.SET_ASIDE, EventKind.RELEASED}
        with self._store.transaction():
            last = self._store.history.newest([id_], kinds).get(id_)
            known = last is not None and last.kind is EventKind.SET_ASIDE
            if not (last and known and last.detail.get("evidence") == decision.evidence_hash):
                detail = {"evidence": decision.evidence_hash, "reason": decision.words}
                self._history.record(EventKind.SET_ASIDE, id_, WORKER, detail=detail)

    def _report_budget(self, decision: Decision) -> None:
        """Again only after a draft has been made since."""
        with self._store.transaction():
            last = self._store.history.latest({EventKind.BUDGET_EXHAUSTED})
            over = self._records.newest_over(WORKER, 1)
            made_at = over[0].finished_at if over else None
            if last is None or (made_at is not None and made_at > last.at):
                detail = {"waits": decision.incident_id, "reason": decision.words}
                self._history.record(EventKind.BUDGET_EXHAUSTED, None, WORKER, detail=detail)

    # --- Drafting ----------------------------------------------------------------------------

    def _drafted(self, due: Sequence[Decision], longest: dt.timedelta) -> Iterator[Job]:
        """Begin the drafts in their order, never more than run at one time.

        Not all at once, so that an editor's draft need not wait for all of them.  When the model's
        server fails, those left are looked at anew.
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
