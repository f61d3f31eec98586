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
from typing import TYPE_CHECKING

from summarizer import prompts, spending, tracing
from summarizer.access import Access
from summarizer.adapters.addresses import AddressGuard
from summarizer.adapters.alignment.entailment import AlignmentEntailment, CombinedEntailment
from summarizer.adapters.clock import SystemClock
from summarizer.adapters.extractive import ExtractiveDrafter
from summarizer.adapters.feeds import parse_feed
from summarizer.adapters.html_text import html_to_text
from summarizer.adapters.lexical import LexicalEntailment
from summarizer.adapters.minilm import MiniLmEmbedder
from summarizer.adapters.reachability import can_connect
from summarizer.adapters.sql_store import SqlStore
from summarizer.adapters.web_fetcher import FetchLimits, WebFetcher
from summarizer.adapters.webhook_sender import HttpSender
from summarizer.autodrafting import load_rules
from summarizer.batches import Outbox
from summarizer.bulk import Workshop
from summarizer.collecting import Collector
from summarizer.delivering import DeliveryWorkers, Messenger
from summarizer.desk import Desk
from summarizer.errors import SettingsError
from summarizer.fetching import Article, Fetched
from summarizer.gate import load_policy
from summarizer.jobs import DraftJobs
from summarizer.listing import Board
from summarizer.pipeline import Options, Pipeline
from summarizer.polling import Poller
from summarizer.ports import (
    CallLog,
    ClaimJudge,
    Clock,
    Drafter,
    Embedder,
    Entailment,
    PassageIndex,
    Store,
)
from summarizer.replies import Replies
from summarizer.resolving import Resolver
from summarizer.searching import Search
from summarizer.settings import Settings
from summarizer.surveying import Survey
from summarizer.tallies import Tallies
from summarizer.worker import Worker

if TYPE_CHECKING:
    from summarizer.adapters.anthropic_drafter import AnthropicConfig
    from summarizer.adapters.anthropic_judge import AnthropicJudge
    from summarizer.adapters.chroma_index import ChromaIndex

