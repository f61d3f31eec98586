"""What the service counts, for Prometheus.

Drafts, verdicts and tokens are read off the history when somebody asks, from the first draft on,
so that a restart loses no count.
"""

from __future__ import annotations

import threading

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from summarizer.domain import Draft, Happening
from summarizer.errors import NotFoundError
from summarizer.ports import Store

BATCH = 500


class Metrics:
    """The counts of one application on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted = 0
        self._lock = threading.Lock()
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "summarizer_http_request_seconds",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._drafts = self._counter("drafts", "Drafts that were stored.", "drafter")
        self._failed = self._counter("drafts_failed", "Drafts that could not be made.")
        self._verdicts = self._counter("verdicts", "Verdicts on drafted sentences.", "label")
        self._tokens = self._counter("tokens", "Tokens of drafts as servers counted.", "kind")

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"summarizer_{name}", what, labels, registry=self._registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        with self._lock:
            self._count()
        return generate_latest(self._registry)

    def _count(self) -> None:
        kinds = {Happening.DRAFTED, Happening.DRAFT_FAILED}
        while entries := self._store.history.after(self._counted, BATCH, kinds):
            for entry in entries:
                self._counted = entry.number
                if entry.kind is Happening.DRAFT_FAILED:
                    self._failed.inc()
                elif entry.revision is not None:
                    try:
                        self._add(self._store.draft(entry.incident_id, entry.revision))
                    except NotFoundError:
                        continue

    def _add(self, draft: Draft) -> None:
        self._drafts.labels(draft.drafter).inc()
        for section in draft.sections:
            for claim in (*section.shown, *section.withheld):
                self._verdicts.labels(claim.verdict.label.value).inc()
        for kind, count in draft.usage.model_dump().items():
            if kind.endswith("_tokens"):
                self._tokens.labels(kind.removesuffix("_tokens")).inc(count)
