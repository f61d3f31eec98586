"""The worker: looks at what is stored, drafts what the rules ask for, and looks again.

Every draft is a job, as one that an editor asks for, and whether it is still due is asked once more
at the moment at which nobody else can begin it.  So any number of workers, in any number of
processes, may look at the same incidents.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait

from summarizer.autodrafting import WORKER, Action, Decision
from summarizer.domain import Job, Model
from summarizer.jobs import DraftJobs
from summarizer.surveying import Survey

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""From the end of one look to the next."""


class Round(Model):
    """What one look came to.

    Args:
        decisions: as planned.
        jobs: drafts that were begun for it, as they ended.
    """

    decisions: tuple[Decision, ...]
    jobs: tuple[Job, ...]


class Worker:
    """Drafts by itself on one store; composed by ``summarizer.bootstrap``."""

    def __init__(self, jobs: DraftJobs, survey: Survey) -> None:
        self._jobs = jobs
        self.survey = survey

    def once(self) -> Round:
        """Finish what others left, plan, and draft what is due, a few at a time."""
        wait(self._jobs.tend())
        decisions = self.survey.plan()
        due = [decision for decision in decisions if decision.action is Action.DRAFT]
        return Round(decisions=decisions, jobs=tuple(self._drafted(due)))

    def run(self, stop: threading.Event) -> None:
        """Look again and again until told to stop."""
        while not stop.is_set():
            try:
                self.once()
            except Exception:
                # Whatever it is, the next look finds everything as it is stored.
                log.exception("auto-drafting failed; it goes on")
            stop.wait(EVERY_S)

    def _drafted(self, due: Sequence[Decision]) -> Iterator[Job]:
        """Begin the drafts in their order, never more than run at one time.

        Not all at once, so that an editor's draft need not wait for all of them.  When the model's
        server fails, those left are looked at anew.
        """
        running: set[Future[Job | None]] = set()
        failed = False
        for decision in due:
            if len(running) >= self._jobs.workers:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for job in _ended(done):
                    failed |= job.blameless
                    yield job
            if failed or self._jobs.is_stopping:
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
