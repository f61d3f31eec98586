"""The store on SQLite: what ``summarizer.ports.models.Store`` promises, in SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, insert, select, update

from summarizer.domain.drafts import Draft
from summarizer.domain.incidents import Incident, IncidentId
from summarizer.domain.items import DedupKeys, ItemKey, NewItem, Passage, PassageId, SourceItem
from summarizer.domain.reviews import Revision
from summarizer.errors import InputError, NotFoundError
from summarizer.ports.clock import Clock
from summarizer.storage import rows as storage_rows
from summarizer.storage import tables
from summarizer.storage.api_keys import Keys
from summarizer.storage.assignments import Assignments
from summarizer.storage.batches import Batches
from summarizer.storage.database import Database
from summarizer.storage.events import History
from summarizer.storage.feeds import FeedStates, FetchLog
from summarizer.storage.fingerprints import FingerprintStore
from summarizer.storage.forecasts import Forecasts
from summarizer.storage.full_text import TextIndex
from summarizer.storage.idempotency import Replies
from summarizer.storage.jobs import Jobs
from summarizer.storage.model_calls import CallLog
from summarizer.storage.outlines import Outlines
from summarizer.storage.planner_inputs import PlannerRecords
from summarizer.storage.webhooks import Webhooks

_PASSAGE_ID = re.compile(r"a([1-9][0-9]{0,17})\.([1-9][0-9]{0,8})")

# Built once: these run for every item that comes in, and building one costs more than running it.
_BY_URL = (
    select(tables.items)
    .where(tables.items.c.url_key == bindparam("url"))
    .order_by(tables.items.c.number)
)
_BY_TEXT = (
    select(tables.items)
    .where(tables.items.c.text_key == bindparam("text_key"))
    .order_by(tables.items.c.number)
)
_SHARED = (
    select(tables.bands.c.item, func.count().label("count"))
    .where(tables.bands.c.band.in_(bindparam("bands", expanding=True)))
    .group_by(tables.bands.c.item)
    .order_by(func.count().desc(), tables.bands.c.item)
    .limit(bindparam("limit", type_=Integer))
    .subquery()
)
_BY_BANDS = (
    select(tables.items)
    .join(_SHARED, _SHARED.c.item == tables.items.c.number)
    .order_by(_SHARED.c.count.desc(), tables.items.c.number)
)
_ADD_ITEM = insert(tables.items).returning(tables.items.c.number)


class Store:
    """Items, passages, incidents, drafts, history, jobs and calls to models in one SQLite database.

    ``calls`` is the log of calls to models, ``history`` that of what was done to incidents,
    ``jobs`` the drafts that were asked for, ``keys`` who may use the service, ``outlines`` what a
    list of all incidents needs, ``records`` what the plan of auto-drafting reads, ``replies``
    answers to writes that may be asked for again, ``texts`` full text of the items,
    ``fetches`` what was fetched, ``webhooks`` who is told
    of what, ``feeds`` how far polling has got, ``assignments`` why items are where they are,
    ``imprints`` what was read off them for clustering,
    ``batches`` the questions that wait at a server.
    """

    def __init__(self, database: Database, clock: Clock, *, incident_prefix: str = "INC") -> None:
        self._database = database
        self._prefix = incident_prefix
        self.calls = CallLog(database)
        self.history = History(database, clock)
        self.jobs = Jobs(database)
        self.keys = Keys(database)
        self.webhooks = Webhooks(database)
        self.outlines = Outlines(database)
        self.records = PlannerRecords(database)
        self.replies = Replies(database)
        self.texts = TextIndex(database)
        self.fetches = FetchLog(database)
        self.feeds = FeedStates(database)
        self.assignments = Assignments(database)
        self.imprints = FingerprintStore(database)
        self.forecasts = Forecasts(database)
        self.batches = Batches(database)

    @classmethod
    def open(cls, url: str, clock: Clock, *, incident_prefix: str = "INC") -> Store:
        """Open or create the store at a SQLAlchemy URL (``sqlite:///data/x.db``, ``sqlite://``).

        Args:
            url: of a SQLite database.
            clock: the time of the events that are recorded.
            incident_prefix: of new ids; those that exist keep theirs.

        Raises:
            StorageError: the database cannot be opened or a newer program wrote it.
        """
        return cls(Database.open(url), clock, incident_prefix=incident_prefix)

    def close(self) -> None:
        """Release the database; the store is unusable afterwards."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Makes all calls of this thread inside the block one atomic write, which no other writer
        comes between; an exception that leaves the block undoes them all.  Blocks may nest."""
        with self._database.writing():
            yield

    # --- Items and passages ---

    def add_item(
        self,
        item: NewItem,
        *,
        marks: DedupKeys,
        ingested_at: datetime,
        origin: ItemKey | None,
        split: Callable[[ItemKey, str], Sequence[Passage]],
    ) -> SourceItem:
        """Store an item under a new key together with its passages, without an incident.

        ``origin`` is ``None`` for an item that is no copy; ``split`` makes its passages.
        """
        fields = item.model_dump()
        label = fields.pop("incident")
        with self._database.writing() as connection:
            row = {
                **fields,
                "label": label,
                "origin": None if origin is None else storage_rows.number_of(origin),
                "ingested_at": ingested_at,
                "url_key": marks.url,
                "text_key": marks.text,
            }
            number = connection.execute(_ADD_ITEM, row).scalar_one()
            key = storage_rows.key_of(number)
            spans = [
                {"item": number, "n": p.n, "start": p.start, "end": p.end}
                for p in split(key, item.text)
            ]
            storage_rows.insert_all(connection, tables.passages, spans)
            storage_rows.insert_all(
                connection, tables.bands, [{"band": b, "item": number} for b in marks.bands]
            )
        return SourceItem(
            **item.model_dump(), key=key, origin=origin or key, ingested_at=ingested_at
        )

    def items_by_url(self, url: str) -> list[SourceItem]:
        """Items with that normalised URL, oldest key first."""
        return self._items(_BY_URL, url=url)

    def items_by_text(self, text_key: str) -> list[SourceItem]:
        """Items with that hash of their text, oldest key first."""
        return self._items(_BY_TEXT, text_key=text_key)

    def items_by_bands(self, bands: Sequence[int], limit: int = 20) -> list[SourceItem]:
        """Items that share a band, those that share most first, then oldest key first."""
        return self._items(_BY_BANDS, bands=list(bands), limit=limit)

    def items(self, keys: Sequence[ItemKey]) -> list[SourceItem]:
        """The items with those keys, in that order."""
        numbers = [storage_rows.number_of(key) for key in keys]
        with self._database.reading() as connection:
            found = {
                row.number: storage_rows.item_of(row)
                for part in storage_rows.parts(numbers)
                for row in connection.execute(
                    select(tables.items).where(tables.items.c.number.in_(part))
                )
            }
        return [storage_rows.known(found, number) for number in numbers]

    def items_without_incident(self, limit: int = 1_000) -> list[SourceItem]:
        """Items that belong to no incident yet, oldest key first."""
        found = select(tables.items).where(tables.items.c.incident.is_(None))
        return self._items(found.order_by(tables.items.c.number).limit(limit))

    def passages(self, item_keys: Sequence[ItemKey]) -> list[Passage]:
        """All passages of those items, by item in that order, then by position."""
        numbers = [storage_rows.number_of(key) for key in item_keys]
        with self._database.reading() as connection:
            found = storage_rows.passages_of(connection, numbers)
        return [passage for number in numbers for passage in storage_rows.known(found, number)]

    def passages_by_id(self, ids: Sequence[PassageId]) -> list[Passage]:
        """The passages with those ids, in that order; unknown ids are left out."""
        owners = {int(m[1]) for m in map(_PASSAGE_ID.fullmatch, ids) if m}
        with self._database.reading() as connection:
            by_item = storage_rows.passages_of(connection, sorted(owners))
        found = {passage.id: passage for group in by_item.values() for passage in group}
        return [found[id_] for id_ in ids if id_ in found]

    def passage_ids(self, after: ItemKey | None = None) -> frozenset[PassageId]:
        """Ids of all passages, or of those of the items that were stored after one."""
        query = select(tables.passages.c.item, tables.passages.c.n)
        if after is not None:
            query = query.where(tables.passages.c.item > storage_rows.number_of(after))
        with self._database.reading() as connection:
            rows = connection.execute(query)
            return frozenset(PassageId(f"{storage_rows.key_of(row.item)}.{row.n}") for row in rows)

    def all_passages(self, batch: int = 1_000) -> Iterator[list[Passage]]:
        """Every passage, in lists of at least ``batch`` but for the last, a whole item each."""
        waiting: list[Passage] = []
        last = 0
        page = select(tables.items.c.number).order_by(tables.items.c.number).limit(50)
        while True:
            with self._database.reading() as connection:
                numbers = list(connection.scalars(page.where(tables.items.c.number > last)))
                found = storage_rows.passages_of(connection, numbers)
            if not numbers:
                break
            last = numbers[-1]
            for number in numbers:
                waiting += found[number]
                if len(waiting) >= batch:
                    yield waiting
                    waiting = []
        if waiting:
            yield waiting

    def _items(self, query: Select[Any], **values: object) -> list[SourceItem]:
        with self._database.reading() as connection:
            return [storage_rows.item_of(row) for row in connection.execute(query, values)]

    # --- Incidents ---

    def create_incident(
        self, created_at: datetime, *, label: str | None = None, items: Sequence[ItemKey] = ()
    ) -> Incident:
        """A new incident that holds those items; with a label that exists already, that incident
        with the items added to it."""
        with self._database.writing() as connection:
            known = None if label is None else storage_rows.labelled_number(connection, label)
            if known is None:
                highest = connection.scalar(select(func.max(tables.incidents.c.number)))
                number = (highest or 0) + 1
                id_ = f"{self._prefix}-{number:06d}"
                row = {"number": number, "id": id_, "created_at": created_at, "label": label}
                connection.execute(insert(tables.incidents).values(row))
            else:
                number = known
            storage_rows.move(connection, items, number)
            return storage_rows.one_incident(connection, number)

    def assign(self, items: Sequence[ItemKey], incident_id: str) -> Incident:
        """Put items into an incident, out of whichever they were in."""
        with self._database.writing() as connection:
            number = storage_rows.resolved_number(connection, incident_id)
            storage_rows.move(connection, items, number)
            return storage_rows.one_incident(connection, number)

    def merge(self, source: str, target: str) -> Incident:
        """Move everything in ``source`` into ``target``, to which its id then redirects.

        Raises:
            InputError: both are the same incident.
        """
        with self._database.writing() as connection:
            from_, into = (
                storage_rows.resolved_number(connection, source),
                storage_rows.resolved_number(connection, target),
            )
            if from_ == into:
                raise InputError(
                    f"{source} and {target} are one incident: nothing to merge.", field="target"
                )
            connection.execute(
                update(tables.items).where(tables.items.c.incident == from_).values(incident=into)
            )
            # Redirects that ended at the source are moved on, so that one step always suffices.
            redirected = (tables.incidents.c.number == from_) | (
                tables.incidents.c.merged_into == from_
            )
            connection.execute(update(tables.incidents).where(redirected).values(merged_into=into))
            return storage_rows.one_incident(connection, into)

    def incident(self, incident_id: str) -> Incident:
        """The incident with that id."""
        with self._database.reading() as connection:
            return storage_rows.one_incident(
                connection, storage_rows.resolved_number(connection, incident_id)
            )

    def incident_by_label(self, label: str) -> Incident | None:
        """The incident that carries the label, or into which it was merged."""
        with self._database.reading() as connection:
            number = storage_rows.labelled_number(connection, label)
            return None if number is None else storage_rows.one_incident(connection, number)

    def incidents_of(self, item_keys: Sequence[ItemKey]) -> dict[ItemKey, IncidentId]:
        """The incident of each item; items without one are absent from the answer."""
        query = select(tables.items.c.number, tables.incidents.c.id).join(
            tables.incidents, tables.incidents.c.number == tables.items.c.incident
        )
        numbers = [storage_rows.number_of(key) for key in item_keys]
        with self._database.reading() as connection:
            return {
                storage_rows.key_of(row.number): IncidentId(row.id)
                for part in storage_rows.parts(numbers)
                for row in connection.execute(query.where(tables.items.c.number.in_(part)))
            }

    def incidents(self, limit: int = 100, offset: int = 0) -> list[Incident]:
        """Incidents that were not merged away, newest first."""
        query = select(tables.incidents.c.number).where(tables.incidents.c.merged_into.is_(None))
        newest = query.order_by(tables.incidents.c.number.desc()).limit(limit).offset(offset)
        with self._database.reading() as connection:
            numbers = list(connection.scalars(newest))
            found = storage_rows.incidents_of(connection, numbers)
        return [found[number] for number in numbers]

    # --- Drafts ---

    def save_draft(self, draft: Draft) -> Draft:
        """Store a draft as the next revision of exactly its incident; whatever revision it came
        with is replaced by the one that is returned."""
        with self._database.writing() as connection:
            number = storage_rows.exact_number(connection, draft.incident_id)
            highest = connection.scalar(
                select(func.max(tables.drafts.c.revision)).where(tables.drafts.c.incident == number)
            )
            saved = draft.model_copy(update={"revision": (highest or 0) + 1})
            row = {
                "incident": number,
                "revision": saved.revision,
                "created_at": saved.created_at,
                "drafter": saved.drafter,
                "model": saved.model,
                "evidence_hash": saved.evidence_hash,
                "body": saved.model_dump_json(),
            }
            connection.execute(insert(tables.drafts).values(row))
        return saved

    def newest_draft(self, incident_id: str) -> Draft | None:
        """The newest revision, ``None`` before the first."""
        with self._database.reading() as connection:
            number = storage_rows.resolved_number(connection, incident_id)
            query = select(tables.drafts.c.body).where(tables.drafts.c.incident == number)
            body = connection.scalar(query.order_by(tables.drafts.c.revision.desc()).limit(1))
        return None if body is None else storage_rows.draft_of(body, incident_id)

    def draft(self, incident_id: str, revision: int) -> Draft:
        """One revision of exactly that incident, so that a cited revision outlives a merge."""
        with self._database.reading() as connection:
            number = storage_rows.exact_number(connection, incident_id)
            query = select(tables.drafts.c.body).where(tables.drafts.c.incident == number)
            body = connection.scalar(query.where(tables.drafts.c.revision == revision))
        if body is None:
            raise NotFoundError(
                f"Incident {incident_id} has no draft of revision {revision}.", field="revision"
            )
        return storage_rows.draft_of(body, incident_id)

    def drafts(self, incident_id: str, after: int = 0, limit: int | None = None) -> list[Draft]:
        """Revisions of exactly that incident above a number, oldest first; all without a limit."""
        drafts = tables.drafts.c
        with self._database.reading() as connection:
            number = storage_rows.exact_number(connection, incident_id)
            wanted = (drafts.incident == number) & (drafts.revision > after)
            query = select(drafts.body).where(wanted).order_by(drafts.revision).limit(limit)
            bodies = list(connection.scalars(query))
        return [storage_rows.draft_of(body, incident_id) for body in bodies]

    def revisions(self, incident_id: str) -> list[Revision]:
        """What each revision of exactly that incident is, oldest first, without its sections."""
        drafts = tables.drafts.c
        said = [
            func.json_extract(drafts.body, f"$.{name}").label(name)
            for name in ("made_by", "change")
        ]
        with self._database.reading() as connection:
            number = storage_rows.exact_number(connection, incident_id)
            query = select(drafts.revision, drafts.created_at, drafts.drafter, *said)
            rows = connection.execute(
                query.where(drafts.incident == number).order_by(drafts.revision)
            )
            return [Revision.model_validate(dict(row._mapping)) for row in rows]
