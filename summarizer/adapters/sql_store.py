"""The store on SQLite: what ``summarizer.ports.Store`` promises, in SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, insert, select, update

from summarizer import tallies
from summarizer.adapters import schema, sql_rows, sql_tallies
from summarizer.adapters.sql_assignments import SqlAssignments
from summarizer.adapters.sql_autodrafting import SqlRecords
from summarizer.adapters.sql_batches import SqlBatches
from summarizer.adapters.sql_calls import SqlCallLog
from summarizer.adapters.sql_database import Database
from summarizer.adapters.sql_entries import SqlHistory
from summarizer.adapters.sql_feeds import SqlFeedStates
from summarizer.adapters.sql_fetches import SqlFetchLog
from summarizer.adapters.sql_forecasts import SqlForecasts
from summarizer.adapters.sql_imprints import SqlImprints
from summarizer.adapters.sql_jobs import SqlJobs
from summarizer.adapters.sql_keys import SqlKeys
from summarizer.adapters.sql_outlines import SqlOutlines
from summarizer.adapters.sql_replies import SqlReplies
from summarizer.adapters.sql_tallies import SqlTallies
from summarizer.adapters.sql_texts import SqlTexts
from summarizer.adapters.sql_webhooks import SqlWebhooks
from summarizer.domain import (
    Draft,
    Incident,
    IncidentId,
    ItemKey,
    NewItem,
    Passage,
    PassageId,
    SourceItem,
)
from summarizer.errors import InputError, NotFoundError
from summarizer.ports import Marks
from summarizer.revisions import Revision

_PASSAGE_ID = re.compile(r"a([1-9][0-9]{0,17})\.([1-9][0-9]{0,8})")

# Built once: these run for every item that comes in, and building one costs more than running it.
_BY_URL = (
    select(schema.items)
    .where(schema.items.c.url_key == bindparam("url"))
    .order_by(schema.items.c.number)
)
_BY_TEXT = (
    select(schema.items)
    .where(schema.items.c.text_key == bindparam("text_key"))
    .order_by(schema.items.c.number)
)
_SHARED = (
    select(schema.bands.c.item, func.count().label("count"))
    .where(schema.bands.c.band.in_(bindparam("bands", expanding=True)))
    .group_by(schema.bands.c.item)
    .order_by(func.count().desc(), schema.bands.c.item)
    .limit(bindparam("limit", type_=Integer))
    .subquery()
)
_BY_BANDS = (
    select(schema.items)
    .join(_SHARED, _SHARED.c.item == schema.items.c.number)
    .order_by(_SHARED.c.count.desc(), schema.items.c.number)
)
_ADD_ITEM = insert(schema.items).returning(schema.items.c.number)


class SqlStore:
    """Items, passages, incidents, drafts, history, jobs and calls to models in one SQLite database.

    ``calls`` is the log of calls to models, ``history`` that of what was done to incidents,
    ``jobs`` the drafts that were asked for, ``keys`` who may use the service, ``outlines`` what a
    list of all incidents needs, ``records`` what the plan of auto-drafting reads, ``replies``
    answers to writes that may be asked for again, ``texts`` full text of the items,
    ``tallies`` what is counted of drafts, ``fetches`` what was fetched, ``webhooks`` who is told
    of what, ``feeds`` how far polling has got, ``assignments`` why items are where they are,
    ``imprints`` what was read off them for clustering,
    ``batches`` the questions that wait at a server.
    """

    def __init__(self, database: Database, *, incident_prefix: str = "INC") -> None:
        self._database = database
        self._prefix = incident_prefix
        self.calls = SqlCallLog(database)
        self.history = SqlHistory(database)
        self.jobs = SqlJobs(database)
        self.keys = SqlKeys(database)
        self.webhooks = SqlWebhooks(database)
        self.outlines = SqlOutlines(database)
        self.records = SqlRecords(database)
        self.replies = SqlReplies(database)
        self.tallies = SqlTallies(database)
        self.texts = SqlTexts(database)
        self.fetches = SqlFetchLog(database)
        self.feeds = SqlFeedStates(database)
        self.assignments = SqlAssignments(database)
        self.imprints = SqlImprints(database)
        self.forecasts = SqlForecasts(database)
        self.batches = SqlBatches(database)

    @classmethod
    def open(cls, url: str, *, incident_prefix: str = "INC") -> SqlStore:
        """Open or create the store at a SQLAlchemy URL (``sqlite:///data/x.db``, ``sqlite://``).

        ``incident_prefix`` is that of new ids; those that exist keep theirs.

        Raises:
            StorageError: the database cannot be opened or a newer program wrote it.
        """
        return cls(Database.open(url), incident_prefix=incident_prefix)

    def close(self) -> None:
        """See ``Store.close``."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See ``Store.transaction``."""
        with self._database.writing():
            yield

    # --- Items and passages ---

    def add_item(
        self,
        item: NewItem,
        *,
        marks: Marks,
        ingested_at: datetime,
        origin: ItemKey | None,
        split: Callable[[ItemKey, str], Sequence[Passage]],
    ) -> SourceItem:
        """See ``Store.add_item``."""
        fields = item.model_dump()
        label = fields.pop("incident")
        with self._database.writing() as connection:
            row = {
                **fields,
                "label": label,
                "origin": None if origin is None else sql_rows.number_of(origin),
                "ingested_at": ingested_at,
                "url_key": marks.url,
                "text_key": marks.text,
            }
            number = connection.execute(_ADD_ITEM, row).scalar_one()
            key = sql_rows.key_of(number)
            spans = [
                {"item": number, "n": p.n, "start": p.start, "end": p.end}
                for p in split(key, item.text)
            ]
            sql_rows.insert_all(connection, schema.passages, spans)
            sql_rows.insert_all(
                connection, schema.bands, [{"band": b, "item": number} for b in marks.bands]
            )
        return SourceItem(
            **item.model_dump(), key=key, origin=origin or key, ingested_at=ingested_at
        )

    def items_by_url(self, url: str) -> list[SourceItem]:
        """See ``Store.items_by_url``."""
        return self._items(_BY_URL, url=url)

    def items_by_text(self, text_key: str) -> list[SourceItem]:
        """See ``Store.items_by_text``."""
        return self._items(_BY_TEXT, text_key=text_key)

    def items_by_bands(self, bands: Sequence[int], limit: int = 20) -> list[SourceItem]:
        """See ``Store.items_by_bands``."""
        return self._items(_BY_BANDS, bands=list(bands), limit=limit)

    def items(self, keys: Sequence[ItemKey]) -> list[SourceItem]:
        """See ``Store.items``."""
        numbers = [sql_rows.number_of(key) for key in keys]
        with self._database.reading() as connection:
            found = {
                row.number: sql_rows.item_of(row)
                for part in sql_rows.parts(numbers)
                for row in connection.execute(
                    select(schema.items).where(schema.items.c.number.in_(part))
                )
            }
        return [sql_rows.known(found, number) for number in numbers]

    def items_without_incident(self, limit: int = 1_000) -> list[SourceItem]:
        """See ``Store.items_without_incident``."""
        found = select(schema.items).where(schema.items.c.incident.is_(None))
        return self._items(found.order_by(schema.items.c.number).limit(limit))

    def passages(self, item_keys: Sequence[ItemKey]) -> list[Passage]:
        """See ``Store.passages``."""
        numbers = [sql_rows.number_of(key) for key in item_keys]
        with self._database.reading() as connection:
            found = sql_rows.passages_of(connection, numbers)
        return [passage for number in numbers for passage in sql_rows.known(found, number)]

    def passages_by_id(self, ids: Sequence[PassageId]) -> list[Passage]:
        """See ``Store.passages_by_id``."""
        owners = {int(m[1]) for m in map(_PASSAGE_ID.fullmatch, ids) if m}
        with self._database.reading() as connection:
            by_item = sql_rows.passages_of(connection, sorted(owners))
        found = {passage.id: passage for group in by_item.values() for passage in group}
        return [found[id_] for id_ in ids if id_ in found]

    def passage_ids(self, after: ItemKey | None = None) -> frozenset[PassageId]:
        """See ``Store.passage_ids``."""
        query = select(schema.passages.c.item, schema.passages.c.n)
        if after is not None:
            query = query.where(schema.passages.c.item > sql_rows.number_of(after))
        with self._database.reading() as connection:
            rows = connection.execute(query)
            return frozenset(PassageId(f"{sql_rows.key_of(row.item)}.{row.n}") for row in rows)

    def all_passages(self, batch: int = 1_000) -> Iterator[list[Passage]]:
        """See ``Store.all_passages``."""
        waiting: list[Passage] = []
        last = 0
        page = select(schema.items.c.number).order_by(schema.items.c.number).limit(50)
        while True:
            with self._database.reading() as connection:
                numbers = list(connection.scalars(page.where(schema.items.c.number > last)))
                found = sql_rows.passages_of(connection, numbers)
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
            return [sql_rows.item_of(row) for row in connection.execute(query, values)]

    # --- Incidents ---

    def create_incident(
        self, created_at: datetime, *, label: str | None = None, items: Sequence[ItemKey] = ()
    ) -> Incident:
        """See ``Store.create_incident``."""
        with self._database.writing() as connection:
            known = None if label is None else sql_rows.labelled_number(connection, label)
            if known is None:
                highest = connection.scalar(select(func.max(schema.incidents.c.number)))
                number = (highest or 0) + 1
                id_ = f"{self._prefix}-{number:06d}"
                row = {"number": number, "id": id_, "created_at": created_at, "label": label}
                connection.execute(insert(schema.incidents).values(row))
            else:
                number = known
            sql_rows.move(connection, items, number)
            return sql_rows.one_incident(connection, number)

    def assign(self, items: Sequence[ItemKey], incident_id: str) -> Incident:
        """See ``Store.assign``."""
        with self._database.writing() as connection:
            number = sql_rows.resolved_number(connection, incident_id)
            sql_rows.move(connection, items, number)
            return sql_rows.one_incident(connection, number)

    def merge(self, source: str, target: str) -> Incident:
        """See ``Store.merge``."""
        with self._database.writing() as connection:
            from_, into = (
                sql_rows.resolved_number(connection, source),
                sql_rows.resolved_number(connection, target),
            )
            if from_ == into:
                raise InputError(
                    f"{source} and {target} are one incident: nothing to merge.", field="target"
                )
            connection.execute(
                update(schema.items).where(schema.items.c.incident == from_).values(incident=into)
            )
            # Redirects that ended at the source are moved on, so that one step always suffices.
            redirected = (schema.incidents.c.number == from_) | (
                schema.incidents.c.merged_into == from_
            )
            connection.execute(update(schema.incidents).where(redirected).values(merged_into=into))
            return sql_rows.one_incident(connection, into)

    def incident(self, incident_id: str) -> Incident:
        """See ``Store.incident``."""
        with self._database.reading() as connection:
            return sql_rows.one_incident(
                connection, sql_rows.resolved_number(connection, incident_id)
            )

    def incident_by_label(self, label: str) -> Incident | None:
        """See ``Store.incident_by_label``."""
        with self._database.reading() as connection:
            number = sql_rows.labelled_number(connection, label)
            return None if number is None else sql_rows.one_incident(connection, number)

    def incidents_of(self, item_keys: Sequence[ItemKey]) -> dict[ItemKey, IncidentId]:
        """See ``Store.incidents_of``."""
        query = select(schema.items.c.number, schema.incidents.c.id).join(
            schema.incidents, schema.incidents.c.number == schema.items.c.incident
        )
        numbers = [sql_rows.number_of(key) for key in item_keys]
        with self._database.reading() as connection:
            return {
                sql_rows.key_of(row.number): IncidentId(row.id)
                for part in sql_rows.parts(numbers)
                for row in connection.execute(query.where(schema.items.c.number.in_(part)))
            }

    def incidents(self, limit: int = 100, offset: int = 0) -> list[Incident]:
        """See ``Store.incidents``."""
        query = select(schema.incidents.c.number).where(schema.incidents.c.merged_into.is_(None))
        newest = query.order_by(schema.incidents.c.number.desc()).limit(limit).offset(offset)
        with self._database.reading() as connection:
            numbers = list(connection.scalars(newest))
            found = sql_rows.incidents_of(connection, numbers)
        return [found[number] for number in numbers]

    # --- Drafts ---

    def save_draft(self, draft: Draft) -> Draft:
        """See ``Store.save_draft``."""
        with self._database.writing() as connection:
            number = sql_rows.exact_number(connection, draft.incident_id)
            highest = connection.scalar(
                select(func.max(schema.drafts.c.revision)).where(schema.drafts.c.incident == number)
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
            connection.execute(insert(schema.drafts).values(row))
            sql_tallies.keep(connection, number, saved.revision, tallies.of(saved))
        return saved

    def newest_draft(self, incident_id: str) -> Draft | None:
        """See ``Store.newest_draft``."""
        with self._database.reading() as connection:
            number = sql_rows.resolved_number(connection, incident_id)
            query = select(schema.drafts.c.body).where(schema.drafts.c.incident == number)
            body = connection.scalar(query.order_by(schema.drafts.c.revision.desc()).limit(1))
        return None if body is None else sql_rows.draft_of(body, incident_id)

    def draft(self, incident_id: str, revision: int) -> Draft:
        """See ``Store.draft``."""
        with self._database.reading() as connection:
            number = sql_rows.exact_number(connection, incident_id)
            query = select(schema.drafts.c.body).where(schema.drafts.c.incident == number)
            body = connection.scalar(query.where(schema.drafts.c.revision == revision))
        if body is None:
            raise NotFoundError(
                f"Incident {incident_id} has no draft of revision {revision}.", field="revision"
            )
        return sql_rows.draft_of(body, incident_id)

    def drafts(self, incident_id: str, after: int = 0, limit: int | None = None) -> list[Draft]:
        """See ``Store.drafts``."""
        drafts = schema.drafts.c
        with self._database.reading() as connection:
            number = sql_rows.exact_number(connection, incident_id)
            wanted = (drafts.incident == number) & (drafts.revision > after)
            query = select(drafts.body).where(wanted).order_by(drafts.revision).limit(limit)
            bodies = list(connection.scalars(query))
        return [sql_rows.draft_of(body, incident_id) for body in bodies]

    def revisions(self, incident_id: str) -> list[Revision]:
        """See ``Store.revisions``."""
        drafts = schema.drafts.c
        said = [
            func.json_extract(drafts.body, f"$.{name}").label(name)
            for name in ("made_by", "change")
        ]
        with self._database.reading() as connection:
            number = sql_rows.exact_number(connection, incident_id)
            query = select(drafts.revision, drafts.created_at, drafts.drafter, *said)
            rows = connection.execute(
                query.where(drafts.incident == number).order_by(drafts.revision)
            )
            return [Revision.model_validate(dict(row._mapping)) for row in rows]
