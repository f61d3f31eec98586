"""The composition root: the operations of the product on one store, built from settings.

Nothing is built before it is used: the list of incidents needs neither the index nor a model,
and loading those takes seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from summarizer import factories
from summarizer.errors import SettingsError, StorageError

if TYPE_CHECKING:
    from summarizer.auth import ApiKeys
    from summarizer.domain.batches import Outbox
    from summarizer.domain.jobs import Job
    from summarizer.drafting.prompts import PromptSet
    from summarizer.feeds.collect import UrlImporter
    from summarizer.feeds.poller import Poller
    from summarizer.incidents.listing import IncidentList
    from summarizer.incidents.pages import IncidentPages
    from summarizer.incidents.public_site import PublicSite
    from summarizer.incidents.publication import Publication
    from summarizer.incidents.search import Search
    from summarizer.incidents.similar import SimilarIncidents
    from summarizer.incidents.withholding import Withholding
    from summarizer.ingestion.index_sync import Indexer
    from summarizer.jobs.batch_run import BatchContext
    from summarizer.jobs.queue import DraftQueue
    from summarizer.jobs.settling import Settling
    from summarizer.jobs.snapshot import PlannerInputs
    from summarizer.jobs.worker import Worker
    from summarizer.pipeline.pipeline import Pipeline
    from summarizer.pipeline.standings import StandingKeeper
    from summarizer.ports.clock import Clock
    from summarizer.ports.index import PassageIndex
    from summarizer.ports.models import ClaimJudge, Drafter, Embedder, Entailment
    from summarizer.ports.queue import Queue
    from summarizer.ports.web import Fetcher
    from summarizer.review.corrections import Corrections
    from summarizer.review.decisions import ReviewDecisions
    from summarizer.review.deletion import SourceDeletion
    from summarizer.review.forecasts import ForecastDesk
    from summarizer.review.holds import HoldDesk
    from summarizer.review.incidents import IncidentCuration
    from summarizer.review.reports import ReaderReports
    from summarizer.review.service import ReviewService
    from summarizer.settings import Settings
    from summarizer.storage.store import Store
    from summarizer.webhooks import DeliveryTasks, WebhookService

T = TypeVar("T")

IN_MEMORY = "sqlite://"


class part(Generic[T]):
    """A part of an ``App``, built when it is first used, once, whichever thread asks."""

    def __init__(self, build: Callable[[Any], T]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    @overload
    def __get__(self, app: None, owner: type) -> part[T]: ...
    @overload
    def __get__(self, app: App, owner: type) -> T: ...
    def __get__(self, app: App | None, owner: type) -> T | part[T]:
        """The part; from then on it is found in the instance, without a lock."""
        return self if app is None else app.built(self._build)


@dataclass(frozen=True)
class Wiring:
    """What an ``App`` does otherwise than its settings say.

    Args:
        drafter: in place of the one that the settings name, as are the three below.
        prompts: of the drafter, in place of the shipped ones; the judge keeps those.
        in_memory: whether everything is kept in memory.
        owns_index: whether this process puts new items into the index and into incidents.
        fresh_index: whether the content of the index is thrown away.
        outbox: takes the questions to models, for a batch.
    """

    drafter: Drafter | None = None
    judge: ClaimJudge | None = None
    entailment: Entailment | None = None
    embedder: Embedder | None = None
    prompts: PromptSet | None = None
    in_memory: bool = False
    owns_index: bool = True
    fresh_index: bool = False
    outbox: Outbox | None = None


class App:
    """The operations of the product on one store; made by ``open_app``."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, wiring: Wiring) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self._wiring = wiring
        self._closing = ExitStack()
        self._building = threading.RLock()

    def built(self, build: Callable[[Any], T]) -> T:
        """The part that ``build`` makes, made once."""
        name, parts = build.__name__, vars(self)
        with self._building:
            if name not in parts:
                parts[name] = build(self)
        made: T = parts[name]
        return made

    def build(self) -> None:
        """Build every part but the index, so that a wrong setting is found now and not in use."""
        for name, value in vars(App).items():
            if isinstance(value, part) and name not in ("index", "indexer"):
                getattr(self, name)

    def close(self) -> None:
        """End what runs in the background, then close what was opened."""
        with self._closing:
            for name in ("settling", "jobs", "queue"):
                if name in vars(self):
                    getattr(self, name).stop()

    def index_identity(self) -> str | None:
        """Id of the vectors of the index; ``None`` as long as nothing has opened it."""
        return self.index.identity if "index" in vars(self) else None

    @part
    def embedder(self) -> Embedder:
        """Makes the vectors of the index."""
        return self._wiring.embedder or factories.embedder()

    @part
    def index(self) -> PassageIndex:
        """The vectors of passages and headings."""
        wiring, settings = self._wiring, self.settings
        # A folder is not safe for two processes.
        beside = not wiring.owns_index and settings.chroma_url is None
        opened = factories.index(
            settings,
            self.embedder,
            self.store.installation,
            in_memory=wiring.in_memory or beside,
            fresh=wiring.fresh_index,
        )
        return self._closing.enter_context(opened)

    @part
    def indexer(self) -> Indexer:
        """Compares the index with the store."""
        from summarizer.ingestion.index_sync import Indexer

        return Indexer(self.store, self.index)

    @part
    def pipeline(self) -> Pipeline:
        """Ingesting, settling and drafting."""
        from summarizer.pipeline.pipeline import Options, Pipeline
        from summarizer.verification.entailment.lexical import LexicalEntailment
        from summarizer.verification.policy import load_policy
        from summarizer.verification.verify import Verifier

        settings, wiring = self.settings, self._wiring
        calls, closing = self.store.calls, self._closing
        shipped, rest = factories.prompts(), (self.clock, calls, wiring.outbox, closing)
        written = wiring.prompts or shipped
        own = wiring.entailment
        if own is None and settings.entailment is not None:
            own = factories.entailment(settings.entailment)
        return Pipeline(
            store=self.store,
            index=lambda: self.index,
            drafter=wiring.drafter or factories.drafter(settings, written, *rest),
            verifier=Verifier(
                specs=written.specs(),
                entailment=own or factories.entailment(),
                policy=load_policy(
                    settings.gate_profile, own_checker=settings.entailment is not None
                ),
                judge=wiring.judge or factories.judge(settings, shipped, *rest),
                words=None if own else LexicalEntailment(),
            ),
            clock=self.clock,
            parse_feed=factories.parse_feed,
            html_to_text=factories.html_to_text,
            options=Options(
                evidence_tokens=settings.evidence_tokens,
                draft_s=settings.draft_timeout_s,
                settles=wiring.owns_index,
            ),
            standings=self.standings,
        )

    @part
    def standings(self) -> StandingKeeper:
        """Keeps what lists and plans need to know of each incident."""
        from summarizer.pipeline.standings import StandingKeeper

        return StandingKeeper(self.store, factories.prompts().specs())

    @part
    def pages(self) -> IncidentPages:
        """Everything that an incident's page shows."""
        from summarizer.incidents.pages import IncidentPages

        settings, specs = self.settings, factories.prompts().specs()
        site, url = settings.site_name, settings.public_url
        reports = None
        if settings.reader_reports == "on":
            reports = f"{settings.service_url or settings.root_path}/reports"
        return IncidentPages(
            self.store, specs, self.standings, self.withholding, self.clock, site, url, reports
        )

    @part
    def publication(self) -> Publication:
        """Which pages are public, and what readers see of them."""
        from summarizer.incidents.publication import Publication

        return Publication(self.store, self.pages, factories.prompts().specs(), self.withholding)

    @part
    def public_site(self) -> PublicSite:
        """Writes the public pages into a folder."""
        from summarizer.incidents.public_site import PublicSite

        specs, site = factories.prompts().specs(), self.settings.site_name
        installation = self.store.installation()
        return PublicSite(self.publication, self.pages, specs, self.clock, site, installation)

    @part
    def reviews(self) -> ReviewService:
        """Editing, locking and comparing drafts."""
        from summarizer.review.service import ReviewService

        return ReviewService(self.store, self.pipeline, self.pipeline.verifier, self.clock)

    @part
    def decisions(self) -> ReviewDecisions:
        """Approving and rejecting revisions."""
        from summarizer.review.decisions import ReviewDecisions

        parts = self.reviews, self.holds, self.corrections, self.pipeline.monitor
        return ReviewDecisions(self.store, *parts)

    @part
    def corrections(self) -> Corrections:
        """Changes of pages since they were approved."""
        from summarizer.review.corrections import Corrections

        return Corrections(self.store)

    @part
    def reports(self) -> ReaderReports:
        """What readers report of published pages."""
        from summarizer.review.reports import ReaderReports

        approval, monitor = self.publication.approval, self.pipeline.monitor
        return ReaderReports(self.store, approval, monitor, self.clock)

    @part
    def holds(self) -> HoldDesk:
        """Holds on incidents: for the senior desk, embargoes, legal holds."""
        from summarizer.review.holds import HoldDesk

        return HoldDesk(self.store, self.clock)

    @part
    def withholding(self) -> Withholding:
        """What readers are not shown."""
        from summarizer.incidents.withholding import Withholding

        return Withholding(self.store, self.clock)

    @part
    def curation(self) -> IncidentCuration:
        """Merging and splitting incidents, moving and adding items."""
        from summarizer.review.incidents import IncidentCuration

        return IncidentCuration(self.store, self.pipeline.monitor, self.holds, self.clock)

    @part
    def deletion(self) -> SourceDeletion:
        """Deleting items, incidents, and what a sender sent."""
        from summarizer.review.deletion import SourceDeletion

        return SourceDeletion(self.store, self.pipeline.erase, self.clock)

    @part
    def incidents(self) -> IncidentList:
        """The list of incidents."""
        from summarizer.incidents.listing import IncidentList

        texts, keeper = self.store.full_text, self.standings
        return IncidentList(self.store, texts, keeper, self.withholding, self.clock)

    @part
    def similar(self) -> SimilarIncidents:
        """Incidents that look like the story of another one."""
        from summarizer.incidents.similar import SimilarIncidents

        return SimilarIncidents(self.store, self.standings, self.withholding, self.pipeline.alike)

    @part
    def search(self) -> Search:
        """Search for items and incidents, by words and by meaning."""
        from summarizer.incidents.search import Search

        texts, held = self.store.full_text, self.withholding
        return Search(self.store, texts, held, lambda: self.index, lambda: self.embedder)

    @part
    def forecasts(self) -> ForecastDesk:
        """Forecasts and what came of them."""
        from summarizer.review.forecasts import ForecastDesk

        return ForecastDesk(self.store, self.clock)

    @part
    def queue(self) -> Queue:
        """Runs stored tasks in the background."""
        return factories.queue(
            self.settings, self.store, self.clock, in_memory=self._wiring.in_memory
        )

    @part
    def settling(self) -> Settling:
        """Indexes and groups new items in the background."""
        from summarizer.jobs.settling import Settling

        owns, index = self._wiring.owns_index, self.index_identity
        return Settling(self.store, self.pipeline, self.queue, index, owns_index=owns)

    @part
    def jobs(self) -> DraftQueue:
        """Drafts in the background."""
        from summarizer.jobs.queue import DraftQueue

        _ = self.settling  # makes its tasks known before the queue starts

        def stands(job: Job) -> bool:
            return self.survey.stands(job)

        return DraftQueue(self.store, self.pipeline, self.clock, self.queue, stands)

    @part
    def survey(self) -> PlannerInputs:
        """Reads off the store what auto-drafting decides by."""
        from summarizer.jobs import cost_estimate
        from summarizer.jobs.planner import load_rules
        from summarizer.jobs.snapshot import PlannerInputs

        rules = load_rules(self.settings.autodrafting_rules)
        cost = cost_estimate.of_drafts(self.settings, factories.prompts(), rules)
        store, keeper = self.store, self.standings
        return PlannerInputs(store, store.planner_records, self.clock, rules, cost, keeper)

    @part
    def worker(self) -> Worker:
        """Auto-drafting."""
        from summarizer.jobs.worker import Worker

        store, monitor = self.store, self.pipeline.monitor
        return Worker(store, store.planner_records, self.clock, self.jobs, self.survey, monitor)

    @part
    def fetcher(self) -> Fetcher:
        """Fetches pages and feeds."""
        return factories.fetcher(self.settings, self.store, self.clock)

    @part
    def importer(self) -> UrlImporter:
        """Fetches what URLs lead to."""
        from summarizer.feeds.collect import UrlImporter

        return UrlImporter(self.fetcher, factories.read_article)

    @part
    def poller(self) -> Poller:
        """Polls feeds."""
        from summarizer.feeds.poller import Poller

        store, parse = self.store, factories.parse_feed
        return Poller(store, self.pipeline, self.fetcher, self.importer, parse, self.clock)

    @part
    def webhooks(self) -> WebhookService:
        """Subscriptions of other programs to what happens, and their deliveries."""
        from summarizer.adapters.web.address_guard import AddressGuard
        from summarizer.adapters.web.webhook_sender import HttpSender
        from summarizer.webhooks import WebhookService

        sender = HttpSender(AddressGuard(self.settings.allowed), self.clock)
        base = self.settings.service_url or self.settings.root_path
        urls = self.settings.public_url, base
        return WebhookService(self.store, self.store.webhooks, sender, self.clock, *urls)

    @part
    def delivery(self) -> DeliveryTasks:
        """Sends webhooks in the background."""
        from summarizer.webhooks import DeliveryTasks

        return DeliveryTasks(self.webhooks, self.queue, look_first=self.worker.announce_due)

    @part
    def keys(self) -> ApiKeys:
        """Keys of the HTTP service."""
        from summarizer.auth import ApiKeys

        return ApiKeys(self.store.api_keys, self.clock)


