"""Inputs of the plan of auto-drafting, read from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from summarizer.domain.drafts import Usage
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import Incident, IncidentId
from summarizer.domain.items import ItemKey, SourceItem
from summarizer.domain.jobs import Job, JobStatus
from summarizer.drafting import evidence_pack
from summarizer.drafting.prompts import estimate_tokens
from summarizer.jobs import budget, planner
from summarizer.jobs.budget import Limit, Price, Reserve, Window
from summarizer.jobs.planner import (
    WORKER,
    Action,
    Decision,
    IncidentState,
    Outage,
    Rules,
    SystemState,
)
from summarizer.noise import score as noise_score
from summarizer.noise.score import NoiseCurve
from summarizer.ports.clock import Clock
from summarizer.storage.planner_inputs import PlannerRecords
from summarizer.storage.store import Store

BATCH = 1_000
"""Incidents read at one time."""

CURVES = 1_000
"""Incidents whose noise curve is cached, so that ``still_due`` reads no text under the write lock.
"""

FRAMED = 1.5
"""Most tokens of an evidence pack for each token of its texts, since every passage has a number and
every item a line of its own."""


@dataclass(frozen=True)
class Cost:
    """Upper bound and price of one draft.

    Args:
        reserve: bounds from which the most that a draft can use is computed.
        price: upper bound of the models' prices; ``None`` if one of them has none.
    """

    reserve: Reserve
    price: Price | None


@dataclass(frozen=True)
class _Evidence:
    """Properties of an incident's items for the rules; stored items never change."""

    keys: tuple[ItemKey, ...]
    hash: str
    origins: int
    tokens: int
    arrivals: tuple[dt.datetime, ...]


