"""The composition root: builds everything once, from settings, and closes it again.

Nothing is opened before it is needed: loading Chroma and the embedding model takes seconds that
showing a page should not cost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from summarizer import telemetry
from summarizer.adapters.clock import SystemClock
from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.adapters.web.address_guard import AddressGuard
from summarizer.adapters.web.feeds import parse_feed
from summarizer.adapters.web.fetcher import FetchLimits, WebFetcher
from summarizer.adapters.web.html_text import html_to_text
from summarizer.adapters.web.reachability import can_connect
from summarizer.adapters.web.webhook_sender import HttpSender
from summarizer.auth import ApiKeys
from summarizer.domain.batches import Outbox
from summarizer.domain.fetching import Article, Fetched
from summarizer.drafting import prompts
from summarizer.drafting.extractive import ExtractiveDrafter
from summarizer.errors import SettingsError
from summarizer.feeds.collect import UrlImporter
from summarizer.feeds.poller import Poller
from summarizer.incidents.listing import IncidentList
from summarizer.incidents.pages import IncidentPages
from summarizer.incidents.search import Search
from summarizer.jobs import cost_estimate
from summarizer.jobs.batch_run import BatchContext
from summarizer.jobs.planner import load_rules
from summarizer.jobs.queue import DraftQueue
from summarizer.jobs.snapshot import PlannerInputs
from summarizer.jobs.worker import Worker
from summarizer.pipeline.pipeline import Options, Pipeline
from summarizer.ports.clock import Clock
from summarizer.ports.index import PassageIndex
from summarizer.ports.models import ClaimJudge, Drafter, Embedder, Entailment
from summarizer.review.forecasts import ForecastDesk
from summarizer.review.service import ReviewService
from summarizer.settings import Settings
from summarizer.storage.idempotency import Replies
from summarizer.storage.model_calls import CallLog
from summarizer.storage.store import Store
from summarizer.storage.usage import Tallies
from summarizer.verification.entailment.alignment import AlignmentEntailment, CombinedEntailment
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.gate import load_policy
from summarizer.webhooks import DeliveryWorkers, WebhookService

if TYPE_CHECKING:
    from summarizer.adapters.anthropic import AnthropicConfig
    from summarizer.adapters.anthropic.judge import AnthropicJudge
    from summarizer.adapters.chroma.index import ChromaIndex

__all__ = [
    "App",
    "claim_judge",
    "embedder",
    "entailment",
    "html_to_text",
    "model_answers",
    "parse_feed",
    "read_article",
    "service",
    "unstored",
    "workshop",
]

IN_MEMORY = "sqlite://"


def embedder() -> Embedder:
    """The embedding model that ships with the product, loaded once a process."""
    return _minilm()


def entailment() -> Entailment:
    """The third rung of verification: words and their alignment together."""
    return CombinedEntailment(_alignment())


def claim_judge(settings: Settings) -> ClaimJudge | None:
    """The model that judges, if the settings name one, without a store: nothing is recorded and
    no answer is used twice."""
    if settings.judge == "off":
        return None
    return _anthropic_judge(settings, prompts.load(), SystemClock())


def entailment_parts() -> dict[str, Entailment]:
    """What the third rung is made of, by name, for measuring each alone."""
    return {"lexical": LexicalEntailment(), "alignment": _alignment()}


@cache
def _alignment() -> AlignmentEntailment:
    # One a process: it keeps the vectors of sentences that it has seen.
    return AlignmentEntailment(_minilm())


@cache
def _minilm() -> MiniLmEmbedder:
    # One a process: its weights take 100 MB once loaded.
    return MiniLmEmbedder()


@dataclass(frozen=True)
class App:
    """Everything that serves editors and programs, on one store."""

    settings: Settings
    clock: Clock
    store: Store
    pipeline: Pipeline
    pages: IncidentPages
    desk: ReviewService
    jobs: DraftQueue
    access: ApiKeys
    board: IncidentList
    replies: Replies
    search: Search
    collector: UrlImporter
    messenger: WebhookService
    delivery: DeliveryWorkers
    poller: Poller
    worker: Worker
    resolver: ForecastDesk
    tallies: Tallies


class Workspace(NamedTuple):
    """A pipeline and the pages of what it drafts."""

    pipeline: Pipeline
    pages: IncidentPages


def model_answers(settings: Settings) -> str:
    """Whether the model's server can be reached; it is sent nothing.

    ``none`` when drafts are made without one.
    """
    if not settings.drafts_with_model:
        return "none"
    url = settings.anthropic_base_url or "https://api.anthropic.com"
    return "reachable" if can_connect(url) else "unreachable"


@contextmanager
def service(
    settings: Settings,
    *,
    clock: Clock | None = None,
    fresh_index: bool = False,
    beside: bool = False,
) -> Iterator[App]:
    """Everything on the stored data, closed when the block is left.

    Args:
        settings: as loaded.
        clock: the time; the machine's when left out.
        fresh_index: throw the index away, to rebuild it from the store.
        beside: leave the index and new items to other processes, which work on the same data.

    Raises:
        StorageError: the database cannot be opened; the index, when it is first needed.
    """
    clock = clock or SystemClock()
    rules = load_rules(settings.autodrafting_rules)
    cost = cost_estimate.of_drafts(settings, prompts.load(), rules)
    with ExitStack() as stack:
        if settings.otel_exporter_otlp_endpoint is not None:
            _trace(settings.otel_exporter_otlp_endpoint, stack)
        store = Store.open(settings.store_url, clock, incident_prefix=settings.incident_prefix)
        stack.callback(store.close)

        @cache
        def index() -> PassageIndex:
            return stack.enter_context(_index(settings, fresh_index, beside))

        composed = _composed(settings, stack, store, index, clock, settles=not beside)
        desk, access = ReviewService(store, composed, clock), ApiKeys(store.keys, clock)
        survey = PlannerInputs(store, store.records, clock, rules, cost)
        lease = dt.timedelta(seconds=settings.lease_s)
        jobs = DraftQueue(store, composed, clock, settings.concurrent_drafts, lease)
        worker = Worker(store, store.records, clock, jobs, survey)
        board = IncidentList(store, store.outlines, store.texts, composed.specs, clock)
        search = Search(store, store.texts, index, embedder)
        fetcher = _fetcher(settings, store, clock)
        collector = UrlImporter(fetcher, read_article)
        poller = Poller(store, composed, fetcher, collector, parse_feed, clock)
        sender = HttpSender(AddressGuard(settings.allowed), clock)
        messenger = WebhookService(store, store.webhooks, sender, clock, settings.public_url)
        delivery = DeliveryWorkers(messenger, look_first=worker.announce_due)
        try:
            yield App(
                settings,
                clock,
                store,
                composed,
                _pages(settings, store, composed, clock),
                desk,
                jobs,
                access,
                board,
                store.replies,
                search,
                collector,
                messenger,
                delivery,
                poller,
                worker,
                ForecastDesk(store, clock),
                store.tallies,
            )
        finally:
            delivery.stop()
            jobs.stop()  # before the index is closed, which was opened last


def _trace(endpoint: str, stack: ExitStack) -> None:
    from summarizer.adapters.otel import OtelTracer

    tracer = OtelTracer.exporting(endpoint)
    stack.callback(tracer.close)
    stack.enter_context(telemetry.use(tracer))


@contextmanager
def workshop(settings: Settings, *, clock: Clock | None = None) -> Iterator[BatchContext]:
    """What drafting in bulk works with, closed when the block is left.

    A batch is never in a hurry: all sections are asked for in one call, so that the evidence is
    paid for once.

    Raises:
        SettingsError: no model is set, or the rules limit money and it has no price.
        StorageError: the database cannot be opened; the index, when it is first needed.
    """
    if not settings.drafts_with_model:
        raise SettingsError(
            "A batch needs a model: set ANTHROPIC_API_KEY (or ANTHROPIC_BASE_URL, a server that "
            "speaks the Message Batches API). Without one, leave out --batch."
        )
    from summarizer.adapters.anthropic.batches import MessageBatches

    clock, outbox = clock or SystemClock(), Outbox()
    settings = settings.model_copy(update={"plan": "single"})
    rules = load_rules(settings.autodrafting_rules)
    cost = cost_estimate.of_drafts(settings, prompts.load(), rules)
    with ExitStack() as stack:
        store = Store.open(settings.store_url, clock, incident_prefix=settings.incident_prefix)
        stack.callback(store.close)

        @cache
        def index() -> PassageIndex:
            return stack.enter_context(_index(settings, fresh=False, beside=False))

        server = MessageBatches(_config(settings, settings.model), clock)
        stack.callback(server.close)
        composed = _composed(settings, stack, store, index, clock, outbox=outbox)
        survey = PlannerInputs(store, store.records, clock, rules, cost)
        yield BatchContext(composed, store, store.batches, server, outbox, clock, survey)


@contextmanager
def unstored(settings: Settings, *, clock: Clock | None = None) -> Iterator[Workspace]:
    """The same pipeline in memory: what is put in is gone when the block is left."""
    clock = clock or SystemClock()
    with ExitStack() as stack:
        store = Store.open(IN_MEMORY, clock, incident_prefix=settings.incident_prefix)
        stack.callback(store.close)

        @cache
        def index() -> PassageIndex:
            from summarizer.adapters.chroma.index import ChromaIndex

            return stack.enter_context(ChromaIndex.ephemeral(embedder()))

        composed = _composed(settings, stack, store, index, clock)
        yield Workspace(composed, _pages(settings, store, composed, clock))


def read_article(page: Fetched) -> Article:
    """The article of a page; the extractor, which takes a second to load, is loaded for it."""
    from summarizer.adapters.web.articles import read_article as read

    return read(page)


def _fetcher(settings: Settings, store: Store, clock: Clock) -> WebFetcher:
    limits = FetchLimits(
        user_agent=settings.user_agent,
        total_s=settings.fetch_timeout_s,
        max_bytes=settings.fetch_max_bytes,
        pause_s=settings.fetch_pause_s,
    )
    return WebFetcher(AddressGuard(settings.allowed), limits, store.fetches, clock)


def _composed(
    settings: Settings,
    stack: ExitStack,
    store: Store,
    index: Callable[[], PassageIndex],
    clock: Clock,
    settles: bool = True,
    outbox: Outbox | None = None,
) -> Pipeline:
    prompt_set = prompts.load()
    return Pipeline(
        store=store,
        index=index,
        drafter=_drafter(settings, stack, store, prompt_set, clock, outbox),
        entailment=entailment(),
        specs=prompt_set.specs(),
        clock=clock,
        parse_feed=parse_feed,
        html_to_text=html_to_text,
        options=Options(
            evidence_tokens=settings.evidence_tokens,
            policy=load_policy(settings.gate_profile),
            settles=settles,
        ),
        judge=_judge(settings, stack, store, prompt_set, clock, outbox),
    )


def _pages(settings: Settings, store: Store, composed: Pipeline, clock: Clock) -> IncidentPages:
    return IncidentPages(store, composed.specs, clock, settings.site_name, settings.public_url)


def _index(settings: Settings, fresh: bool, beside: bool) -> ChromaIndex:
    from summarizer.adapters.chroma.index import ChromaIndex

    if settings.chroma_url is not None:
        index = ChromaIndex.server(settings.chroma_url, embedder())
        if fresh:
            index.clear()
        return index
    if beside:  # the folder is not safe for two processes
        return ChromaIndex.ephemeral(embedder())
    return ChromaIndex.persistent(settings.data_dir / "index", embedder(), fresh)


def _drafter(
    settings: Settings,
    stack: ExitStack,
    store: Store,
    prompt_set: prompts.PromptSet,
    clock: Clock,
    outbox: Outbox | None,
) -> Drafter:
    if not settings.drafts_with_model:
        return ExtractiveDrafter()
    from summarizer.adapters.anthropic import AnthropicDrafter

    config = _config(settings, settings.model)
    drafter = AnthropicDrafter(config, prompt_set, clock, store.calls, outbox=outbox)
    stack.callback(drafter.close)
    return drafter


def _judge(
    settings: Settings,
    stack: ExitStack,
    store: Store,
    prompt_set: prompts.PromptSet,
    clock: Clock,
    outbox: Outbox | None,
) -> ClaimJudge | None:
    if settings.judge == "off":
        return None
    judge = _anthropic_judge(settings, prompt_set, clock, store.calls, outbox)
    stack.callback(judge.close)
    return judge


def _anthropic_judge(
    settings: Settings,
    prompt_set: prompts.PromptSet,
    clock: Clock,
    calls: CallLog | None = None,
    outbox: Outbox | None = None,
) -> AnthropicJudge:
    from summarizer.adapters.anthropic.judge import AnthropicJudge

    config = _config(settings, settings.judge_model or settings.model)
    return AnthropicJudge(config, prompt_set, clock, calls, outbox=outbox)


def _config(settings: Settings, model: str) -> AnthropicConfig:
    from summarizer.adapters.anthropic import AnthropicConfig

    return AnthropicConfig(
        api_key=settings.anthropic_api_key,
        base_url=settings.anthropic_base_url,
        model=model,
        effort=settings.effort,
        max_tokens=settings.max_output_tokens,
        timeout_s=settings.timeout_s,
        max_attempts=settings.max_attempts,
        max_retry_wait_s=settings.max_retry_wait_s,
        plan=settings.plan,
        concurrency=settings.concurrency,
    )