@contextmanager
def open_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    drafter: Drafter | None = None,
    judge: ClaimJudge | None = None,
    entailment: Entailment | None = None,
    embedder: Embedder | None = None,
    prompts: PromptSet | None = None,
    in_memory: bool = False,
    owns_index: bool = True,
    fresh_index: bool = False,
) -> Iterator[App]:
    """Open the stored data; everything is closed when the block is left.

    Args:
        settings: from the environment when left out.
        clock: the time; the machine's when left out.
        drafter: writes claims, in place of the one that the settings name.
        judge: gives verdicts, in place of the one that the settings name.
        entailment: scores support, in place of the one that the settings name.
        embedder: makes the vectors of the index, in place of the shipped model.
        prompts: of the drafter, in place of the shipped ones; the judge keeps those.
        in_memory: keep everything in memory, where it is gone when the block is left.
        owns_index: whether this process puts new items into the index and into incidents.
            ``False`` beside a process that does, on the same data.
        fresh_index: throw the index away, to rebuild it from the store.

    Raises:
        SettingsError: a setting is wrong, or a file that it names.
        StorageError: the database cannot be opened; the index, when it is first needed.
    """
    wiring = Wiring(
        drafter, judge, entailment, embedder, prompts, in_memory, owns_index, fresh_index
    )
    with ExitStack() as stack:
        yield _opened(stack, settings, clock, wiring)


