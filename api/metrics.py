"""Prometheus metrics of the service.

Drafts, verdicts and tokens are counted from stored events, so that a restart loses no count.  A
scrape reads only the events since the last scrape and loads no draft.  What waits, and what
auto-drafting decided, is counted by indexes, up to a limit.
"""

from __future__ import annotations

import datetime as dt
import math
import threading
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from summarizer.jobs.planner import HELD_BACK
from summarizer.jobs.snapshot import PlannerInputs
from summarizer.ports.clock import Clock
from summarizer.storage.store import Store

SPENT_FOR = dt.timedelta(minutes=1)
"""Lifetime of the budget left, for which the calls of a day are summed."""

NOT_SEEN = "not_seen"
"""Reason of incidents that no worker has looked at since they changed."""


class Metrics:
    """Metrics of one application."""

    def __init__(
        self, store: Store, survey: PlannerInputs, clock: Clock, index: Callable[[], str | None]
    ) -> None:
        self._store = store
        self._index = index
        self._survey = survey
        self._clock = clock
        self._spent_at: dt.datetime | None = None
        self._counted = 0
        self._lock = threading.Lock()
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "summarizer_http_request_seconds",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._failed = self._counter("drafts_failed", "Failed drafts.")
        self._drafts = self._counter("drafts", "Stored drafts.", "drafter")
        self._verdicts = self._counter("verdicts", "Verdicts on drafted sentences.", "label")
        self._tokens = self._counter("tokens", "Tokens of drafts, as counted by servers.", "kind")
        self._queue = self._gauge(
            "autodrafting_queue", "Incidents to draft now or after a global pause."
        )
        self._decided = self._gauge(
            "autodrafting_incidents", "Incidents by reason of the decision.", "reason"
        )
        self._left = self._gauge("autodrafting_budget_left", "Remaining budget.", "unit", "window")
        self._unsettled = self._gauge("items_unsettled", "Items without an incident.")
        self._age = self._gauge(
            "items_unsettled_oldest_seconds", "Age of the first item without an incident."
        )
        self._unindexed = self._gauge(
            "items_unindexed", "Items after the mark of the index; NaN while it is not open."
        )
        self._jobs = self._gauge("draft_jobs", "Drafts that are queued or running.", "status")
        self._deliveries = self._gauge("webhook_deliveries_waiting", "Deliveries not yet made.")
        self._paused = self._gauge("webhooks_paused", "Paused webhooks.")
        self._feeds = self._gauge("feeds_failing", "Polled feeds whose last poll failed.")

    def _gauge(self, name: str, help_: str, *labels: str) -> Gauge:
        return Gauge(f"summarizer_{name}", help_, labels, registry=self._registry)

    def _counter(self, name: str, help_: str, *labels: str) -> Counter:
        return Counter(f"summarizer_{name}", help_, labels, registry=self._registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Record the duration of a request."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """All metrics in the Prometheus text format."""
        with self._lock:
            self._count()
            self._count_decisions()
            self._measure_budget()
            self._measure_backlog()
        return generate_latest(self._registry)

    def _count(self) -> None:
        new = self._store.history.draft_counts(self._counted)
        self._counted = new.last
        self._failed.inc(new.failed)
        for counter, counts in (
            (self._drafts, new.drafters),
            (self._verdicts, new.verdicts),
            (self._tokens, new.tokens),
        ):
            for label, count in counts.items():
                counter.labels(label).inc(count)

    def _count_decisions(self) -> None:
        reasons = self._survey.counts()
        self._queue.set(sum(reasons[reason] for reason in HELD_BACK))
        for reason, count in reasons.items():
            self._decided.labels(reason.value if reason else NOT_SEEN).set(count)

    def _measure_budget(self) -> None:
        now = self._clock.now()
        if self._spent_at is not None and now - self._spent_at < SPENT_FOR:
            return
        self._spent_at = now
        for purse in self._survey.purses():
            self._left.labels(purse.unit.value, purse.window.value).set(purse.left)

    def _measure_backlog(self) -> None:
        now = self._clock.now()
        found = self._store.backlog.at(now, self._index())
        oldest = found.oldest_unsettled
        self._unsettled.set(found.unsettled)
        self._age.set((now - oldest).total_seconds() if oldest else 0)
        self._unindexed.set(math.nan if found.unindexed is None else found.unindexed)
        for status, count in found.jobs.items():
            self._jobs.labels(status.value).set(count)
        self._deliveries.set(found.deliveries)
        self._paused.set(found.paused_webhooks)
        self._feeds.set(found.failing_feeds)
