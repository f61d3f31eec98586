"""The pipeline from source items to stored drafts, used by the CLI, the API and the evals.

``ingest`` only stores items.  ``settle`` then indexes every passage that is missing from the index
and assigns every item without an incident, so that it also completes a killed command's work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from summarizer import telemetry
from summarizer.clustering.online import Alike
from summarizer.domain import limits
from summarizer.domain.drafts import Draft, Suggestion
from summarizer.domain.events import SYSTEM_ACTOR, EventKind
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.incidents import Incident, IncidentId, IncidentSources
from summarizer.domain.items import ItemKey, PassageId
from summarizer.domain.model import Model
from summarizer.domain.progress import DraftProgress, OnEvent, Stage, unwatched
from summarizer.domain.sections import SectionSpec
from summarizer.drafting import evidence_pack
from summarizer.drafting.prompts import estimate_tokens
from summarizer.errors import IndexUnreachableError
from summarizer.ingestion import ingest as ingestion_ingest
from summarizer.ingestion.index_sync import heading_id
from summarizer.ingestion.ingest import Outcome
from summarizer.ingestion.parse import ParseFeed, Row, at_most, parse_rows, unbroken
from summarizer.ingestion.validate import HtmlToText, Rejected
from summarizer.monitoring.monitor import Monitor
from summarizer.pipeline import revisions
from summarizer.pipeline.draft_sections import draft_sections
from summarizer.pipeline.erasure import EraseWorker
from summarizer.pipeline.save_revision import save_draft, save_suggestion, with_section
from summarizer.pipeline.settle import Settled, Settler
from summarizer.pipeline.standings import StandingKeeper
from summarizer.ports.clock import Clock
from summarizer.ports.deadline import deadline
from summarizer.ports.index import PassageIndex
from summarizer.ports.models import Drafter
from summarizer.storage.locks import GROUPING
from summarizer.storage.store import Store
from summarizer.verification.verify import Verifier


class Options(Model):
    """Settings of the pipeline.

    Args:
        evidence_tokens: budget of one evidence pack, in estimated tokens.
        draft_s: most seconds for the calls to models of one draft, with retries and waits.
        settles: whether to call ``settle`` before a draft when items wait for it.  ``False`` where
            another process settles; passages are then added to this process's own index when they
            are ranked.
    """

    evidence_tokens: int
    draft_s: float
    settles: bool = True


class Pipeline:
    """Ingesting, settling and drafting on one store and one index; composed by ``summarizer.app``.

    The index is opened at its first use, because only one process at a time may hold it and
    reading pages needs none.
    """

    def __init__(
        self,
        *,
        store: Store,
        index: Callable[[], PassageIndex],
        drafter: Drafter,
        verifier: Verifier,
        clock: Clock,
        parse_feed: ParseFeed,
        html_to_text: HtmlToText,
        options: Options,
        standings: StandingKeeper,
    ) -> None:
        self.specs = tuple(verifier.specs)
        self.drafter = drafter
        self.verifier = verifier
        self._store = store
        self._index = index
        self._clock = clock
        self._parse_feed = parse_feed
        self._html_to_text = html_to_text
        self._options = options
        self._standings = standings
        self._settler = Settler(store, index, clock, standings.catch_up_if_many)
        self._settles_behind = False
        self.monitor = Monitor(store)
        self._eraser = EraseWorker(store, index, clock, settles=options.settles)

    # --- Items -------------------------------------------------------------------------------

    def ingest(
        self, stream: BinaryIO, most_rows: int | None = None, *, whole: bool = False
    ) -> Iterator[Outcome]:
        """Store the rows of a file and yield the outcome of each once it is on disk.

        Rows are stored only as the outcomes are consumed.  Call ``settle`` afterwards.

        Args:
            stream: the file.
            most_rows: rows that are read; the next one is rejected and the others are skipped.
            whole: whether a file whose JSON is cut off or broken is refused, with nothing of it
                stored; its rows are then held in memory.  Else the broken place is a rejected row.

        Raises:
            BrokenInputError: of ``whole``, at once.
            InputError: the file cannot be read; rows before the error are stored.
            StorageError: the current batch was not stored; rows with an outcome were.
        """
        rows = parse_rows(stream, self._parse_feed)
        if most_rows is not None:
            rows = at_most(rows, most_rows)
        return self._ingest(list(unbroken(rows)) if whole else rows)

    def ingest_rows(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Outcome]:
        """``ingest`` for rows in memory, numbered from 1 in the outcomes.

        Raises:
            StorageError: the current batch was not stored; rows with an outcome were.
        """
        return self._ingest(Row(line=n, value=row) for n, row in enumerate(rows, start=1))

    def _ingest(self, rows: Iterable[Row | Rejected]) -> Iterator[Outcome]:
        return ingestion_ingest.ingest(rows, self._store, self._clock, self._html_to_text)

    def settle(self) -> Settled:
        """Index new passages, assign every item to an incident, and check changed incidents.

        Safe to repeat, and completes the work of a crashed process.  Threads take turns; other
        processes may settle at the same time if the index is on a server.  While that cannot be
        reached, items wait for the next call, and ``waits`` says why.
        """
        if self._store.deletions.is_due():
            self._eraser.finish()
        done = self._settler.settle()
        self.monitor.catch_up()
        self._standings.catch_up()
        return done

    def settle_behind(self) -> None:
        """Don't settle before a draft any more: tasks in the background do it."""
        self._settles_behind = True

    def wind_down(self) -> None:
        """End ``settle`` early, for a stop; what is left is found at the next start."""
        for part in (self._settler, self.monitor, self._standings):
            part.wind_down()

    def alike(self, own: IncidentId, keys: Sequence[ItemKey]) -> dict[ItemKey, list[Alike]]:
        """Other incidents that items of one incident are like; see ``Settler.alike``."""
        return self._settler.alike(own, keys)

    def erase(self) -> str | None:
        """Carry out the deletions that were asked for, and look at the incidents without them.

        Returns:
            Why vectors of deleted items wait, ``None`` if nothing of them is left.
        """
        waits = self._eraser.finish()
        self.monitor.catch_up()
        self._standings.catch_up()
        return waits

    # --- Drafts ------------------------------------------------------------------------------

    def gather(self, keys: Sequence[ItemKey]) -> Incident:
        """Open an incident with exactly these items, without clustering."""
        with self._store.transaction(GROUPING):
            incident = self._store.create_incident(self._clock.now(), items=keys)
            detail = {"items": list(keys)}
            self._store.history.record(EventKind.OPENED, incident.id, SYSTEM_ACTOR, detail=detail)
        return incident

    def draft(
        self, incident_id: str, on_event: OnEvent = unwatched, asked_by: str = SYSTEM_ACTOR
    ) -> Draft:
        """Draft an incident and store the draft as its next revision.

        Sections that an editor has edited or locked stay, even if that happens during drafting;
        the drafted version becomes a suggestion.

        Raises:
            NotFoundError: there is no such incident.
            ModelError: the model could not be used; nothing was stored.
        IndexUnreachableError: passages must be chosen, and the server of the index is gone.
        """
        with telemetry.span("draft", incident=incident_id):
            sources, newest = self._read(incident_id)
            fresh = self._drafted(sources, self.specs, on_event, asked_by)
            with telemetry.span("store"):
                saved = save_draft(self._store, fresh, newest, on_event)
            with telemetry.span("monitor"):
                self.monitor.catch_up(saved.incident_id, saved, sources)
            self._standings.catch_up()
        return saved

    def suggest(
        self,
        incident_id: str,
        key: str,
        instruction: str | None = None,
        asked_by: str = SYSTEM_ACTOR,
        on_event: OnEvent = unwatched,
    ) -> Draft:
        """Draft one section again and store it as a suggestion in the next revision.

        The section is verified and gated as in any draft.  If it says the same as the current
        section, no suggestion is made and the newest revision is returned.

        Args:
            incident_id: an incident with a draft.
            key: of the section.
            instruction: the editor's instruction to the drafter; rules and checks stay.
            asked_by: the editor.
            on_event: called at each step.

        Raises:
            InputError: the drafter does not support instructions, or this one is too long.
            NotFoundError: there is no such incident, draft or section.
            ModelError: the model could not be used; nothing was stored.
        """
        limits.checked(instruction or "", limits.INSTRUCTION, "instruction")
        sources, newest = self._read(incident_id)
        drafted = with_section(newest, incident_id, key)
        specs = [spec for spec in self.specs if spec.key == key]
        with telemetry.span("draft", incident=incident_id, section=key):
            fresh = self._drafted(sources, specs, on_event, asked_by, instruction)
        suggestion = Suggestion(
            section=fresh.sections[0],
            made_at=fresh.created_at,
            drafter=revisions.drafter_name(fresh.drafter, fresh.model),
            asked_by=asked_by,
            instruction=instruction,
        )
        with telemetry.span("store", incident=incident_id):
            return save_suggestion(self._store, suggestion, fresh, drafted, on_event)

    def _read(self, incident_id: str) -> tuple[IncidentSources, Draft | None]:
        """The sources and the newest draft of an incident, once its items are settled."""
        if not self._settles_behind:
            self.finish()
        with self._store.snapshot():
            return self._store.sources(incident_id), self._store.newest_draft(incident_id)

    def _drafted(
        self,
        sources: IncidentSources,
        specs: Sequence[SectionSpec],
        on_event: OnEvent,
        asked_by: str,
        instruction: str | None = None,
    ) -> Draft:
        """An unstored draft of the given sections, verified and gated."""
        with self._store.transaction():
            pass  # no model is asked for a draft that a read-only store could not take
        with telemetry.span("retrieve"):
            pack = self._pack(sources)
        detail = f"retrieved {len(pack.passages)} passages of {len(pack.items)} items"
        detail += f", {pack.left_out} left out" if pack.left_out else ""
        on_event(DraftProgress(stage=Stage.RETRIEVED, detail=detail))
        with deadline(self._clock, self._options.draft_s):
            sections, usage, findings = draft_sections(
                pack, self.drafter, self.verifier, specs, on_event, instruction
            )
        name, model = self.drafter.name, self.drafter.model
        judge = self.verifier.judge.name if self.verifier.judge else None
        return Draft(
            incident_id=sources.incident.id,
            revision=1,
            created_at=self._clock.now(),
            drafter=name,
            model=model,
            evidence=pack,
            evidence_hash=evidence_pack.evidence_hash(sources.items),
            sections=tuple(section.made_by(name, model, judge) for section in sections),
            usage=usage,
            gate=self.verifier.policy.name,
            judge=judge,
            made_by=asked_by,
            findings=findings,
        )

    def evidence_hash(self, incident_id: str) -> str:
        """Hash of the evidence that a draft made now would use.

        Raises:
            NotFoundError: there is no such incident.
        """
        keys = self._store.incident(incident_id).item_keys
        return evidence_pack.evidence_hash(self._store.items(keys))

    def pack(self, incident_id: str) -> EvidencePack:
        """The evidence pack of an incident.

        Raises:
            NotFoundError: there is no such incident.
        """
        return self._pack(self._store.sources(incident_id))

    def _pack(self, sources: IncidentSources) -> EvidencePack:
        return evidence_pack.build_pack(
            sources.items,
            sources.passages,
            [spec.limits.query for spec in self.specs],
            self._rank,
            estimate_tokens,
            self._options.evidence_tokens,
        )

    def incidents(self) -> list[Incident]:
        """All incidents, newest first."""
        found: list[Incident] = []
        while batch := self._store.incidents(limit=1_000, offset=len(found)):
            found += batch
        return found

    def due(self) -> list[IncidentId]:
        """Incidents whose newest draft is out of date, oldest first.

        A draft is out of date if its evidence has changed or another drafter or model made it.
        """
        self.finish()
        return [i.id for i in reversed(self.incidents()) if self._is_due(i)]

    def is_due(self, incident_id: str) -> bool:
        """Whether the newest draft of an incident is out of date, as in ``due``.

        Raises:
            NotFoundError: there is no such incident.
        """
        return self._is_due(self._store.incident(incident_id))

    @property
    def waits(self) -> bool:
        """Whether items wait for the server of the index, and ``settle`` should be tried again."""
        return self._settler.waits is not None

    def probe(self) -> None:
        """Raise ``StorageError`` if the index cannot be used."""
        self._index().vectors([heading_id("a0")])

    def finish(self) -> None:
        """Settle items that a killed command has stored but not assigned."""
        due = self._store.deletions.is_due() or self._settler.is_due()
        if self._options.settles and due:
            self.settle()

    def _rank(
        self, queries: Sequence[str], ids: Sequence[PassageId]
    ) -> list[list[tuple[PassageId, float]]]:
        index = self._index()
        if self._settles_behind or not self._options.settles:
            index.add(self._store.passages_by_id(ids))
        elif (self.waits or not self._settler.has_settled) and (waits := self.settle().waits):
            raise IndexUnreachableError(waits)  # what is not in the index would not be chosen
        return index.rank(queries, ids)

    def _is_due(self, incident: Incident) -> bool:
        newest = self._store.newest_draft(incident.id)
        drafter = (self.drafter.name, self.drafter.model)
        if newest is None or (newest.drafter, newest.model) != drafter:
            return bool(incident.item_keys)
        items = self._store.items(incident.item_keys)
        return newest.evidence_hash != evidence_pack.evidence_hash(items)
