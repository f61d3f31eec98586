"""Inputs of the plan of auto-drafting, read from the store."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from summarizer.domain.drafts import Usage
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobStatus
from summarizer.domain.standings import Standing
from summarizer.jobs import budget, planner
from summarizer.jobs.budget import Limit, Price, Window
from summarizer.jobs.measured_use import Estimate, MeasuredUse
from summarizer.jobs.planner import (
    WORKER,
    Action,
    Decision,
    IncidentState,
    Outage,
    Reason,
    Rules,
    SystemState,
)
from summarizer.pipeline.standings import StandingKeeper
from summarizer.ports.clock import Clock
from summarizer.storage.planner_inputs import PlannerRecords
from summarizer.storage.standings import Looked
from summarizer.storage.store import Store

BATCH = 1_000
"""Standings read at one time for the whole plan."""

LOOKED_AT = 200
"""Most incidents of one look, the loudest: quieter ones would wait for them anyway."""

MOST = 10_000
"""Highest count of incidents by reason."""

LONGEST = dt.timedelta(hours=1)
"""Longest time until an incident that waits is looked at again, so that a clock that is set back
holds up none."""

SOON = dt.timedelta(minutes=1)
"""Time until an incident is looked at again whose draft is under way."""

FRAMED = 1.5
"""Most tokens of an evidence pack for each token of its texts, since every passage has a number and
every item a line of its own."""


@dataclass(frozen=True)
class Cost:
    """Estimate and price of one draft.

    Args:
        estimate: how its use is estimated.
        price: upper bound of the models' prices; ``None`` if one of them has none.
    """

    estimate: Estimate
    price: Price | None


class PlannerInputs:
    """States of the incidents of one store, for the planner.

    The standings of incidents hold all that depends on texts.  A look concerns only those that have
    changed, or whose time has come; it stores when to look again.
    """

    def __init__(
        self,
        store: Store,
        records: PlannerRecords,
        clock: Clock,
        rules: Rules,
        cost: Cost,
        keeper: StandingKeeper,
    ) -> None:
        self._store = store
        self._records = records
        self._clock = clock
        self._cost = cost
        self._keeper = keeper
        self._rules_hash: str | None = None
        self.rules = rules
        self.measured = MeasuredUse(records, cost.estimate)
        """What drafts and requests will use."""

    def plan(self) -> tuple[Decision, ...]:
        """The present plan: a decision for each incident."""
        situation = self._situation()
        states = [
            state for standings in self._all() for state in self._states(standings, situation.now)
        ]
        return planner.plan(states, situation, self.rules)

    def look(self) -> tuple[Decision, ...]:
        """Decisions on what has changed or come due since the last look; none during a pause."""
        if self.paused_by() is not None:
            return ()
        hashed = self._anew()
        self._keeper.catch_up()
        due = self._store.standings.due(self._clock.now(), LONGEST, LOOKED_AT)
        if not due:
            return ()
        situation = self._situation()
        states = self._states([standing for standing, _ in due], situation.now)
        decisions = planner.plan(states, situation, self.rules)
        made = {decision.incident_id: decision for decision in decisions}
        looked = {
            standing.number: self._looked(standing, changes, made.get(standing.incident_id))
            for standing, changes in due
        }
        self._store.standings.looked(looked, hashed)
        return decisions

    def _looked(self, standing: Standing, changes: int, decision: Decision | None) -> Looked:
        now = self._clock.now()
        again = self._again(decision, now) if decision else None
        reason = decision.reason.value if decision else Reason.NOTHING_NEW.value  # it has no items
        return Looked(changes, _coming(standing, again, now), reason)

    def counts(self) -> dict[Reason | None, int]:
        """Incidents by reason of the last decision, up to ``MOST``; ``None`` if there is none
        since they have changed."""
        decided = self._store.standings.decided
        return {one: decided(one and one.value, MOST) for one in (*Reason, None)}

    def loudest_open(self) -> tuple[Decision, ...]:
        """The present plan of those of the loudest incidents that have something new."""
        wanted = [one and one.value for one in (*Reason, None) if one is not Reason.NOTHING_NEW]
        ids = self._store.standings.loudest_decided(wanted, LOOKED_AT)
        ids += [marked.incident_id for marked in self._store.standings.marked(LOOKED_AT)]
        situation = self._situation()
        states = self._states(
            list(self._keeper.current([*dict.fromkeys(ids)]).values()), situation.now
        )
        return planner.plan(states, situation, self.rules)

    def _anew(self) -> str:
        """Hash of the rules; at the first call, incidents are looked at that other ones decided."""
        if self._rules_hash is None:
            self._store.standings.look_anew(self._hashed())
            self._rules_hash = self._hashed()
        return self._rules_hash

    def _hashed(self) -> str:
        told = f"{self.rules.model_dump_json()} {self._cost}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def _again(self, decision: Decision, now: dt.datetime) -> dt.datetime | None:
        """When to look at an incident again; ``None`` for not before it changes."""
        if decision.action is Action.SKIP:
            return None
        if decision.reason in planner.HELD_BACK:
            return now
        return min(decision.until or now + SOON, now + LONGEST)

    def _all(self) -> Iterator[list[Standing]]:
        """All standings, in portions; those that are not stored first."""
        marked = self._store.standings.marked()
        accounts = (self._keeper.account(one) for one in marked)
        yield [account.standing for account in accounts if account is not None]
        after, skipped = 0, {one.incident_id for one in marked}
        while batch := self._store.standings.current_after(after, BATCH):
            yield [standing for standing in batch if standing.incident_id not in skipped]
            after = batch[-1].number

    def still_due(self, incident_id: IncidentId, evidence_hash: str) -> bool:
        """Whether a draft of that evidence is still due; final only under the write lock."""
        decision = self.decision(incident_id)
        return (
            decision is not None
            and decision.action is Action.DRAFT
            and decision.evidence_hash == evidence_hash
        )

    def stands(self, job: Job) -> bool:
        """Whether nothing speaks against a planned draft that has waited for a worker.

        Of the rules it knows only the budget, and that only where this process has the rules of the
        one that has planned.
        """
        standing = self._keeper.current([job.incident_id]).get(job.incident_id)
        evidence = (standing.evidence_hash, standing.drafted_hash) if standing else (None, None)
        if evidence[0] != job.evidence_hash or evidence[1] == job.evidence_hash:
            return False
        last = next(iter(self._records.newest_over(WORKER, 1)), None)
        ended = last.finished_at if last and last.blameless else None
        going_on = self.paused_by() is None and (ended is None or ended < job.created_at)
        return going_on and self._is_paid_for(job)

    def _is_paid_for(self, job: Job) -> bool:
        """Whether the budget still has room for a draft that was planned.

        Drafts that ended since then may have used more than was set aside for them.
        """
        if self._store.standings.rules_of(job.incident_id) != self._hashed():
            return True
        reserve = self.reserve(job.incident_id)
        purses = self._purses(self._store.jobs.with_status(JobStatus.RUNNING))
        return all(purse.need(reserve) <= purse.left for purse in purses)

    def decision(self, incident_id: IncidentId) -> Decision | None:
        """The decision on one incident as if no draft of it were under way.

        ``None`` if it was merged away or has no items.
        """
        situation = self._situation()
        standing = self._keeper.current([incident_id]).get(incident_id)
        if standing is None or not standing.items:
            return None
        (state,) = self._states([standing], situation.now)
        alone = state.model_copy(update={"under_way": False, "in_batch_until": None})
        return planner.plan([alone], situation, self.rules)[0]

    def _situation(self) -> SystemState:
        under_way = self._under_way()
        return SystemState(
            now=self._clock.now(),
            paused_by=self.paused_by(),
            purses=self._purses(under_way),
            outage=self._outage(),
            probing=any(job.asked_by == WORKER for job in under_way),
        )

    def _under_way(self) -> list[Job]:
        return self._store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)

    def paused_by(self) -> str | None:
        """Who paused auto-drafting; ``None`` while it runs."""
        last = self._store.history.latest({EventKind.PAUSED, EventKind.RESUMED})
        return last.actor if last and last.kind is EventKind.PAUSED else None

    def _outage(self) -> Outage | None:
        """Failures of the model's server since the last draft that ended otherwise."""
        over = self._records.newest_over(WORKER, self.rules.most_retries)
        row = list(takewhile(lambda job: job.blameless, over))
        if not row or row[0].finished_at is None:
            return None
        reason = row[0].error or "unknown"
        return Outage(failures=len(row), failed_at=row[0].finished_at, reason=reason)

    def purses(self) -> tuple[Limit, ...]:
        """The limits of the budget, with their present use."""
        return self._purses(self._under_way())

    def _purses(self, running: Iterable[Job]) -> tuple[Limit, ...]:
        now = self._clock.now()
        return budget.purses(
            self.rules.budget,
            self.rules.prices,
            self._cost.price,
            {window: self._records.spent(now - window.length) for window in Window},
            [self.reserve(job.incident_id) for job in running],
            {window: self._records.in_batches(now - window.length) for window in Window},
        )

    def reserve(self, incident_id: IncidentId) -> Usage:
        """What a draft of an incident will use, by estimate."""
        id_ = self._store.incident(incident_id).id
        return self._reserve(self._keeper.current([id_])[id_].tokens)

    def _reserve(self, tokens: int) -> Usage:
        return self.measured.of_draft(round(FRAMED * tokens))

    def loudest(self, incidents: Iterable[IncidentId]) -> list[IncidentId]:
        """Incidents in order of drafting: the loudest first, equals in the given order."""
        now = self._clock.now()
        into = {id_: self._store.incident(id_).id for id_ in incidents}
        standings = self._keeper.current(list(into.values()))
        return sorted(
            into, key=lambda id_: self._keeper.noise(standings[into[id_]], now).score, reverse=True
        )

    def _states(self, standings: Sequence[Standing], now: dt.datetime) -> list[IncidentState]:
        """States of the incidents that have items."""
        filled = [standing for standing in standings if standing.items]
        failures = self._failures([standing.incident_id for standing in filled])
        jobs = self._store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)
        whole = {job.incident_id for job in jobs if job.section is None}
        under_way = {self._store.incident(id_).id for id_ in whole}
        held = self._store.batches.held(now)
        return [
            self._state(standing, failures, now).model_copy(
                update={
                    "under_way": standing.incident_id in under_way,
                    "in_batch_until": held.get(standing.incident_id),
                }
            )
            for standing in filled
        ]

    def _state(
        self,
        standing: Standing,
        failures: dict[tuple[IncidentId, str], list[Job]],
        now: dt.datetime,
    ) -> IncidentState:
        state = IncidentState(
            incident_id=standing.incident_id,
            evidence_hash=standing.evidence_hash,
            items=len(standing.items),
            origins=standing.origins,
            noise=0,
            arrived_at=standing.arrived_at,
            waiting_since=standing.arrived_at,
            drafted_hash=standing.drafted_hash,
        )
        if standing.drafted_hash == standing.evidence_hash:
            return state
        failed = failures.get((standing.incident_id, standing.evidence_hash), [])
        noise = self._keeper.noise(standing, now)
        return state.model_copy(
            update={
                "noise": noise.score,
                "is_dated": noise.peak_at is not None,
                "waiting_since": standing.waiting_since,
                "drafted_at": standing.drafted_at,
                "failures": len(failed),
                "failed_at": failed[-1].finished_at if failed else None,
                "failure": failed[-1].error if failed else None,
                "held": standing.held if standing.drafted_hash else (),
                "reserve": self._reserve(standing.tokens),
            }
        )

    def _failures(
        self, incident_ids: Sequence[IncidentId]
    ) -> dict[tuple[IncidentId, str], list[Job]]:
        """Failed drafts since the last release of their incident, by incident and evidence hash."""
        jobs = self._records.failed(WORKER, incident_ids)
        failed = [job for job in jobs if not job.blameless]
        incidents = list({job.incident_id for job in failed})
        released = self._store.history.newest(incidents, {EventKind.RELEASED})
        found: dict[tuple[IncidentId, str], list[Job]] = {}
        for job in failed:
            entry = released.get(job.incident_id)
            if entry is None or (job.finished_at is not None and entry.at < job.finished_at):
                found.setdefault((job.incident_id, job.evidence_hash), []).append(job)
        return found


def _coming(standing: Standing, again: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """When to look again at an incident, of which an item may be still to come."""
    since = standing.outlook.since
    if since is None or since <= now:
        return again
    return min(again or since, since, now + LONGEST)