__all__ = [
    "Service",
    "claim_judge",
    "embedder",
    "entailment",
    "html_to_text",
    "model_answers",
    "parse_feed",
    "pipeline",
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
class Service:
    """Everything that serves editors and programs, on one store."""

    settings: Settings
    clock: Clock
    store: Store
    pipeline: Pipeline
    desk: Desk
    jobs: DraftJobs
    access: Access
    board: Board
    replies: Replies
    search: Search
    collector: Collector
    messenger: Messenger
    delivery: DeliveryWorkers
    poller: Poller
    worker: Worker
    resolver: Resolver
    tallies: Tallies


def model_answers(settings: Settings) -> str:
    """Whether the model's server can be reached; it is sent nothing.

    ``none`` when drafts are made without one.
    """
    if not settings.drafts_with_model:
        return "none"
    url = settings.anthropic_base_url or "https://api.anthropic.com"
    return "reachable" if can_connect(url) else "unreachable"


@contextmanager
def pipeline(
    settings: Settings, *, clock: Clock | None = None, fresh_index: bool = False
) -> Iterator[Pipeline]:
    """The pipeline of ``service`` alone."""
    with service(settings, clock=clock, fresh_index=fresh_index) as serving:
        yield serving.pipeline


@contextmanager
def service(
    settings: Settings,
    *,
    clock: Clock | None = None,
    fresh_index: bool = False,
    beside: bool = False,
) -> Iterator[Service]:
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
    cost = spending.of_drafts(settings, prompts.load(), rules)
    with ExitStack() as stack:
        if settings.otel_exporter_otlp_endpoint is not None:
            _trace(settings.otel_exporter_otlp_endpoint, stack)
        store = SqlStore.open(settings.store_url, incident_prefix=settings.incident_prefix)
        stack.callback(store.close)

        @cache
        def index() -> PassageIndex:
            return stack.enter_context(_index(settings, fresh_index, beside))

        composed = _composed(settings, stack, store, index, clock, settles=not beside)
        desk, access = Desk(store, composed, clock), Access(store.keys, clock)
        survey = Survey(store, store.records, clock, rules, cost)
        lease = dt.timedelta(seconds=settings.lease_s)
        jobs = DraftJobs(store, composed, clock, settings.concurrent_drafts, lease)
        worker = Worker(store, store.records, clock, jobs, survey)
        board = Board(store, store.outlines, store.texts, composed.specs, clock)
        search = Search(store, store.texts, index, embedder)
        fetcher = _fetcher(settings, store, clock)
        collector = Collector(fetcher, read_article)
        poller = Poller(store, composed, fetcher, collector, parse_feed, clock)
        sender = HttpSender(AddressGuard(settings.allowed), clock)
        messenger = Messenger(store, store.webhooks, sender, clock, settings.public_url)
        delivery = DeliveryWorkers(messenger)
        try:
            yield Service(
                settings,
                clock,
                store,
                composed,
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
                Resolver(store, clock),
                store.tallies,
            )
        finally:
            delivery.stop()
            jobs.stop()  # before the index is closed, which was opened last


def _trace(endpoint: str, stack: ExitStack) -> None:
    from summarizer.adapters.otel import OtelTracer

    tracer = OtelTracer.exporting(endpoint)
    stack.callback(tracer.close)
    stack.enter_context(tracing.use(tracer))


@contextmanager
def workshop(settings: Settings, *, clock: Clock | None = None) -> Iterator[Workshop]:
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
    from summarizer.adapters.anthropic_drafter.batches import MessageBatches

    clock, outbox = clock or SystemClock(), Outbox()
    settings = settings.model_copy(update={"plan": "single"})
    rules = load_rules(settings.autodrafting_rules)
    cost = spending.of_drafts(settings, prompts.load(), rules)
    with ExitStack() as stack:
        store = SqlStore.open(settings.store_url, incident_prefix=settings.incident_prefix)
        stack.callback(store.close)

        @cache
        def index() -> PassageIndex:
            return stack.enter_context(_index(settings, fresh=False, beside=False))

        server = MessageBatches(_config(settings, settings.model), clock)
        stack.callback(server.close)
        composed = _composed(settings, stack, store, index, clock, outbox=outbox)
        survey = Survey(store, store.records, clock, rules, cost)
        yield Workshop(composed, store, store.batches, server, outbox, clock, survey)


@contextmanager
def unstored(settings: Settings, *, clock: Clock | None = None) -> Iterator[Pipeline]:
    """The same pipeline in memory: what is put in is gone when the block is left."""
    with ExitStack() as stack:
        store = SqlStore.open(IN_MEMORY, incident_prefix=settings.incident_prefix)
        stack.callback(store.close)

        @cache
        def index() -> PassageIndex:
            from summarizer.adapters.chroma_index import ChromaIndex

            return stack.enter_context(ChromaIndex.ephemeral(embedder()))

        yield _composed(settings, stack, store, index, clock or SystemClock())


def read_article(page: Fetched) -> Article:
    """The article of a page; the extractor, which takes a second to load, is loaded for it."""
    from summarizer.adapters.articles import read_article as read

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
            site_name=settings.site_name,
            public_url=settings.public_url,
            policy=load_policy(settings.gate_profile),
            settles=settles,
        ),
        judge=_judge(settings, stack, store, prompt_set, clock, outbox),
    )


def _index(settings: Settings, fresh: bool, beside: bool) -> ChromaIndex:
    from summarizer.adapters.chroma_index import ChromaIndex

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
    from summarizer.adapters.anthropic_drafter import AnthropicDrafter

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
    from summarizer.adapters.anthropic_judge import AnthropicJudge

    config = _config(settings, settings.judge_model or settings.model)
    return AnthropicJudge(config, prompt_set, clock, calls, outbox=outbox)


def _config(settings: Settings, model: str) -> AnthropicConfig:
    from summarizer.adapters.anthropic_drafter import AnthropicConfig

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
