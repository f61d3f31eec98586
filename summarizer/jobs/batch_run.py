"""A run that drafts incidents through message batches at half the price.

Each round drafts all due incidents through the pipeline with an open outbox: requests without a
stored answer go into the next batch instead of being sent.  Its answers are stored in the log of
model calls, where the pipeline finds them in the next round.  Draft, repair and judgement take one
round each.  Requests are stored before they are sent, so that the next run resumes a killed one and
no request is paid for twice.

One run works at a time.  It holds the incidents of a batch until they are drafted: no worker drafts
them meanwhile.  A run over all incidents keeps to the budget of auto-drafting, the loudest first; a
run over named incidents ignores the budget.
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
from summarizer.storage.locks import JOBS
from summarizer.storage.store import Store

BATCH = "batch"
"""Actor of the events of drafts that failed in a batch."""

MOST_REQUESTS = 10_000
MOST_BYTES = 100_000_000
"""Size at which a batch is sent; Anthropic allows 100,000 requests and 256 MB."""

MOST_TRIES = 2
"""Most batches of one run with the same request, if the server fails to answer it."""

FINAL = (RefusalError, CutOffError, ModelRequestError, BatchCanceledError)
"""Errors after which a request is not sent again."""

FIRST_LOOK_S = 5.0
LONGEST_LOOK_S = 60.0
"""First and longest wait between polls of a batch; it doubles.  Most batches end within an hour,
all within 24."""

LEASE = dt.timedelta(minutes=3)
"""Time after which another run may resume the batches of a killed one; renewed at each poll."""


@dataclass(frozen=True)
class BatchContext:
    """Parts of the application that a run uses."""

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
        drafted: incidents with a new revision, in order.
        failed: the error of each failed incident.
        held_back: for each incident that waits for the budget, the reason.
        batched: usage of the batches, at half the price.
    """

    drafted: list[IncidentId] = field(default_factory=list)
    failed: dict[IncidentId, ModelError] = field(default_factory=dict)
    held_back: dict[IncidentId, str] = field(default_factory=dict)
    batched: Usage = field(default_factory=Usage)


def looks() -> Iterator[float]:
    """Seconds to wait before each poll of a batch; 0 before the first."""
    yield 0.0
    seconds = FIRST_LOOK_S
    while True:
        yield seconds
        seconds = min(2 * seconds, LONGEST_LOOK_S)