class PlannerInputs:
    """States of all incidents of one store, for the planner.

    Properties of evidence are cached, so that only changed incidents are read again.
    """

    def __init__(
        self, store: Store, records: PlannerRecords, clock: Clock, rules: Rules, cost: Cost
    ) -> None:
        self._store = store
        self._records = records
        self._clock = clock
        self._cost = cost
        self._read: dict[IncidentId, _Evidence] = {}
        self._curve = lru_cache(CURVES)(self._curve_of)
        self.rules = rules

    def plan(self) -> tuple[Decision, ...]:
        """The present plan: a decision for each incident."""
        situation = self._situation()
        return planner.plan(self._standings(situation.now), situation, self.rules)

    def still_due(self, decision: Decision) -> bool:
        """Whether a planned draft is still due; final only under the write lock."""
        situation, id_ = self._situation(), decision.incident_id
        incident, newest = self._store.incident(id_), self._store.newest_draft(id_)
        if incident.id != id_ or not incident.item_keys:
            return False  # merged away meanwhile, or emptied
        drafted_hash = newest.evidence_hash if newest else None
        standing = self._standing(incident, drafted_hash, self._failures(), situation.now)
        (now,) = planner.plan([standing], situation, self.rules)
        return now.action is Action.DRAFT and now.evidence_hash == decision.evidence_hash

    def _situation(self) -> SystemState:
        return SystemState(
            now=self._clock.now(),
            paused_by=self.paused_by(),
            purses=self.purses(),
            outage=self._outage(),
        )

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
        """The limits of the budget, with their present use.

        Unanswered requests in message batches count with the most that they can use.
        """
        now = self._clock.now()
        running = self._store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)
        return budget.purses(
            self.rules.budget,
            self.rules.prices,
            self._cost.price,
            {window: self._records.spent(now - window.length) for window in Window},
            [self.reserve(job.incident_id) for job in running],
            {window: self._records.in_batches(now - window.length) for window in Window},
        )

    def reserve(self, incident_id: IncidentId) -> Usage:
        """Most that a draft of an incident can use."""
        return self._cost.reserve.of(self._evidence(self._store.incident(incident_id)).tokens)

    def loudest(self, incidents: Iterable[IncidentId]) -> list[IncidentId]:
        """Incidents in order of drafting: the loudest first, equals in the given order."""
        now = self._clock.now()

        def score(id_: IncidentId) -> int:
            items = self._store.items(self._store.incident(id_).item_keys)
            return noise_score.measure(items, now).score

        return sorted(incidents, key=score, reverse=True)

    def _standings(self, now: dt.datetime) -> list[IncidentState]:
        drafted = self._records.drafted_hashes()
        failures = self._failures()
        jobs = self._store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)
        whole = {job.incident_id for job in jobs if job.section is None}
        under_way = {self._store.incident(id_).id for id_ in whole}
        held = self._store.batches.held(now)
        return [
            self._standing(incident, drafted.get(incident.id), failures, now).model_copy(
                update={
                    "under_way": incident.id in under_way,
                    "in_batch_until": held.get(incident.id),
                }
            )
            for incident in self._incidents()
            if incident.item_keys
        ]

    def _standing(
        self,
        incident: Incident,
        drafted_hash: str | None,
        failures: dict[tuple[IncidentId, str], list[Job]],
        now: dt.datetime,
    ) -> IncidentState:
        evidence = self._evidence(incident)
        newest = max(evidence.arrivals)
        standing = IncidentState(
            incident_id=incident.id,
            evidence_hash=evidence.hash,
            items=len(incident.item_keys),
            origins=evidence.origins,
            noise=0,
            arrived_at=newest,
            waiting_since=newest,
            drafted_hash=drafted_hash,
        )
        if drafted_hash == evidence.hash:
            return standing
        failed = failures.get((incident.id, evidence.hash), [])
        drafted_at = self._drafted_at(incident.id)
        noise = self._curve(incident.item_keys).at(now)
        unseen = [at for at in evidence.arrivals if drafted_at is None or at > drafted_at]
        return standing.model_copy(
            update={
                "noise": noise.score,
                "is_dated": noise.peak_at is not None,
                "waiting_since": min(unseen, default=newest),
                "drafted_at": drafted_at,
                "failures": len(failed),
                "failed_at": failed[-1].finished_at if failed else None,
                "failure": failed[-1].error if failed else None,
                "held": self._held(incident.id) if drafted_hash else (),
                "reserve": self._cost.reserve.of(evidence.tokens),
            }
        )

    def _incidents(self) -> Iterator[Incident]:
        offset = 0
        while batch := self._store.incidents(BATCH, offset):
            yield from batch
            offset += len(batch)

    def _evidence(self, incident: Incident) -> _Evidence:
        known = self._read.get(incident.id)
        if known is None or known.keys != incident.item_keys:
            known = _evidence(self._store.items(incident.item_keys))
            self._read[incident.id] = known
        return known

    def _curve_of(self, keys: tuple[ItemKey, ...]) -> NoiseCurve:
        return NoiseCurve(map(noise_score.read, self._store.items(keys)))

    def _failures(self) -> dict[tuple[IncidentId, str], list[Job]]:
        """Failed drafts since the last release of their incident, by incident and evidence hash."""
        failed = [job for job in self._records.failed(WORKER) if not job.blameless]
        incidents = list({job.incident_id for job in failed})
        released = self._store.history.newest(incidents, {EventKind.RELEASED})
        found: dict[tuple[IncidentId, str], list[Job]] = {}
        for job in failed:
            entry = released.get(job.incident_id)
            if entry is None or (job.finished_at is not None and entry.at < job.finished_at):
                found.setdefault((job.incident_id, job.evidence_hash), []).append(job)
        return found

    def _drafted_at(self, incident_id: IncidentId) -> dt.datetime | None:
        entry = self._store.history.newest([incident_id], {EventKind.DRAFTED}).get(incident_id)
        return entry.at if entry else None

    def _held(self, incident_id: IncidentId) -> tuple[str, ...]:
        draft = self._store.newest_draft(incident_id)
        return tuple(s.key for s in draft.sections if s.is_kept) if draft else ()


def _evidence(items: Sequence[SourceItem]) -> _Evidence:
    return _Evidence(
        keys=tuple(item.key for item in items),
        hash=evidence_pack.evidence_hash(items),
        origins=len({item.origin for item in items}),
        tokens=round(FRAMED * sum(estimate_tokens(item.text) for item in items)),
        arrivals=tuple(item.ingested_at for item in items),
    )