@contextmanager
def open_batch_context(
    settings: Settings | None = None, *, clock: Clock | None = None
) -> Iterator[BatchContext]:
    """Open what drafting in bulk works with; everything is closed when the block is left.

    A batch is never in a hurry: all sections are asked for in one call, so that the evidence is
    paid for once.

    Raises:
        SettingsError: no model is set, or the rules limit money and it has no price.
        StorageError: the database cannot be opened; the index, when it is first needed.
    """
    from summarizer.adapters.anthropic.batches import MessageBatches
    from summarizer.domain.batches import Outbox
    from summarizer.jobs.batch_run import BatchContext
    from summarizer.settings import load

    chosen = settings or load()
    if not chosen.drafts_with_model:
        raise SettingsError(
            "A batch needs a model: set ANTHROPIC_API_KEY (or ANTHROPIC_BASE_URL, a server that "
            "speaks the Message Batches API). Without one, leave out --batch."
        )
    chosen, outbox = chosen.model_copy(update={"plan": "single"}), Outbox()
    with ExitStack() as stack:
        app = _opened(stack, chosen, clock, Wiring(outbox=outbox))
        server = MessageBatches(factories.anthropic_config(chosen, chosen.model), app.clock)
        stack.callback(server.close)
        yield BatchContext(
            pipeline=app.pipeline,
            store=app.store,
            server=server,
            outbox=outbox,
            clock=app.clock,
            survey=app.survey,
        )


