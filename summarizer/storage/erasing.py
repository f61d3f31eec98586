"""Takes deleted items and incidents out of every table; within a transaction of the caller."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    case,
    cast,
    delete,
    func,
    or_,
    select,
    text,
    true,
    update,
)

from summarizer.domain.drafts import Draft
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import JobStatus
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.deletions import hashed
from summarizer.storage.dialects import is_postgresql
from summarizer.storage.incidents import exact_number
from summarizer.storage.memberships import homes_of_guests, showing, shows
from summarizer.storage.rows import parts
from summarizer.storage.standings import mark

CALLS = 50
"""Calls to models that are read at once: each holds whole texts."""

BARE = frozenset(
    {"items", "into", "from", "shown_by", "deletion", "why", "section", "drafter", "job"}
)
"""Names of fields of an event whose texts are no words of a source."""

_ITEMS, _INCIDENTS, _DRAFTS = tables.items.c, tables.incidents.c, tables.drafts.c
_EVENTS, _CALLS, _JOBS = tables.events.c, tables.llm_calls.c, tables.jobs.c
_OVER = [status.value for status in JobStatus if status.is_over]


class Erasing:
    """Removes rows and words from one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- Looking -----------------------------------------------------------------------------

    def drafts_with(self, numbers: Sequence[int]) -> list[tuple[IncidentId, int]]:
        """Revisions whose evidence has one of the items; reads every draft."""
        keys = [f"a{number}" for number in numbers]
        with self._database.reading() as connection:
            if is_postgresql(connection):
                body = cast(_DRAFTS.body, tables.events.c.detail.type)  # JSON
                each = func.json_array_elements(body["evidence"]["items"]).table_valued("value")
                key: ColumnElement[Any] = each.c.value.op("->>")("key")
            else:
                each = func.json_each(_DRAFTS.body, "$.evidence.items").table_valued("value")
                key = func.json_extract(each.c.value, "$.key")
            query = (
                select(_INCIDENTS.id, _DRAFTS.revision)
                .select_from(tables.drafts)
                .join(tables.incidents, _INCIDENTS.number == _DRAFTS.incident)
                .join(each, true())
                .where(key.in_(keys))
                .distinct()
                .order_by(_INCIDENTS.id, _DRAFTS.revision)
            )
            return [(IncidentId(row.id), row.revision) for row in connection.execute(query)]

    def calls_with(self, numbers: Sequence[int], after: int = 0) -> list[int]:
        """Calls to models after one that name passages of the items; reads every request."""
        named = re.compile(rf"(?<![0-9A-Za-z])a(?:{'|'.join(map(str, numbers))})\.[0-9]")
        texts = func.coalesce(_CALLS.request, ""), func.coalesce(_CALLS.response, "")
        found: list[int] = []
        with self._database.reading() as connection:
            while True:
                query = select(_CALLS.number, *texts).where(_CALLS.number > after)
                rows = connection.execute(query.order_by(_CALLS.number).limit(CALLS)).all()
                if not rows:
                    return found
                found += [row[0] for row in rows if named.search(row[1]) or named.search(row[2])]
                after = rows[-1].number

    def members(self, numbers: Sequence[int]) -> dict[int, int | None]:
        """Number of the incident of each of the items that are there."""
        query = select(_ITEMS.number, _ITEMS.incident)
        with self._database.reading() as connection:
            return {
                row.number: row.incident
                for part in parts(numbers)
                for row in connection.execute(query.where(_ITEMS.number.in_(part)))
            }

    def sent_by(self, name: str) -> list[int]:
        """Items whose outlet or author has exactly this name."""
        query = select(_ITEMS.number).where(or_(_ITEMS.outlet == name, _ITEMS.author == name))
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(_ITEMS.number)))

    def empty(self, ids: Iterable[str], *, guests: bool = True) -> list[IncidentId]:
        """Those of the incidents that have no item and are themselves no redirect.

        Args:
            ids: of the incidents.
            guests: whether items count that are at home elsewhere.
        """
        own = select(_ITEMS.number).where(_ITEMS.incident == _INCIDENTS.number).exists()
        holds = or_(own, shows(_INCIDENTS.number)) if guests else own
        lasting = _INCIDENTS.merged_into.is_(None) & _INCIDENTS.deleted_at.is_(None)
        query = select(_INCIDENTS.id).where(~holds, lasting).order_by(_INCIDENTS.number)
        with self._database.reading() as connection:
            return [
                IncidentId(id_)
                for part in parts(sorted(set(ids)))
                for id_ in connection.scalars(query.where(_INCIDENTS.id.in_(part)))
            ]

    # --- Words -------------------------------------------------------------------------------

    def put_draft(self, draft: Draft) -> None:
        """Store a revision in its own place."""
        with self._database.writing() as connection:
            number = exact_number(connection, draft.incident_id)
            here = (_DRAFTS.incident == number) & (_DRAFTS.revision == draft.revision)
            changed = {"body": draft.model_dump_json()}
            connection.execute(update(tables.drafts).where(here).values(changed))

    def clean_events(self, ids: Iterable[str], without: Callable[[Any], Any]) -> None:
        """Replace the details of the events of incidents, and of those merged into them."""
        with self._database.writing() as connection:
            query = select(_EVENTS.number, _EVENTS.detail).where(
                _EVENTS.incident.in_(self._group(ids))
            )
            for row in connection.execute(query).all():
                if (clean := without(row.detail)) != row.detail:
                    here = update(tables.events).where(_EVENTS.number == row.number)
                    connection.execute(here.values(detail=clean))

    def clean_jobs(self, ids: Iterable[str]) -> None:
        """Remove what drafts under way and former ones of incidents said, and begin those under way
        anew: they have read what goes."""
        steps = tables.job_events.c
        with self._database.writing() as connection:
            mine = _JOBS.incident.in_(self._group(ids))
            numbers = select(_JOBS.id).where(mine)
            connection.execute(
                update(tables.job_events)
                .where(steps.job.in_(numbers), steps.stage == "drafted")
                .values(body=None)
            )
            running = mine & (_JOBS.status == JobStatus.RUNNING.value)
            again = {"status": JobStatus.QUEUED.value, "holder": None, "started_at": None}
            connection.execute(update(tables.jobs).where(running).values(again))

    def clean_calls(self, numbers: Sequence[int]) -> None:
        """Remove requests and answers of calls; what they cost stays."""
        with self._database.writing() as connection:
            for part in parts(numbers):
                here = update(tables.llm_calls).where(_CALLS.number.in_(part))
                connection.execute(here.values(request="", response=None))

    def remove_forecasts(self, ids: Iterable[str], sentences: Sequence[str]) -> None:
        """Remove the forecasts of incidents that stood in these sentences."""
        rows = tables.forecasts.c
        with self._database.writing() as connection:
            for part in parts(list(sentences)):
                theirs = rows.incident.in_(self._group(ids)) & rows.text.in_(part)
                connection.execute(delete(tables.forecasts).where(theirs))

    def remove_fetches(self, urls: Sequence[str]) -> None:
        """Remove from the log of fetches how these addresses were fetched."""
        rows = tables.fetches.c
        with self._database.writing() as connection:
            for part in parts(list(urls)):
                theirs = or_(rows.url.in_(part), rows.final_url.in_(part))
                connection.execute(delete(tables.fetches).where(theirs))

    # --- Rows --------------------------------------------------------------------------------

    def remove_items(self, numbers: Sequence[int], at: datetime) -> None:
        """Remove items with all that hangs on them, and store what they are known by again."""
        with self._database.writing() as connection:
            for part in parts(numbers):
                here = _ITEMS.number.in_(part)
                for row in connection.execute(
                    select(
                        _ITEMS.number, _ITEMS.url_key, _ITEMS.text_key, _ITEMS.text, _ITEMS.incident
                    ).where(here)
                ).all():
                    counted = tables.passages.c.item == row.number
                    count = select(func.count()).select_from(tables.passages).where(counted)
                    known = {
                        "passages": connection.scalar(count) or 0,
                        "url_hash": None if row.url_key is None else hashed(row.url_key),
                        "text_hash": hashed(row.text_key) if row.text.strip() else None,
                    }
                    marks = update(tables.deleted_items)
                    connection.execute(
                        marks.where(tables.deleted_items.c.item == row.number).values(known)
                    )
                    if row.incident is not None:
                        mark(connection, [row.incident], items=True)
                mark(connection, showing(connection, part), items=True)
                tables_of_items = (
                    *(tables.passages, tables.bands, tables.assignments, tables.rulings),
                    *(tables.fingerprints, tables.also_in),
                )
                for table in tables_of_items:
                    connection.execute(delete(table).where(table.c.item.in_(part)))
                if is_postgresql(connection):
                    words = text("DELETE FROM item_texts WHERE item = ANY(:items)")
                    connection.execute(words, {"items": list(part)})
                connection.execute(delete(tables.items).where(here))
                erased = update(tables.deleted_items).where(tables.deleted_items.c.item.in_(part))
                connection.execute(erased.values(erased_at=at))
            # What clustering learned of all items has words of these: it is learned anew.
            for table in (tables.corpus, tables.word_counts, tables.postings):
                connection.execute(delete(table))
            self._set_index_marks_back(numbers)

    def copies(self, numbers: Sequence[int]) -> dict[int, list[int]]:
        """Copies of each of the items, by publication, without those among the items."""
        query = (
            select(_ITEMS.number, _ITEMS.origin)
            .where(_ITEMS.number.not_in(numbers))
            .order_by(_ITEMS.published_at.is_(None), _ITEMS.published_at, _ITEMS.number)
        )
        found: dict[int, list[int]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query.where(_ITEMS.origin.in_(numbers))):
                found.setdefault(row.origin, []).append(row.number)
        return found

    def remove_incident(self, incident_id: str, at: datetime) -> None:
        """Remove an incident without items, and those merged into it: all but its id, its place in
        the log and the numbers of its events."""
        with self._database.writing() as connection:
            group = self._group([incident_id])
            numbers = list(connection.scalars(group))
            self.clean_events([incident_id], _bare)
            of_jobs = select(_JOBS.id).where(_JOBS.incident.in_(numbers))
            steps = tables.job_events
            connection.execute(delete(steps).where(steps.c.job.in_(of_jobs)))
            ended = {
                "status": case(
                    (_JOBS.status.in_(_OVER), _JOBS.status), else_=JobStatus.CANCELLED.value
                ),
                "finished_at": func.coalesce(_JOBS.finished_at, at),
                **dict.fromkeys(("instruction", "error", "holder")),
            }
            mine = _JOBS.incident.in_(numbers)
            connection.execute(update(tables.jobs).where(mine).values(ended))
            mark(connection, {*numbers, *homes_of_guests(connection, numbers)})
            for table in (
                *(tables.also_in, tables.drafts, tables.forecasts, tables.holds),
                *(tables.last_seen, tables.presence, tables.reports, tables.rulings),
                tables.standings,
            ):
                connection.execute(delete(table).where(table.c.incident.in_(numbers)))
            gone = update(tables.incidents).where(_INCIDENTS.number.in_(numbers))
            connection.execute(gone.values(label=None, deleted_at=at))

    def _set_index_marks_back(self, numbers: Sequence[int]) -> None:
        """Let no mark of an index name an item that is gone: such an index would be compared in
        full at every start."""
        marks = tables.index_marks.c
        before = select(func.max(_ITEMS.number)).where(_ITEMS.number < marks.item)
        with self._database.writing() as connection:
            for part in parts(numbers):
                gone = marks.item.in_(part)
                last = cast(func.coalesce(before.scalar_subquery(), 0), Integer)
                connection.execute(update(tables.index_marks).where(gone).values(item=last))
            connection.execute(delete(tables.index_marks).where(marks.item == 0))

    def _group(self, ids: Iterable[str]) -> Any:
        """Numbers of incidents and of those merged into them."""
        named = select(_INCIDENTS.number).where(_INCIDENTS.id.in_(sorted(set(ids))))
        return select(_INCIDENTS.number).where(
            or_(_INCIDENTS.number.in_(named), _INCIDENTS.merged_into.in_(named))
        )


def _bare(value: Any, name: str = "") -> Any:
    """The detail of an event without its texts but keys of items and incidents."""
    if isinstance(value, str):
        return value if name in BARE else None
    if isinstance(value, dict):
        return {key: _bare(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [one for one in (_bare(one, name) for one in value) if one is not None]
    return value
