"""What the service counts, for Prometheus.

Drafts, verdicts and tokens are added up from the events of all drafts since the first one, so that
a restart loses no count.  No draft is read, and a scrape reads only the events since the last one.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter as TallyCounter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from summarizer.jobs.planner import HELD_BACK, Reason
from summarizer.jobs.snapshot import PlannerInputs
from summarizer.ports.clock import Clock
from summarizer.storage.events import History

PLANNED_FOR = dt.timedelta(minutes=1)
"""How long what auto-drafting would do is kept: to plan it, the texts of incidents are read."""


class Metrics:
    """The counts of one application on one store."""

    def __init__(self, history: History, survey: PlannerInputs, clock: Clock) -> None:
        self._history = history
        self._survey = survey
        self._clock = clock
        self._planned_at: dt.datetime | None = None
        self._counted = 0
        self._lock = threading.Lock()
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "summarizer_http_request_seconds",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._failed = self._counter("drafts_failed", "Drafts that could not be made.")
        self._drafts = self._counter("drafts", "Drafts that were stored.", "drafter")
        self._verdicts = self._counter("verdicts", "Verdicts on drafted sentences.", "label")
        self._tokens = self._counter("tokens", "Tokens of drafts as servers counted.", "kind")
        self._queue = self._gauge(
            "queue", "Incidents to draft, now or once nothing holds all back."
        )
        self._decided = self._gauge("incidents", "Incidents by what is decided.", "reason")
        self._left = self._gauge("budget_left", "What may still be spent.", "unit", "window")

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"summarizer_autodrafting_{name}", what, labels, registry=self._registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"summarizer_{name}", what, labels, registry=self._registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        with self._lock:
            self._count()
            self._plan()
        return generate_latest(self._registry)

    def _count(self) -> None:
        new = self._history.draft_counts(self._counted)
        self._counted = new.last
        self._failed.inc(new.failed)
        for counter, counts in (
            (self._drafts, new.drafters),
            (self._verdicts, new.verdicts),
            (self._tokens, new.tokens),
        ):
            for label, count in counts.items():
                counter.labels(label).inc(count)

    def _plan(self) -> None:
        now = self._clock.now()
        if self._planned_at is not None and now - self._planned_at < PLANNED_FOR:
            return
        self._planned_at = now
        reasons = TallyCounter(decision.reason for decision in self._survey.plan())
        self._queue.set(sum(reasons[reason] for reason in HELD_BACK))
        for reason in Reason:
            self._decided.labels(reason.value).set(reasons[reason])
        for purse in self._survey.purses():
            self._left.labels(purse.unit.value, purse.window.value).set(purse.left)
