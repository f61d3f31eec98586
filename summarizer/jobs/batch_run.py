"""Drafts of many incidents through message batches, at half the price.

It is reconciliation, as all drafting here is: an incident is drafted by the ordinary path while
the outbox is open, so that its first question without a stored answer is laid down instead of
sent; what was laid down goes out as one batch; its answers go into the log of calls, where the
same path finds them on the next attempt.  Draft, repair and judgement each take such a round.
Nothing but which questions are in which batch is remembered, and that is written down before a
batch is sent, so that whoever starts after a crash waits for what runs and asks nothing twice.

An incident that is being drafted here is reserved from its first question to its draft
(``summarizer.jobs.reservations``), so that no worker drafts the same evidence beside it.

A run over all incidents keeps within the budget of auto-drafting, the loudest first: what there is
no room for is not asked, and left to the next run.  A run over named ones is an editor's order.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from summarizer.domain.batches import Answer, Batch, BatchedRequest, ModelRequest, Outbox, Progress
from summarizer.domain.drafts import CallRecord, Usage
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job
from summarizer.domain.model import Model
from summarizer.domain.progress import DraftProgress
from summarizer.errors import (
    BatchCanceledError,
    CutOffError,
    DeferredError,
    ModelError,
    ModelRequestError,
    RateLimitError,
    RefusalError,
)
from summarizer.jobs.budget import Allowance
from summarizer.jobs.reservations import HOLD, LostError, Reservations
from summarizer.jobs.snapshot import PlannerInputs
from summarizer.pipeline.pipeline import Pipeline
from summarizer.ports.clock import Clock
from summarizer.ports.models import BatchServer
from summarizer.storage.batches import Batches
from summarizer.storage.store import Store

MOST_QUESTIONS = 10_000
MOST_BYTES = 100_000_000
"""Most that one batch holds; Anthropic takes 100,000 requests and 256 MB (2026-11-24)."""

FIRST_LOOK_S = 5.0
LONGEST_LOOK_S = 300.0
"""Wait before a batch is looked at again: doubled from the first to the longest.  Most batches
end within an hour, all within 24."""

FINAL = (RefusalError, CutOffError, ModelRequestError, BatchCanceledError)
"""Errors after which a draft is not asked for singly: it would come to the same, or somebody
called it off."""


@dataclass(frozen=True)
class BatchContext:
    """What drafting in bulk works with."""

    pipeline: Pipeline
    store: Store
    batches: Batches
    server: BatchServer
    outbox: Outbox
    clock: Clock
    survey: PlannerInputs


class News(Model):
    """Something that happened, for those who watch.

    Args:
        incident_id: whom it concerns, ``None`` for a batch.
        words: what.
    """

    incident_id: IncidentId | None = None
    words: str


OnNews = Callable[[News], None]


@dataclass
class BatchReport:
    """What a run has done so far.

    Args:
        drafted: incidents with a new revision, in the order in which they were made.
        singly: those of them for which something was asked outside of a batch, at full price.
        failed: why others have none.
        held_back: why the budget has no room for others now.
        batched: what the batches took, to be paid at half the price.
    """

    drafted: list[IncidentId] = field(default_factory=list)
    singly: list[IncidentId] = field(default_factory=list)
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
    """One run: drafts what is due, and what batches from an earlier run were sent for.

    The index is held only while something is drafted, not while a batch is waited for.
    """

    def __init__(
        self,
        opened: Callable[[], AbstractContextManager[BatchContext]],
        sleep: Callable[[float], None],
        on_news: OnNews,
        only: Collection[IncidentId] | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            opened: opens what it works with, for one step.
            sleep: waits that many seconds between looks at a batch.
            on_news: is told what happens.
            only: incidents to draft, if their evidence has no draft yet, whatever is left of the
                budget; all for which it has room when left out.
        """
        self.tally = BatchReport()
        self._opened = opened
        self._sleep = sleep
        self._tell = on_news
        self._only = None if only is None else set(only)
        self._came: dict[str, ModelError | None] = {}
        self._name = uuid.uuid4().hex

    def run(self) -> BatchReport:
        """Work until nothing is under way and nothing can be drafted any more.

        Raises:
            ModelError: the server could not be asked; what is under way is taken up by the next.
            StorageError: the database or the index failed.
        """
        waits = looks()
        while True:
            with self._opened() as shop:
                sent = self._step(shop)
            if sent is None:
                return self.tally
            if sent:
                waits = looks()
            self._sleep(next(waits))

    def _step(self, shop: BatchContext) -> bool | None:
        """Look once: whether batches were sent, ``None`` when nothing is left to do."""
        if self._still_running(shop):
            return False
        return True if self._draft_all(shop) else None

    # --- Batches -----------------------------------------------------------------------------

    def _still_running(self, shop: BatchContext) -> bool:
        """Collect batches that have ended; whether some have not."""
        running = False
        for batch in shop.batches.under_way(shop.server.url):
            batch_id = batch.batch_id or self._found(shop, batch)
            if batch_id is None:
                # Dropped, when it cannot have been taken; else it may still turn up.
                running |= any(b.number == batch.number for b in self._under_way(shop))
                continue
            progress = shop.server.look(batch_id)
            self._tell(News(words=_described(progress)))
            if progress.ended:
                self._collect(shop, batch, batch_id)
            else:
                running = True
        return running

    def _under_way(self, shop: BatchContext) -> list[Batch]:
        return shop.batches.under_way(shop.server.url)

    def _found(self, shop: BatchContext, batch: Batch) -> str | None:
        """The server's id of a batch whose sender died before it was written down."""
        known = [b.batch_id for b in shop.batches.newest(1_000) if b.batch_id]
        found = shop.server.find(batch, known)
        if found is not None:
            shop.batches.sent(batch.number, found)
            self._tell(News(words=f"Batch {found} had been sent; it is taken up again."))
        elif shop.clock.now() > batch.begun_at + dt.timedelta(seconds=shop.server.longest_s):
            self._let_go(shop, batch, "its message batch never arrived")
            shop.batches.drop(batch.number)
            self._tell(News(words=f"Batch {batch.number} never arrived; it is sent anew."))
        return found

    def _collect(self, shop: BatchContext, batch: Batch, batch_id: str) -> None:
        """Store every answer once, each together with the fact that it came."""
        questions = {q.id: q for q in shop.batches.waiting(batch.number)}
        if self._only is not None:
            self._only |= _incidents(questions.values())
        for answer in shop.server.answers(batch_id, list(questions.values())):
            question = questions[answer.id]
            with shop.store.transaction():
                shop.store.calls.record(self._record(shop, batch, question, answer))
                shop.batches.settle(batch.number, answer.id, answer.outcome)
            self.tally.batched += answer.usage
            self._came[answer.id] = answer.error
        with shop.store.transaction():
            shop.batches.collected(batch.number, shop.clock.now())
            self._reserved(shop).collected(_incidents(questions.values()))

    def _record(
        self, shop: BatchContext, batch: Batch, question: BatchedRequest, answer: Answer
    ) -> CallRecord:
        took = shop.clock.now() - batch.begun_at
        return CallRecord(
            request_hash=question.id,
            model=question.model,
            created_at=batch.begun_at,
            purpose=question.purpose,
            request=question.request,
            response=answer.response,
            usage=answer.usage,
            latency_ms=max(0, round(took.total_seconds() * 1000)),
            error=str(answer.error) if answer.error else None,
            batched=True,
        )

    def _send(self, shop: BatchContext, questions: Sequence[BatchedRequest]) -> bool:
        """Send batches of what waits in no other; whether anything is under way now."""
        sent = False
        for part in _parts(questions):
            with shop.store.transaction():
                asked = self._within_budget(shop, part)
                batch = shop.batches.begin(shop.server.url, asked, shop.clock.now())
                self._reserved(shop).laid(_incidents(asked))
            sent |= bool(asked)
            if batch is None:
                continue
            held = shop.batches.waiting(batch.number)
            try:
                batch_id = shop.server.submit(held)
            except (ModelRequestError, RateLimitError):
                self._let_go(shop, batch, "the server did not take its message batch")
                shop.batches.drop(batch.number)  # the server said that it did not take it
                raise
            shop.batches.sent(batch.number, batch_id)
            self._tell(News(words=f"Batch {batch_id} is sent: {len(held)} requests."))
        return sent

    def _within_budget(
        self, shop: BatchContext, questions: Sequence[BatchedRequest]
    ) -> list[BatchedRequest]:
        """Those for which there is room, in the moment in which nobody else can take it; the
        incidents of the others are let go."""
        allowance, kept = self._allowance(shop), list[BatchedRequest]()
        for incident_id in dict.fromkeys(question.incident_id for question in questions):
            its = [question for question in questions if question.incident_id == incident_id]
            if allowance.grants(its):
                kept += its
            else:
                self._hold_back(shop, incident_id, allowance)
        return kept

    def _allowance(self, shop: BatchContext) -> Allowance:
        return Allowance(shop.survey.purses() if self._only is None else ())

    def _hold_back(self, shop: BatchContext, incident_id: IncidentId, allowance: Allowance) -> None:
        why = f"the budget has no room: {allowance.lacking}"
        self._reserved(shop).let_go([incident_id], why)
        self.tally.held_back[incident_id] = why

    def _let_go(self, shop: BatchContext, batch: Batch, why: str) -> None:
        waiting = shop.batches.waiting(batch.number)
        self._reserved(shop).let_go(_incidents(waiting), why)

    def _reserved(self, shop: BatchContext) -> Reservations:
        return Reservations(shop.store, shop.clock, self._name)

    # --- Drafts ------------------------------------------------------------------------------

    def _draft_all(self, shop: BatchContext) -> bool:
        """Draft what can be drafted; whether a batch was sent for the others."""
        laid: list[BatchedRequest] = []
        renewed_at = shop.clock.now()
        self.tally.held_back.clear()
        allowance = self._allowance(shop)
        for incident_id in self._wanted(shop):
            if shop.clock.now() - renewed_at >= HOLD / 2:
                self._reserved(shop).renew()
                renewed_at = shop.clock.now()
            if allowance.lacking and not self._reserved(shop).holds(incident_id):
                self.tally.held_back[incident_id] = "a louder incident waits for the budget"
            elif job := self._taken(shop, incident_id):
                asked = self._attempt(shop, job)
                if allowance.grants(asked):
                    laid += asked
                else:
                    self._hold_back(shop, incident_id, allowance)
            else:
                self._tell(News(incident_id=incident_id, words="left to whoever drafts it"))
        return self._send(shop, laid)

    def _wanted(self, shop: BatchContext) -> list[IncidentId]:
        """What is due and not over in this run, in the order in which it is drafted."""
        over = {*self.tally.drafted, *self.tally.failed}
        due = set(shop.pipeline.due()) - over
        return shop.survey.loudest(sorted(due if self._only is None else due & self._only))

    def _taken(self, shop: BatchContext, incident_id: IncidentId) -> Job | None:
        evidence = shop.pipeline.evidence_hash(incident_id)
        return self._reserved(shop).take(
            incident_id, evidence, lambda: shop.pipeline.is_due(incident_id)
        )

    def _attempt(self, shop: BatchContext, job: Job) -> list[BatchedRequest]:
        """Draft an incident from the answers that are there; else what is to be asked first."""
        try:
            with shop.outbox.opened() as laid:
                self._draft(shop, job)
        except DeferredError:
            return self._deferred(shop, job, laid)
        except ModelError as error:
            self._failed(shop, job, error)
        return []

    def _deferred(
        self, shop: BatchContext, job: Job, laid: Sequence[ModelRequest]
    ) -> list[BatchedRequest]:
        """What is to be asked in a batch; a question that came back from one without a usable
        answer is asked singly, or the incident given up."""
        incident_id = job.incident_id
        back = [asked for asked in laid if asked.id in self._came]
        if not back:
            return [BatchedRequest(**asked.model_dump(), incident_id=incident_id) for asked in laid]
        for asked in back:
            error = self._came[asked.id]
            if asked.purpose == "draft" and isinstance(error, FINAL):
                self._failed(shop, job, error)
                return []
        allowance = self._allowance(shop)
        if not allowance.grants_draft(shop.survey.reserve(incident_id)):
            self._hold_back(shop, incident_id, allowance)
            return []
        self._tell(News(incident_id=incident_id, words="asked singly: no usable answer came"))
        self.tally.singly.append(incident_id)
        try:
            self._draft(shop, job)
        except ModelError as error:
            self._failed(shop, job, error)
        return []

    def _draft(self, shop: BatchContext, job: Job) -> None:
        """Store the next revision, unless the incident was taken from this run."""

        def note(event: DraftProgress) -> None:
            if event.revision is not None:
                self._reserved(shop).stored(job, event.revision)

        try:
            draft = shop.pipeline.draft(job.incident_id, note)
        except LostError:
            self._tell(News(incident_id=job.incident_id, words="left to whoever drafts it"))
            return
        self.tally.drafted.append(job.incident_id)
        self._tell(News(incident_id=job.incident_id, words=f"stored revision {draft.revision}"))

    def _failed(self, shop: BatchContext, job: Job, error: ModelError) -> None:
        self._reserved(shop).failed(job, str(error))
        self.tally.failed[job.incident_id] = error
        self._tell(News(incident_id=job.incident_id, words=f"not drafted: {error}"))


def release(shop: BatchContext, number: int) -> None:
    """Leave the incidents of a batch that was called off to others."""
    held = _incidents(shop.batches.waiting(number))
    Reservations(shop.store, shop.clock, "").let_go(held, "its message batch was called off")


def _incidents(questions: Iterable[BatchedRequest]) -> set[IncidentId]:
    return {question.incident_id for question in questions}


def _parts(questions: Sequence[BatchedRequest]) -> Iterator[list[BatchedRequest]]:
    """As many at a time as one batch takes, each question once."""
    part: list[BatchedRequest] = []
    size = 0
    for question in {q.id: q for q in questions}.values():
        length = len(question.request.encode())
        if part and (len(part) == MOST_QUESTIONS or size + length > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(question)
        size += length
    if part:
        yield part


def _described(progress: Progress) -> str:
    counts = ", ".join(f"{n} {name}" for name, n in progress.counts.items()) or "empty"
    return f"Batch {progress.batch_id} {'has ended' if progress.ended else 'runs'}: {counts}."
