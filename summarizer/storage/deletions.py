"""Deletions and the marks of deleted items, in the database of the store.

A mark holds no word of its item: its number, and hashes by which the same row is known again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, exists, insert, select, update

from summarizer.domain.deletions import Deletion, Refused
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import DedupKeys, ItemKey, key_of, number_of
from summarizer.errors import ConflictError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.locks import ERASURE
from summarizer.storage.rows import insert_all, parts

_ALL, _MARKS = tables.deletions.c, tables.deleted_items.c
_ROWS = select(tables.deletions, tables.incidents.c.id.label("incident_id")).outerjoin(
    tables.incidents, tables.incidents.c.number == _ALL.incident
)


class Unindexed(NamedTuple):
    """A deleted item whose vectors may be in the index still.

    Args:
        passages: their number; the ids are those from 0 up to it.
    """

    item: int
    passages: int


class Deletions:
    """Deletions in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def request(
        self, keys: Sequence[ItemKey], by: str, why: str, at: datetime, incident: int | None = None
    ) -> int:
        """Store that items, or an incident with its items, are to go; returns the number.

        From then on it will be done, whatever happens to this process.  Items of another deletion
        are left to that.
        """
        with self._database.writing(ERASURE) as connection:
            asked = {"at": at, "by": by, "why": why, "incident": incident}
            added = insert(tables.deletions).values(asked).returning(_ALL.number)
            number: int = connection.execute(added).scalar_one()
            numbers = list(dict.fromkeys(map(number_of, keys)))
            known = _marked(connection, numbers)
            rows = [
                {"item": item, "deletion": number, "passages": 0}
                for item in numbers
                if item not in known
            ]
            insert_all(connection, tables.deleted_items, rows)
        return number

    def unfinished(self) -> list[Deletion]:
        """Deletions that are not done, oldest first."""
        return self._found(_ROWS.where(_ALL.finished_at.is_(None)).order_by(_ALL.number))

    def all(self) -> list[Deletion]:
        """All deletions, oldest first."""
        return self._found(_ROWS.order_by(_ALL.number))

    def is_due(self) -> bool:
        """Whether a deletion is not done."""
        query = select(_ALL.number).where(_ALL.finished_at.is_(None)).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(query) is not None

    def left(self, deletion: int) -> list[ItemKey]:
        """Items of a deletion that are still in the database."""
        query = select(_MARKS.item).where(_MARKS.deletion == deletion, _MARKS.erased_at.is_(None))
        with self._database.reading() as connection:
            return [key_of(number) for number in connection.scalars(query.order_by(_MARKS.item))]

    def unindexed(self, limit: int) -> list[Unindexed]:
        """Erased items whose vectors were not removed yet."""
        query = select(_MARKS.item, _MARKS.passages).where(
            _MARKS.unindexed_at.is_(None), _MARKS.erased_at.is_not(None)
        )
        with self._database.reading() as connection:
            return [
                Unindexed(*row)
                for row in connection.execute(query.order_by(_MARKS.item).limit(limit))
            ]

    def note_unindexed(self, items: Sequence[int], at: datetime) -> None:
        """Store that the index lacks the vectors of items."""
        with self._database.writing() as connection:
            for part in parts(items):
                here = update(tables.deleted_items).where(_MARKS.item.in_(part))
                connection.execute(here.values(unindexed_at=at))

    def finish(self, at: datetime) -> None:
        """Store which deletions are done: those of whose items nothing is left."""
        left = exists().where(_MARKS.deletion == _ALL.number, _MARKS.unindexed_at.is_(None))
        lasting = exists().where(
            tables.incidents.c.number == _ALL.incident, tables.incidents.c.deleted_at.is_(None)
        )
        done = update(tables.deletions).where(_ALL.finished_at.is_(None), ~left, ~lasting)
        with self._database.writing() as connection:
            connection.execute(done.values(finished_at=at))

    def of(self, key: ItemKey) -> Deletion | None:
        """The deletion of an item, ``None`` if it was not deleted."""
        query = _ROWS.join(tables.deleted_items, _MARKS.deletion == _ALL.number)
        return next(iter(self._found(query.where(_MARKS.item == number_of(key)))), None)

    def refusals(self, batch: Sequence[DedupKeys]) -> dict[DedupKeys, Refused]:
        """Why rows with these keys are not taken, without those that may be."""
        texts = {keys: hashed(keys.text) for keys in batch}
        urls = {keys: hashed(keys.url) for keys in batch if keys.url is not None}
        columns = (_MARKS.item, _ALL.at, _MARKS.text_hash, _MARKS.url_hash)
        query = select(*columns).join(tables.deletions, _MARKS.deletion == _ALL.number)
        by_hash: dict[str, Refused] = {}
        with self._database.reading() as connection:
            for column, wanted in ((_MARKS.text_hash, texts), (_MARKS.url_hash, urls)):
                for part in parts(sorted(set(wanted.values()))):
                    for row in connection.execute(query.where(column.in_(part))):
                        refused = Refused(key=key_of(row.item), at=row.at)
                        by_hash |= {h: refused for h in (row.text_hash, row.url_hash) if h}
        found = {
            keys: by_hash.get(texts[keys]) or by_hash.get(urls.get(keys, "")) for keys in batch
        }
        return {keys: refused for keys, refused in found.items() if refused is not None}

    def refuses_address(self, url: str) -> bool:
        """Whether an item of a normalised URL was deleted and is not taken again."""
        query = select(_MARKS.item).where(_MARKS.url_hash == hashed(url)).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(query) is not None

    def allow(self, key: ItemKey) -> None:
        """Take rows that equal a deleted item again."""
        with self._database.writing() as connection:
            here = update(tables.deleted_items).where(_MARKS.item == number_of(key))
            connection.execute(here.values(url_hash=None, text_hash=None))

    def _found(self, query: Select[Any]) -> list[Deletion]:
        with self._database.reading() as connection:
            return [_deletion(row) for row in connection.execute(query)]


def hashed(text: str) -> str:
    """A hash by which an address or a key of a text is known again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def refuse_deleted(connection: Connection, keys: Sequence[ItemKey]) -> None:
    """Refuse to store what rests on deleted items; within a transaction that holds ``STORING``.

    Raises:
        ConflictError: one of the items was deleted.
    """
    if gone := _marked(connection, [number_of(key) for key in keys]):
        named = ", ".join(key_of(number) for number in sorted(gone))
        raise ConflictError(
            f"{named} was deleted meanwhile, so this was not stored. Read the incident again, and "
            "draft it anew."
        )


def _marked(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Those of the items that go or have gone."""
    return {
        number
        for part in parts(numbers)
        for number in connection.scalars(select(_MARKS.item).where(_MARKS.item.in_(part)))
    }


def _deletion(row: Row[Any]) -> Deletion:
    fields = dict(row._mapping)
    id_ = fields.pop("incident_id")
    return Deletion.model_validate(fields | {"incident": None if id_ is None else IncidentId(id_)})
