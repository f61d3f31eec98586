"""Adapters, built from the settings.

Each is imported where it is built: Chroma, the embedding model, the SDK and the reader of web
pages take from a tenth of a second to seconds to load, and most commands need none of them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from summarizer.adapters.anthropic import AnthropicConfig
    from summarizer.adapters.anthropic.judge import AnthropicJudge
    from summarizer.adapters.chroma.index import ChromaIndex
    from summarizer.adapters.onnx.cross_encoder import CrossEncoderEntailment
    from summarizer.adapters.onnx.minilm import MiniLmEmbedder
    from summarizer.adapters.web.fetcher import WebFetcher
    from summarizer.domain.batches import Outbox
    from summarizer.domain.fetching import Article, Fetched
    from summarizer.drafting.prompts import PromptSet
    from summarizer.ports.clock import Clock
    from summarizer.ports.models import CallLog, ClaimJudge, Drafter, Embedder, Entailment
    from summarizer.ports.queue import Queue
    from summarizer.settings import Settings
    from summarizer.storage.store import Store
    from summarizer.verification.entailment.alignment import AlignmentEntailment


# --- Shipped models and prompts -----------------------------------------------------------------


def embedder() -> Embedder:
    """The embedding model of the product, loaded once a process."""
    return _minilm()


def entailment(checker: Path | None = None) -> Entailment:
    """Entailment by words and by their alignment together, or by a checker of the operator's.

    Args:
        checker: folder of a cross-encoder, loaded once a process.

    Raises:
        SettingsError: the checker cannot be used.
    """
    if checker is not None:
        return _cross_encoder(checker)
    from summarizer.verification.entailment.alignment import CombinedEntailment

    return CombinedEntailment(_alignment())


def entailment_parts() -> dict[str, Entailment]:
    """The parts of ``entailment`` by name, for measuring each alone."""
    from summarizer.verification.entailment.lexical import LexicalEntailment

    return {"lexical": LexicalEntailment(), "alignment": _alignment()}


@cache
def _cross_encoder(folder: Path) -> CrossEncoderEntailment:
    from summarizer.adapters.onnx.cross_encoder import CrossEncoderEntailment

    return CrossEncoderEntailment(folder)


@cache
def _alignment() -> AlignmentEntailment:
    # One a process: it keeps the vectors of sentences that it has seen.
    from summarizer.verification.entailment.alignment import AlignmentEntailment

    return AlignmentEntailment(_minilm())


@cache
def _minilm() -> MiniLmEmbedder:
    # One a process: its weights take 100 MB once loaded.
    from summarizer.adapters.onnx.minilm import MiniLmEmbedder

    return MiniLmEmbedder()


@cache
def prompts() -> PromptSet:
    """The prompts of the product, which also name the sections of a page."""
    from summarizer.drafting import prompts

    return prompts.load()


# --- The queue ---------------------------------------------------------------------------------


def queue(settings: Settings, store: Store, clock: Clock, *, in_memory: bool) -> Queue:
    """The queue of the database: Procrastinate's on PostgreSQL, the embedded one on SQLite."""
    import datetime as dt

    lease, workers = dt.timedelta(seconds=settings.lease_s), settings.concurrent_drafts
    if not in_memory and settings.store_url.startswith("postgresql"):
        from summarizer.adapters.procrastinate.queue import ProcrastinateQueue

        return ProcrastinateQueue(settings.store_url, store, workers, lease)
    from summarizer.adapters.local_queue import LocalQueue

    return LocalQueue(store.tasks, clock, workers, lease)


# --- Models of others --------------------------------------------------------------------------


def drafter(
    settings: Settings,
    prompt_set: PromptSet,
    clock: Clock,
    calls: CallLog,
    outbox: Outbox | None,
    closing: ExitStack,
) -> Drafter:
    """The drafter that the settings name; its connection is closed with ``closing``."""
    if not settings.drafts_with_model:
        from summarizer.drafting.extractive.drafter import ExtractiveDrafter

        return ExtractiveDrafter()
    from summarizer.adapters.anthropic import AnthropicDrafter

    config = anthropic_config(settings, settings.model)
    made = AnthropicDrafter(config, prompt_set, clock, calls, outbox=outbox)
    closing.callback(made.close)
    return made


