"""Source items and their passages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
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
from summarizer.storage.dialects import among
from summarizer.storage.full_text import add_words, words_of
from summarizer.storage.locks import ITEMS, LOG
from summarizer.storage.memberships import members, showing
from summarizer.storage.rows import insert_tuples, parts
from summarizer.storage.standings import mark

T = TypeVar("T")

_PASSAGE_ID = re.compile(r"a([1-9][0-9]{0,17})\.([1-9][0-9]{0,8})")

MOST_OF_A_BAND = 200
"""Items of one band that are looked at, the newest: a band of more is a phrase that many share."""

# Built once: these run for every batch of items, and building one costs more than running it.
_SET_ORIGIN = (
    update(tables.items)
    .where(tables.items.c.number == bindparam("item"))
    .values(origin=bindparam("copied"))
)
_OTHERS = tables.bands.alias()
_OLDEST_LOOKED_AT = func.coalesce(
    select(_OTHERS.c.item)
    .where(_OTHERS.c.band == tables.bands.c.band)
    .order_by(_OTHERS.c.item.desc())
    .offset(MOST_OF_A_BAND - 1)
    .limit(1)
    .correlate(tables.bands)
    .scalar_subquery(),
    0,
)
_ADD_ITEMS = insert(tables.items).returning(tables.items.c.number, sort_by_parameter_order=True)


class PreparedItem(NamedTuple):
    """A new item with all that is stored along with it, computed before any lock is taken.

    Args:
        item: the item.
        dedup_keys: by which it is found again.
        passages: of its text; their item keys mean nothing.
        words: for the full-text index, where the database does not read them itself.
    """

    item: NewItem
    dedup_keys: DedupKeys
    passages: Sequence[Passage]
    words: str | None


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
        """Store one item, as ``add_items``; ``split`` makes its passages."""
        prepared = self.prepared(item, dedup_keys, split(ItemKey(""), item.text))
        (key,) = self.add_items([prepared], ingested_at)
        return SourceItem(**item.model_dump(), key=key, origin=key, ingested_at=ingested_at)

    def prepared(
        self, item: NewItem, dedup_keys: DedupKeys, passages: Sequence[Passage]
    ) -> PreparedItem:
        """An item as ``add_items`` stores it."""
        return PreparedItem(item, dedup_keys, passages, words_of(self._database, item))

    def add_items(self, items: Sequence[PreparedItem], ingested_at: datetime) -> list[ItemKey]:
        """Store items under new keys, each as its own origin and without an incident."""
        if not items:
            return []
        rows = [_row(prepared, ingested_at) for prepared in items]
        with self._database.writing(ITEMS) as connection:
            numbers = list(connection.scalars(_ADD_ITEMS, rows))
            added = list(zip(numbers, items, strict=True))
            spans = [(n, p.n, p.start, p.end) for n, new in added for p in new.passages]
            insert_tuples(connection, tables.passages, ("item", "n", "start", "end"), spans)
            # In their order, in which the pages of the table are changed one after the other.
            bands = sorted((band, n) for n, new in added for band in new.dedup_keys.bands)
            insert_tuples(connection, tables.bands, ("band", "item"), bands)
            add_words(connection, [(n, new.words) for n, new in added if new.words is not None])
        return [key_of(number) for number in numbers]

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
            also = showing(connection, list(map(number_of, origins)))
            if changed := {number for number in incidents if number is not None} | also:
                with self._database.writing(LOG):
                    mark(connection, changed, items=True)

    def items_by_urls(self, urls: Collection[str]) -> dict[str, list[SourceItem]]:
        """Items by their normalised URL, oldest key first; a URL without one is left out."""
        return self._grouped(tables.items.c.url_key, urls)

    def items_by_texts(self, text_keys: Collection[str]) -> dict[str, list[SourceItem]]:
        """Items by the hash of their text, oldest key first; a hash without one is left out."""
        return self._grouped(tables.items.c.text_key, text_keys)

    def items_of_bands(self, bands: Collection[int]) -> dict[int, list[int]]:
        """Numbers of the newest ``MOST_OF_A_BAND`` items of each band, oldest first."""
        if not bands:
            return {}
        band, item = tables.bands.c.band, tables.bands.c.item
        query = select(band, item).order_by(band, item)
        most = len(bands) * MOST_OF_A_BAND
        found: dict[int, list[int]] = defaultdict(list)
        with self._database.reading() as connection:
            here = query.where(among(connection, band, bands))
            rows = connection.execute(here.limit(most + 1)).all()
            if len(rows) > most:  # some are full: they are not read through
                rows = connection.execute(here.where(item >= _OLDEST_LOOKED_AT)).all()
        for row in rows:
            found[row.band].append(row.item)
        return {number: items[-MOST_OF_A_BAND:] for number, items in found.items()}

    def sent_as(self, source_id: str, limit: int) -> list[SourceItem]:
        """The newest items with a sender's id, oldest first."""
        found = select(tables.items).where(tables.items.c.source_id == source_id)
        return self._items(found.order_by(tables.items.c.number.desc()).limit(limit))[::-1]

    def newest_number(self) -> int:
        """Number of the newest item, 0 without one."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.max(tables.items.c.number))) or 0

    def any_newer(
        self, number: int, urls: Collection[str], text_keys: Collection[str], bands: Collection[int]
    ) -> bool:
        """Whether an item after that number has one of those URLs, hashes of a text or bands."""
        items, band = tables.items.c, tables.bands.c
        asked = (
            (items.number, items.url_key, urls),
            (items.number, items.text_key, text_keys),
            (band.item, band.band, bands),
        )
        with self._database.reading() as connection:
            return any(
                connection.scalar(
                    select(item).where(item > number, among(connection, column, values)).limit(1)
                )
                for item, column, values in asked
                if values
            )

    def origins(self, keys: Collection[ItemKey]) -> dict[ItemKey, ItemKey]:
        """Origins of those items; a key that no item has is left out."""
        items = tables.items.c
        with self._database.reading() as connection:
            here = among(connection, items.number, [number_of(key) for key in keys])
            found = connection.execute(select(items.number, items.origin).where(here))
            return {key_of(row.number): key_of(row.origin or row.number) for row in found}

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

    def assigned_after(self, number: int, limit: int) -> list[ItemKey]:
        """Next items after a number that are in an incident, in ascending order."""
        items = tables.items.c
        query = select(items.number).where(items.number > number, items.incident.is_not(None))
        with self._database.reading() as connection:
            found = connection.scalars(query.order_by(items.number).limit(limit))
            return [key_of(number) for number in found]

    def settled_upto(self) -> int:
        """Number up to which every item is in an incident."""
        number, none = tables.items.c.number, tables.items.c.incident.is_(None)
        with self._database.reading() as connection:
            waits = connection.scalar(select(number).where(none).order_by(number).limit(1))
            if waits is not None:
                return int(waits) - 1
            return connection.scalar(select(func.max(number))) or 0

    def count_items(self) -> int:
        """Number of all items; reads an index from end to end."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(tables.items)) or 0

    def arrived_after(self, incident_id: str, at: datetime) -> datetime | None:
        """First arrival after a time of an item that is now in exactly that incident; one that it
        only shows as well arrived when an editor put it there."""
        number = select(tables.incidents.c.number).where(tables.incidents.c.id == incident_id)
        inside = members(number).subquery().c
        query = select(func.min(inside.at)).where(inside.at > at)
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

    def _grouped(self, column: Column[Any], values: Collection[str]) -> dict[str, list[SourceItem]]:
        """Items by the value of a column, of these values, oldest key first."""
        if not values:
            return {}
        found: dict[str, list[SourceItem]] = defaultdict(list)
        with self._database.reading() as connection:
            query = select(tables.items).where(among(connection, column, values))
            for row in connection.execute(query.order_by(tables.items.c.number)):
                found[getattr(row, column.name)].append(item_of(row))
        return dict(found)

    def _items(self, query: Select[Any], **values: object) -> list[SourceItem]:
        with self._database.reading() as connection:
            return [item_of(row) for row in connection.execute(query, values)]


def _row(prepared: PreparedItem, ingested_at: datetime) -> dict[str, Any]:
    """A new item as a row of ``items``."""
    fields = prepared.item.model_dump()
    label = fields.pop("incident")
    return {
        **fields,
        "label": label,
        "ingested_at": ingested_at,
        "url_key": prepared.dedup_keys.url,
        "text_key": prepared.dedup_keys.text,
    }


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