def _opened(
    closing: ExitStack, settings: Settings | None, clock: Clock | None, wiring: Wiring
) -> App:
    """An application on its store, both closed with ``closing``."""
    from summarizer.adapters.clock import SystemClock
    from summarizer.settings import load
    from summarizer.storage.store import Store

    settings = settings or load()
    if settings.otel_exporter_otlp_endpoint is not None:
        from summarizer import telemetry

        closing.enter_context(telemetry.exporting(settings.otel_exporter_otlp_endpoint))
    url = IN_MEMORY if wiring.in_memory else settings.store_url
    if not wiring.in_memory:
        _refuse_index_without_database(settings)
    clock = clock or SystemClock()
    store = Store.open(url, clock, incident_prefix=settings.incident_prefix)
    closing.callback(store.close)
    app = App(settings, store, clock, wiring)
    closing.callback(app.close)
    return app


def _refuse_index_without_database(settings: Settings) -> None:
    """Refuse to make a database beside an index, which would be emptied to match it.

    Raises:
        StorageError: the database is missing or empty, and the embedded index is there.
    """
    file, folder = settings.database_file, settings.data_dir / "index"
    if file is None or settings.chroma_url is not None:
        return
    if file.exists() and (not file.is_file() or file.stat().st_size):
        return
    if any(entry.is_dir() for entry in folder.glob("*")):
        raise StorageError(
            f"The database {file} is {'empty' if file.exists() else 'missing'}, but {folder} holds "
            f"the index of its items. Restore {file} from a backup; or, to begin anew, move "
            f"{folder} away."
        )
