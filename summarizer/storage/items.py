"""Source items and their passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    bindparam,
    func,
    insert,
    select,
    update,
)

from summarizer.domain.items import (
    DedupKeys,
    ItemKey,
    NewItem,
    Passage,
    PassageId,
    SourceItem,
    key_of,
    number_of,
)
from summarizer.errors import NotFoundError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.full_text import add_words
from summarizer.storage.locks import ITEMS, LOG
from summarizer.storage.rows import insert_all, parts
from summarizer.storage.standings import mark

T = TypeVar("T")

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
_SET_ORIGIN = (
    update(tables.items)
    .where(tables.items.c.number == bindparam("item"))
    .values(origin=bindparam("copied"))
)
_ADD_ITEM = insert(tables.items).returning(tables.items.c.number)


class Items:
    """Items with their passages, and the keys by which they are found again."""

    _database: Database

    def add_item(
        self,
        item: NewItem,
        *,
        dedup_keys: DedupKeys,
        ingested_at: datetime,
        split: Callable[[ItemKey, str], Sequence[Passage]],
    ) -> SourceItem:
        """Store an item under a new key together with its passages, without an incident.

        It is its own origin; ``split`` makes its passages.
        """
        fields = item.model_dump()
        label = fields.pop("incident")
        with self._database.writing(ITEMS) as connection:
            row = {
                **fields,
                "label": label,
                "ingested_at": ingested_at,
                "url_key": dedup_keys.url,
                "text_key": dedup_keys.text,
            }
            number = connection.execute(_ADD_ITEM, row).scalar_one()
            key = key_of(number)
            spans = [
                {"item": number, "n": p.n, "start": p.start, "end": p.end}
                for p in split(key, item.text)
            ]
            insert_all(connection, tables.passages, spans)
            add_words(connection, number, item)
            insert_all(
                connection, tables.bands, [{"band": b, "item": number} for b in dedup_keys.bands]
            )
        return SourceItem(**item.model_dump(), key=key, origin=key, ingested_at=ingested_at)

    def set_origins(self, origins: Mapping[ItemKey, ItemKey]) -> None:
        """Set the origin of stored items; an item that is no copy is its own."""
        rows = [
            {"item": number_of(key), "copied": None if key == origin else number_of(origin)}
            for key, origin in origins.items()
        ]
        with self._database.writing() as connection:
            connection.execute(_SET_ORIGIN, rows)
            here = tables.items.c.number.in_([row["item"] for row in rows])
            incidents = connection.scalars(select(tables.items.c.incident).where(here).distinct())
            if changed := {number for number in incidents if number is not None}:
                with self._database.writing(LOG):
                    mark(connection, changed, items=True)

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
        numbers = [number_of(key) for key in keys]
        with self._database.reading() as connection:
            found = {
                row.number: item_of(row)
                for part in parts(numbers)
                for row in connection.execute(
                    select(tables.items).where(tables.items.c.number.in_(part))
                )
            }
        return [_known(found, number) for number in numbers]

    def items_without_incident(self, limit: int = 1_000) -> list[SourceItem]:
        """Items that belong to no incident yet, oldest key first."""
        found = select(tables.items).where(tables.items.c.incident.is_(None))
        return self._items(found.order_by(tables.items.c.number).limit(limit))

    def arrived_after(self, incident_id: str, at: datetime) -> datetime | None:
        """First arrival after a time of an item that is now in exactly that incident."""
        items = tables.items.c
        query = (
            select(func.min(items.ingested_at))
            .join(tables.incidents, tables.incidents.c.number == items.incident)
            .where(tables.incidents.c.id == incident_id, items.ingested_at > at)
        )
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def passages(self, item_keys: Sequence[ItemKey]) -> list[Passage]:
        """All passages of those items, by item in that order, then by position."""
        numbers = [number_of(key) for key in item_keys]
        with self._database.reading() as connection:
            found = passages_of(connection, numbers)
        return [passage for number in numbers for passage in _known(found, number)]

    def passages_by_id(self, ids: Sequence[PassageId]) -> list[Passage]:
        """The passages with those ids, in that order; unknown ids are left out."""
        owners = {int(m[1]) for m in map(_PASSAGE_ID.fullmatch, ids) if m}
        with self._database.reading() as connection:
            by_item = passages_of(connection, sorted(owners))
        found = {passage.id: passage for group in by_item.values() for passage in group}
        return [found[id_] for id_ in ids if id_ in found]

    def passage_counts(self, numbers: Sequence[int]) -> dict[int, int]:
        """Number of passages of each of the items, by item number; unknown items are left out."""
        found: dict[int, int] = {}
        for part in parts(numbers):
            found |= self._counted(tables.items.c.number.in_(part))
        return found

    def passage_counts_after(self, number: int, limit: int) -> dict[int, int]:
        """Number of passages of the next items after a number, in ascending order."""
        items = select(tables.items.c.number).where(tables.items.c.number > number)
        first = items.order_by(tables.items.c.number).limit(limit)
        return self._counted(tables.items.c.number.in_(first))

    def _counted(self, which: ColumnElement[bool]) -> dict[int, int]:
        number = tables.items.c.number
        query = (
            select(number, func.count(tables.passages.c.n).label("passages"))
            .outerjoin(tables.passages, tables.passages.c.item == number)
            .where(which)
            .group_by(number)
            .order_by(number)
        )
        with self._database.reading() as connection:
            return {row.number: row.passages for row in connection.execute(query)}

    def _items(self, query: Select[Any], **values: object) -> list[SourceItem]:
        with self._database.reading() as connection:
            return [item_of(row) for row in connection.execute(query, values)]


def item_of(row: Row[Any]) -> SourceItem:
    """A row of ``items`` as the model."""
    fields = {name: getattr(row, name) for name in NewItem.model_fields if name != "incident"}
    key = key_of(row.number)
    return SourceItem(
        **fields,
        incident=row.label,
        key=key,
        origin=key if row.origin is None else key_of(row.origin),
        ingested_at=row.ingested_at,
    )


def passages_of(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Passage]]:
    """Passages by item; unknown items are absent, blank ones have none."""
    found: dict[int, list[Passage]] = {}
    texts: dict[int, str] = {}
    for part in parts(numbers):
        query = select(tables.items.c.number, tables.items.c.text).where(
            tables.items.c.number.in_(part)
        )
        texts.update((row.number, row.text) for row in connection.execute(query))
        found.update((number, []) for number in texts if number not in found)
        spans = select(tables.passages).where(tables.passages.c.item.in_(part))
        for row in connection.execute(spans.order_by(tables.passages.c.item, tables.passages.c.n)):
            found[row.item].append(passage_of(row, texts[row.item]))
    return found


def passage_of(row: Row[Any], text: str) -> Passage:
    """A row of ``passages`` as the model, from the text of its item."""
    return Passage(
        item_key=key_of(row.item),
        n=row.n,
        start=row.start,
        end=row.end,
        text=text[row.start : row.end],
    )


def _known(found: dict[int, T], number: int) -> T:
    """The value of an item's number; raises ``NotFoundError`` without one."""
    if number not in found:
        raise NotFoundError(f"No item has the key {key_of(number)}.", field="items")
    return found[number]
