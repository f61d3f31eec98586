"""What the core asks of the outside world; adapters in ``summarizer.adapters`` answer it.

Each protocol has one contract suite under ``tests/contracts`` that every adapter passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from summarizer.assignments import Assignments
from summarizer.domain import (
    Claim,
    Draft,
    DraftedSection,
    EvidencePack,
    Failure,
    Incident,
    IncidentId,
    ItemKey,
    Label,
    Model,
    NewItem,
    Passage,
    PassageId,
    SourceItem,
    Usage,
)
from summarizer.fetching import FeedStates, FetchLog
from summarizer.forecasting import Forecasts
from summarizer.history import History
from summarizer.keeping import Headings, Imprints
from summarizer.keys import Keys
from summarizer.queueing import Jobs
from summarizer.revisions import Revision
from summarizer.sections import SectionSpec

Vectors = NDArray[np.float32]
"""One row a text, each of length 1."""


class Clock(Protocol):
    """The one door through which time enters."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors of length 1 whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """Name and version of the model; vectors of different names never meet."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; no texts give no rows."""
        ...


class PassageIndex(Protocol):
    """Passages and their vectors.  The store holds the truth; this can be rebuilt from it."""

    @property
    def headings(self) -> Headings:
        """Vectors of items' headings, in the same place and forgotten with the rest."""
        ...

    def add(self, passages: Sequence[Passage]) -> None:
        """Index passages; those that are already there stay as they are."""
        ...

    def ids(self) -> frozenset[PassageId]:
        """Ids of all passages that are indexed."""
        ...

    def remove(self, ids: Sequence[PassageId]) -> None:
        """Forget passages; unknown ids are ignored."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Stored vectors by id; ids that are not indexed are absent from the answer."""
        ...

    def rank(self, query: str, ids: Sequence[PassageId]) -> list[tuple[PassageId, float]]:
        """Those of ``ids`` that are indexed, most similar to the query first, with similarity
        from -1 to 1; equal similarities are ordered by id."""
        ...

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[PassageId, float]]:
        """The passages of the whole index nearest to a vector, most similar first."""
        ...


class Repair(Model):
    """A claim that failed, handed back to its drafter with the reasons."""

    section: str
    claim: Claim
    failures: tuple[Failure, ...]


class Drafting(Model):
    """What one drafter made of one evidence pack."""

    sections: tuple[DraftedSection, ...]
    usage: Usage = Usage()


class Repairs(Model):
    """Answers to repairs, in their order; ``None`` where the drafter gave the claim up."""

    claims: tuple[Claim | None, ...]
    usage: Usage = Usage()


class Drafter(Protocol):
    """Writes claims that cite passages."""

    @property
    def name(self) -> str:
        """``anthropic`` or ``extractive``."""
        ...

    @property
    def model(self) -> str | None:
        """Id of the model, ``None`` without one."""
        ...

    def draft(
        self,
        pack: EvidencePack,
        sections: Sequence[SectionSpec],
        on_section: Callable[[DraftedSection], None],
        instruction: str | None = None,
    ) -> Drafting:
        """Draft the sections, each exactly once and in the given order; call ``on_section`` as
        each arrives.

        ``instruction`` is an editor's wish, to be followed as far as evidence and rules allow.
        Raises ``ModelError`` when the model could not be used, ``InputError`` when a drafter
        follows no instructions."""
        ...

    def repair(self, pack: EvidencePack, repairs: Sequence[Repair]) -> Repairs:
        """Try once to rewrite claims so that the pack supports them."""
        ...