def judge(
    settings: Settings,
    prompt_set: PromptSet,
    clock: Clock,
    calls: CallLog,
    outbox: Outbox | None,
    closing: ExitStack,
) -> ClaimJudge | None:
    """The judge, if the settings ask for one; its connection is closed with ``closing``."""
    if not settings.judges_with_model:
        return None
    made = _anthropic_judge(settings, prompt_set, clock, calls, outbox)
    closing.callback(made.close)
    return made


def claim_judge(settings: Settings, calls: CallLog | None = None) -> ClaimJudge | None:
    """A judge for evals, only if the settings name one: it costs money.

    Args:
        settings: as loaded.
        calls: keeps its calls; without one no answer is kept or used twice.
    """
    if settings.judge != "model":
        return None
    from summarizer.adapters.clock import SystemClock

    return _anthropic_judge(settings, prompts(), SystemClock(), calls)


def _anthropic_judge(
    settings: Settings,
    prompt_set: PromptSet,
    clock: Clock,
    calls: CallLog | None = None,
    outbox: Outbox | None = None,
) -> AnthropicJudge:
    from summarizer.adapters.anthropic.judge import AnthropicJudge

    config = anthropic_config(settings, settings.judge_model or settings.model)
    return AnthropicJudge(config, prompt_set, clock, calls, outbox=outbox)


def anthropic_config(settings: Settings, model: str) -> AnthropicConfig:
    """Settings of calls to one model over the Messages API."""
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


def model_answers(settings: Settings) -> str:
    """``reachable`` or ``unreachable``, the model's server, which is sent nothing; ``none`` when
    drafts are made without a model."""
    if not settings.drafts_with_model:
        return "none"
    from summarizer.adapters.web.reachability import can_connect

    url = settings.anthropic_base_url or "https://api.anthropic.com"
    return "reachable" if can_connect(url) else "unreachable"


# --- Index and web -----------------------------------------------------------------------------


def index(
    settings: Settings,
    model: Embedder,
    installation: Callable[[], str],
    *,
    in_memory: bool,
    fresh: bool,
) -> ChromaIndex:
    """The vector index: of the server that the settings name, else of the data directory.

    Args:
        settings: as loaded.
        model: makes the vectors.
        installation: gives the id of the store that the index belongs to.
        in_memory: keep it in memory, whatever the settings name.
        fresh: throw its content away, to rebuild it from the store.
    """
    from summarizer.adapters.chroma.index import ChromaIndex
    from summarizer.adapters.chroma.server import ServerAccess

    if in_memory:
        return ChromaIndex.ephemeral(model)
    if settings.chroma_url is None:
        folder = settings.data_dir / "index"
        return ChromaIndex.persistent(folder, model, fresh, owner=installation())
    access = ServerAccess(
        url=settings.chroma_url,
        token=settings.chroma_token,
        token_header=settings.chroma_token_header,
        tenant=settings.chroma_tenant,
        database=settings.chroma_database,
        ca_file=settings.chroma_ca_file,
    )
    served = ChromaIndex.server(access, model, installation())
    if fresh:
        served.clear()
    return served


def fetcher(settings: Settings, store: Store, clock: Clock) -> WebFetcher:
    """The fetcher of pages and feeds, within the limits that the settings name."""
    from summarizer.adapters.web.address_guard import AddressGuard
    from summarizer.adapters.web.fetcher import FetchLimits, WebFetcher

    limits = FetchLimits(
        user_agent=settings.user_agent,
        total_s=settings.fetch_timeout_s,
        max_bytes=settings.fetch_max_bytes,
        pause_s=settings.fetch_pause_s,
    )
    return WebFetcher(AddressGuard(settings.allowed), limits, store.fetches, clock)


def read_article(page: Fetched) -> Article:
    """Find the article of a page."""
    from summarizer.adapters.web import articles

    return articles.read_article(page)


def parse_feed(data: bytes) -> list[dict[str, object]]:
    """Read RSS or Atom into rows."""
    from summarizer.adapters.web import feeds

    return feeds.parse_feed(data)


def html_to_text(html: str) -> str:
    """Plain text of HTML."""
    from summarizer.adapters.web import html_text

    return html_text.html_to_text(html)
