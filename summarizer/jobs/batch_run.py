"""A run that drafts incidents through message batches, one at a time, at half the price.

An incident is drafted by the ordinary path while the outbox is open: its first request without a
stored answer goes into the next batch instead of being sent.  The answers of a batch go into the
log of calls, where the same path finds them in the next round.  Draft, repair and judgement each
take a round.  Requests are stored before they are sent, so that a run that was killed is taken up
by the next, and no request is paid for twice.

One run works at a time.  Until a batch has been drafted from, its incidents are held: no worker
drafts them, and none that is being drafted goes into a batch.  A run over all incidents keeps
within the budget of auto-drafting, the loudest first; a run over named ones is an editor's order.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from summarizer.domain.batches import Answer, Batch, BatchedRequest, ModelRequest, Outbox, Progress
from summarizer.domain.drafts import CallRecord, Usage
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.errors import (
    BatchCanceledError,
    CutOffError,
    DeferredError,
    ModelError,
    ModelRequestError,
    RateLimitError,
    RefusalError,
    SchemaError,
)
from summarizer.jobs import budget
from summarizer.jobs.snapshot import PlannerInputs
from summarizer.pipeline.pipeline import Pipeline
from summarizer.ports.clock import Clock
from summarizer.ports.models import BatchServer
from summarizer.storage.store import Store

BATCH = "batch"
"""Actor, in the history, of drafts that failed in a batch."""

MOST_REQUESTS = 10_000
MOST_BYTES = 100_000_000
"""Size at which a batch is sent; Anthropic takes 100,000 requests and 256 MB (2026-11-24)."""

MOST_TRIES = 2
"""Batches of one run into which a request goes that the server fails to answer."""

FINAL = (RefusalError, CutOffError, ModelRequestError, BatchCanceledError)
"""Errors after which a request is not asked again: it would come to the same, or was called off."""

FIRST_LOOK_S = 5.0
LONGEST_LOOK_S = 60.0
"""Waits between looks at a batch, doubled from the first to the longest.  Most batches end within
an hour, all within 24."""

LEASE = dt.timedelta(minutes=3)
"""For how long the batches of a killed run are kept from the next; renewed with each look."""


@dataclass(frozen=True)
class BatchContext:
    """Parts that a run works with."""

    pipeline: Pipeline
    store: Store
    server: BatchServer
    outbox: Outbox
    clock: Clock
    survey: PlannerInputs


@dataclass
class BatchReport:
    """Results of a run so far.

    Args:
        drafted: incidents with a new revision, in the order in which they were made.
        failed: errors of those that were given up.
        held_back: why the budget has no room for others now.
        batched: usage of the batches, to be paid at half the price.
    """

    drafted: list[IncidentId] = field(default_factory=list)
    failed: dict[IncidentId, ModelError] = field(default_factory=dict)
    held_back: dict[IncidentId, str] = field(default_factory=dict)
    batched: Usage = field(default_factory=Usage)


def looks() -> Iterator[float]:
    """Seconds to wait before each look at a batch; the first is at once."""
    yield 0.0
    seconds = FIRST_LOOK_S
    while True:
        yield seconds
        seconds = min(2 * seconds, LONGEST_LOOK_S)


class BatchRun:
    """One run: drafts what is due, beginning with the batches that an earlier run left open.

    The index is held only while something is drafted, not while a batch is waited for.
    """

    def __init__(
        self,
        opened: Callable[[], AbstractContextManager[BatchContext]],
        sleep: Callable[[float], None],
        tell: Callable[[str], None],
        only: Collection[IncidentId] | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            opened: opens the parts for one step.
            sleep: waits that many seconds between looks at a batch.
            tell: is given a line for each step, for a person who watches.
            only: incidents to draft, if their evidence has no draft yet, whatever is left of the
                budget; all for which it has room when left out.
        """
        self.report = BatchReport()
        self._opened = opened
        self._sleep = sleep
        self._tell = tell
        self._only = None if only is None else set(only)
        self._tries: Counter[str] = Counter()
        self._given_up: dict[str, ModelError] = {}
        self._name = uuid.uuid4().hex

    def run(self) -> BatchReport:
        """Work until no batch is open and nothing can be drafted any more.

        Raises:
            ConflictError: another run works on this store.
            ModelError: the server could not be asked; the next run takes up the open batch.
            StorageError: the database or the index failed.
        """
        waits = looks()
        try:
            while True:
                with self._opened() as shop:
                    if self._is_answered(shop):
                        if not self._send_next(shop):
                            return self.report
                        waits = looks()
                self._sleep(next(waits))
        finally:
            with self._opened() as shop:
                shop.store.batches.release(self._name, shop.clock.now())

    # --- Batches -----------------------------------------------------------------------------

    def _hold(self, shop: BatchContext) -> None:
        now = shop.clock.now()
        shop.store.batches.hold(shop.server.url, self._name, now, now + LEASE)

    def _is_answered(self, shop: BatchContext) -> bool:
        """Collect the open batch if it has ended; whether no answer is outstanding."""
        self._hold(shop)
        batches = shop.store.batches.open(shop.server.url)
        return all([self._is_collected(shop, batch) for batch in batches])

    def _is_collected(self, shop: BatchContext, batch: Batch) -> bool:
        if batch.sent_at is None:  # its run was killed before it sent the batch
            shop.store.batches.drop(batch.number)
            return True
        if not shop.store.batches.waiting(batch.number):
            return True
        batch_id = batch.batch_id or self._found(shop, batch, batch.sent_at)
        if batch_id is None:
            return batch not in shop.store.batches.open(shop.server.url)
        progress = shop.server.look(batch_id)
        self._tell(_described(progress))
        if progress.ended:
            self._collect(shop, batch, batch_id)
        return progress.ended

    def _found(self, shop: BatchContext, batch: Batch, sent_at: dt.datetime) -> str | None:
        """The server's id of a batch whose run was killed before it was stored."""
        batches = shop.store.batches
        known = [b.batch_id for b in batches.newest(1_000) if b.batch_id]
        found = shop.server.find(batch, known)
        if found is not None:
            batches.sent(batch.number, found)
            self._tell(f"Batch {found} had been sent; it is taken up again.")
        elif shop.clock.now() > sent_at + dt.timedelta(seconds=shop.server.longest_s):
            batches.drop(batch.number)
            self._tell(f"Batch {batch.number} never arrived; its requests are sent anew.")
        return found

    def _collect(self, shop: BatchContext, batch: Batch, batch_id: str) -> None:
        """Store every answer once, in the transaction that notes its outcome."""
        requests = {r.id: r for r in shop.store.batches.waiting(batch.number)}
        for answer in shop.server.answers(batch_id, list(requests.values())):
            with shop.store.transaction():
                if shop.store.batches.settle(batch.number, answer.id, answer.outcome):
                    record = _record(batch, requests[answer.id], answer, shop.clock.now())
                    shop.store.calls.record(record)
                    self.report.batched += answer.usage
            self._tries[answer.id] += 1
            if answer.error is None:  # a correction follows, should it be of no use
                self._given_up[answer.id] = SchemaError("The answer does not fit the schema.")
            elif isinstance(answer.error, FINAL) or self._tries[answer.id] >= MOST_TRIES:
                self._given_up[answer.id] = answer.error

    def _send_next(self, shop: BatchContext) -> bool:
        """Draft from stored answers, and send what is asked next; whether anything is."""
        batches, now = shop.store.batches, shop.clock.now()
        number = batches.begin(shop.server.url, self._name, now, now + LEASE)
        answered = [b.number for b in batches.open(shop.server.url) if b.number != number]
        self._draft_due(shop, number, set().union(*map(batches.incidents, answered)))
        with shop.store.transaction():
            for old in answered:
                batches.close(old, shop.clock.now())
            requests = batches.waiting(number)
            if not requests:
                batches.drop(number)
                return False
            batches.sending(number, shop.clock.now())
        try:
            batch_id = shop.server.submit(requests)
        except (ModelRequestError, RateLimitError):
            batches.drop(number)  # the server said that it did not take it
            raise
        batches.sent(number, batch_id)
        self._tell(f"Batch {batch_id} is sent: {len(requests)} requests.")
        return True

    # --- Drafts ------------------------------------------------------------------------------

    def _draft_due(self, shop: BatchContext, number: int, answered: set[IncidentId]) -> None:
        """Draft what can be drafted, and put what must be asked first into a batch, until it is
        full; incidents whose answers came go on whatever is left of the budget."""
        self.report.held_back.clear()
        requests = size = 0
        for incident_id in self._due(shop, answered):
            self._hold(shop)
            if self.report.held_back and incident_id not in answered:
                self.report.held_back[incident_id] = "a louder incident waits for the budget"
                continue
            if shop.store.jobs.drafting(incident_id):
                self._tell(f"{incident_id}: left to whoever drafts it")
                continue
            asked = self._draft(shop, incident_id)
            self._add(shop, number, asked)
            requests += len(asked)
            size += sum(len(request.request.encode()) for request in asked)
            if requests >= MOST_REQUESTS or size >= MOST_BYTES:
                return

    def _due(self, shop: BatchContext, answered: set[IncidentId]) -> list[IncidentId]:
        """Incidents to draft in this run, the loudest first; those of an earlier run too."""
        due = set(shop.pipeline.due()) - {*self.report.drafted, *self.report.failed}
        if self._only is not None:
            self._only |= answered
            due &= self._only
        return shop.survey.loudest(sorted(due))

    def _draft(self, shop: BatchContext, incident_id: IncidentId) -> list[BatchedRequest]:
        """Draft an incident from stored answers; else the requests that must be answered first."""
        asked: Sequence[ModelRequest] = ()
        try:
            with shop.outbox.opened(self._given_up) as asked:
                draft = shop.pipeline.draft(incident_id)
        except DeferredError:
            return [BatchedRequest(**one.model_dump(), incident_id=incident_id) for one in asked]
        except ModelError as error:
            self.report.failed[incident_id] = error
            self._tell(f"{incident_id}: not drafted: {error}")
            detail = {"reason": str(error)}
            kind = EventKind.DRAFT_FAILED
            shop.store.history.record(kind, incident_id, BATCH, detail=detail)
            return []
        self.report.drafted.append(incident_id)
        self._tell(f"{incident_id}: stored revision {draft.revision}")
        return []

    def _add(self, shop: BatchContext, number: int, requests: Sequence[BatchedRequest]) -> None:
        """Put requests of an incident into a batch, if there is room and nobody else drafts it."""
        if not requests:
            return
        incident_id = requests[0].incident_id
        with shop.store.transaction():
            purses = shop.survey.purses() if self._only is None else ()
            lacking = budget.shortage(purses, sum((r.most for r in requests), Usage()))
            if shop.store.jobs.drafting(incident_id):
                self._tell(f"{incident_id}: left to whoever drafts it")
            elif lacking is not None:
                self.report.held_back[incident_id] = f"the budget has no room: {lacking}"
            else:
                shop.store.batches.add(number, requests)


def _record(batch: Batch, request: BatchedRequest, answer: Answer, now: dt.datetime) -> CallRecord:
    sent_at = batch.sent_at or batch.begun_at
    return CallRecord(
        request_hash=request.id,
        model=request.model,
        created_at=sent_at,
        purpose=request.purpose,
        request=request.request,
        response=answer.response,
        usage=answer.usage,
        latency_ms=max(0, round((now - sent_at).total_seconds() * 1000)),
        error=str(answer.error) if answer.error else None,
        batched=True,
    )


def _described(progress: Progress) -> str:
    counts = ", ".join(f"{n} {name}" for name, n in progress.counts.items()) or "empty"
    return f"Batch {progress.batch_id} {'has ended' if progress.ended else 'runs'}: {counts}."