class CallRecord(Model):
    """One call that was sent to a model, for the audit log, the cost account and the cache.

    Args:
        request_hash: hash of everything that decides the answer, the server's address included.
        model: id of the model that was asked.
        created_at: aware UTC time at which it was sent.
        purpose: ``draft``, ``repair`` or ``judge``.
        request: body of the request as JSON, without the key.
        response: body of the answer as it came, ``None`` when none came.
        usage: tokens as the server counted them, with ``calls`` 1.
        latency_ms: milliseconds from sending to the answer or the failure, >= 0.
        error: why the answer was not usable, ``None`` when it was.
        batched: whether it came in a batch, at half the price.
    """

    request_hash: str
    model: str
    created_at: datetime
    purpose: str
    request: str
    response: str | None
    usage: Usage
    latency_ms: int
    error: str | None = None
    batched: bool = False


class CallLog(Protocol):
    """Keeps every call to a model, so that no retry pays twice.

    Both methods may be called from several threads at once.
    """

    def find(self, request_hash: str) -> str | None:
        """The newest ``response`` recorded without an error under that hash, if there is one."""
        ...

    def record(self, record: CallRecord) -> None:
        """Keep a call, usable or not; many may share one hash."""
        ...


class JudgeVerdict(Model):
    """What a judge says about one claim.

    Args:
        label: any but ``unchecked``.
        reason: one short sentence, as the judge wrote it; may be empty.
        passage: id of the passage that decided or would have been right; may be one that the
            evidence lacks.
    """

    label: Label
    reason: str = ""
    passage: str | None = None


class Judgement(Model):
    """Verdicts in the order of the claims; ``None`` where there is no usable one."""

    verdicts: tuple[JudgeVerdict | None, ...]
    usage: Usage = Usage()


class ClaimJudge(Protocol):
    """Reads claims against the evidence, knowing nothing of where they come from."""

    @property
    def name(self) -> str:
        """What judges, with its version, as stored with every draft."""
        ...

    def judge(self, pack: EvidencePack, claims: Sequence[Claim]) -> Judgement:
        """A verdict for each claim, in order.  Raises ``ModelError`` when the judge could not be
        asked; an answer that is not usable gives ``None``."""
        ...


class Entailment(Protocol):
    """Probability that sources, taken together, support a claim."""

    @property
    def name(self) -> str:
        """Name and version, stored with what it judged."""
        ...

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """For each (claim, sources) a probability, 0–1, in order."""
        ...

    def nearness(self, sentence: str, sources: Sequence[str]) -> list[float]:
        """How near each word of a sentence comes in meaning to any word of the sources.

        One number, at most 1, for each of ``faithfulness.words.tokens``, in order; 1 for the same
        word in the same setting.
        """
        ...


class Marks(Model):
    """By what an item is recognised when it, or a copy of it, comes again.

    Args:
        url: the normalised URL, ``None`` without one.
        text: hash that equal texts share.
        bands: signed 64-bit hashes of which near-same texts share at least one.
    """

    url: str | None = None
    text: str
    bands: tuple[int, ...] = ()