class BatchRun:
    """One run over all due incidents, beginning with the open batches of an earlier run.

    The index is open only while incidents are drafted, not while a batch is polled.
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
            opened: opens the parts for one round.
            sleep: waits that many seconds between polls of a batch.
            tell: called with a line of progress at each step.
            only: incidents to draft if they are due, regardless of the budget; if left out, all due
                incidents that the budget has room for.
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
        """Work until no batch is open and no incident can be drafted.

        Raises:
            ConflictError: another run works on this store.
            ModelError: the server could not be asked; the next run resumes the open batch.
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
        """Collect the open batch if it has ended; returns whether no answer is outstanding."""
        self._hold(shop)
        batches = shop.store.batches.open(shop.server.url)
        return all([self._is_collected(shop, batch) for batch in batches])

    def _is_collected(self, shop: BatchContext, batch: Batch) -> bool:
        if batch.sent_at is None:  # its run was killed before sending it
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
        """The server's id of a batch whose run was killed before storing the id."""
        batches = shop.store.batches
        known = [b.batch_id for b in batches.newest(1_000) if b.batch_id]
        found = shop.server.find(batch, known)
        if found is not None:
            batches.sent(batch.number, found)
            self._tell(f"Batch {found} was sent by a killed run; it is resumed.")
        elif shop.clock.now() > sent_at + dt.timedelta(seconds=shop.server.longest_s):
            batches.drop(batch.number)
            self._tell(f"Batch {batch.number} never arrived; its requests are sent again.")
        return found

    def _collect(self, shop: BatchContext, batch: Batch, batch_id: str) -> None:
        """Store every answer once, in one transaction with its outcome."""
        requests = {r.id: r for r in shop.store.batches.waiting(batch.number)}
        for answer in shop.server.answers(batch_id, list(requests.values())):
            with shop.store.transaction():
                if shop.store.batches.settle(batch.number, answer.id, answer.outcome):
                    record = _record(batch, requests[answer.id], answer, shop.clock.now())
                    shop.store.calls.record(record)
                    self.report.batched += answer.usage
            self._tries[answer.id] += 1
            if answer.error is None:  # if it doesn't fit the schema, a correction is sent instead
                self._given_up[answer.id] = SchemaError("The answer does not fit the schema.")
            elif isinstance(answer.error, FINAL) or self._tries[answer.id] >= MOST_TRIES:
                self._given_up[answer.id] = answer.error

    def _send_next(self, shop: BatchContext) -> bool:
        """Draft from stored answers and send the next batch; returns whether there is one."""
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
            batches.drop(number)  # the server has rejected it
            raise
        batches.sent(number, batch_id)
        self._tell(f"Batch {batch_id} is sent: {len(requests)} requests.")
        return True

    # --- Drafts ------------------------------------------------------------------------------

    def _draft_due(self, shop: BatchContext, number: int, answered: set[IncidentId]) -> None:
        """Draft due incidents from stored answers, and collect their open requests until the batch
        is full; incidents with answers continue regardless of the budget."""
        self.report.held_back.clear()
        requests = size = 0
        for incident_id in self._due(shop, answered):
            self._hold(shop)
            if self.report.held_back and incident_id not in answered:
                self.report.held_back[incident_id] = "a louder incident waits for the budget"
                continue
            if shop.store.jobs.drafting(incident_id):
                self._tell(f"{incident_id}: skipped: another draft of it is under way")
                continue
            asked = self._draft(shop, incident_id)
            self._add(shop, number, asked)
            requests += len(asked)
            size += sum(len(request.request.encode()) for request in asked)
            if requests >= MOST_REQUESTS or size >= MOST_BYTES:
                return

    def _due(self, shop: BatchContext, answered: set[IncidentId]) -> list[IncidentId]:
        """Due incidents of this run, the loudest first, with those that a killed run left."""
        due = set(shop.pipeline.due()) - {*self.report.drafted, *self.report.failed}
        if self._only is not None:
            self._only |= answered
            due &= self._only
        return shop.survey.loudest(sorted(due))

    def _draft(self, shop: BatchContext, incident_id: IncidentId) -> list[BatchedRequest]:
        """Draft an incident from stored answers; returns its requests that have no answer yet."""
        asked: Sequence[ModelRequest] = ()
        try:
            with shop.outbox.opened(self._given_up) as asked:
                draft = shop.pipeline.draft(incident_id)
        except DeferredError:
            return [self._reserved(shop, incident_id, one) for one in asked]
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

    @staticmethod
    def _reserved(shop: BatchContext, id_: IncidentId, one: ModelRequest) -> BatchedRequest:
        """A request with what it will use by estimate, instead of the most that it can."""
        reserve = shop.survey.measured.of_request(one.model, one.purpose, one.reserve)
        return BatchedRequest(**one.model_dump() | {"reserve": reserve}, incident_id=id_)

    def _add(self, shop: BatchContext, number: int, requests: Sequence[BatchedRequest]) -> None:
        """Add an incident's requests to a batch, unless the budget or another draft prevents it."""
        if not requests:
            return
        incident_id = requests[0].incident_id
        with shop.store.transaction(JOBS):
            purses = shop.survey.purses() if self._only is None else ()
            lacking = budget.shortage(purses, sum((r.reserve for r in requests), Usage()))
            if shop.store.jobs.drafting(incident_id):
                self._tell(f"{incident_id}: skipped: another draft of it is under way")
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