class Store(Protocol):
    """Items, passages, incidents and drafts: the truth of the product.

    Every method is atomic and safe to call from several threads and processes; every one that
    writes has committed when it returns.  An unknown key or id raises ``NotFoundError``, a failing
    database ``StorageError``.  An id of a merged incident means the one it went into, except where
    a method says otherwise.
    """

    @property
    def calls(self) -> CallLog:
        """The calls to models, in the same database."""
        ...

    @property
    def history(self) -> History:
        """The history of incidents, in the same database."""
        ...

    @property
    def forecasts(self) -> Forecasts:
        """What was said to come, and what came of it, in the same database."""
        ...

    @property
    def assignments(self) -> Assignments:
        """Why items are where they are, in the same database."""
        ...

    @property
    def imprints(self) -> Imprints:
        """What was read off items for clustering, in the same database."""
        ...

    @property
    def jobs(self) -> Jobs:
        """The drafts that were asked for, in the same database."""
        ...

    @property
    def keys(self) -> Keys:
        """Keys and sessions of the service, in the same database."""
        ...

    @property
    def fetches(self) -> FetchLog:
        """Records of what was fetched, in the same database."""
        ...

    @property
    def feeds(self) -> FeedStates:
        """How far the polling of feeds has got, in the same database."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Makes all calls of this thread inside the block one atomic write, which no other writer
        comes between; an exception that leaves the block undoes them all.  Blocks may nest."""
        ...

    def close(self) -> None:
        """Release the database; the store is unusable afterwards."""
        ...

    def add_item(
        self,
        item: NewItem,
        *,
        marks: Marks,
        ingested_at: datetime,
        origin: ItemKey | None,
        split: Callable[[ItemKey, str], Sequence[Passage]],
    ) -> SourceItem:
        """Store an item under a new key together with its passages, without an incident.

        ``origin`` is ``None`` for an item that is no copy; ``split`` makes its passages.
        """
        ...

    def items_by_url(self, url: str) -> list[SourceItem]:
        """Items with that normalised URL, oldest key first."""
        ...

    def items_by_text(self, text_key: str) -> list[SourceItem]:
        """Items with that hash of their text, oldest key first."""
        ...

    def items_by_bands(self, bands: Sequence[int], limit: int = 20) -> list[SourceItem]:
        """Items that share a band, those that share most first, then oldest key first."""
        ...

    def items(self, keys: Sequence[ItemKey]) -> list[SourceItem]:
        """The items with those keys, in that order."""
        ...

    def items_without_incident(self, limit: int = 1_000) -> list[SourceItem]:
        """Items that belong to no incident yet, oldest key first."""
        ...

    def passages(self, item_keys: Sequence[ItemKey]) -> list[Passage]:
        """All passages of those items, by item in that order, then by position."""
        ...

    def passages_by_id(self, ids: Sequence[PassageId]) -> list[Passage]:
        """The passages with those ids, in that order; unknown ids are left out."""
        ...

    def passage_ids(self, after: ItemKey | None = None) -> frozenset[PassageId]:
        """Ids of all passages, or of those of the items that were stored after one."""
        ...

    def all_passages(self, batch: int = 1_000) -> Iterator[list[Passage]]:
        """Every passage, in lists of at least ``batch`` but for the last, a whole item each."""
        ...

    def create_incident(
        self, created_at: datetime, *, label: str | None = None, items: Sequence[ItemKey] = ()
    ) -> Incident:
        """A new incident that holds those items; with a label that exists already, that incident
        with the items added to it."""
        ...

    def assign(self, items: Sequence[ItemKey], incident_id: str) -> Incident:
        """Put items into an incident, out of whichever they were in."""
        ...

    def merge(self, source: str, target: str) -> Incident:
        """Move everything in ``source`` into ``target``, to which its id then redirects.

        Raises:
            InputError: both are the same incident.
        """
        ...

    def incident(self, incident_id: str) -> Incident:
        """The incident with that id."""
        ...

    def incident_by_label(self, label: str) -> Incident | None:
        """The incident that carries the label, or into which it was merged."""
        ...

    def incidents_of(self, items: Sequence[ItemKey]) -> dict[ItemKey, IncidentId]:
        """The incident of each item; items without one are absent from the answer."""
        ...

    def incidents(self, limit: int = 100, offset: int = 0) -> list[Incident]:
        """Incidents that were not merged away, newest first."""
        ...

    def save_draft(self, draft: Draft) -> Draft:
        """Store a draft as the next revision of exactly its incident; whatever revision it came
        with is replaced by the one that is returned."""
        ...

    def newest_draft(self, incident_id: str) -> Draft | None:
        """The newest revision, ``None`` before the first."""
        ...

    def draft(self, incident_id: str, revision: int) -> Draft:
        """One revision of exactly that incident, so that a cited revision outlives a merge."""
        ...

    def drafts(self, incident_id: str, after: int = 0, limit: int | None = None) -> list[Draft]:
        """Revisions of exactly that incident above a number, oldest first; all without a limit."""
        ...

    def revisions(self, incident_id: str) -> list[Revision]:
        """What each revision of exactly that incident is, oldest first, without its sections."""
        ...
