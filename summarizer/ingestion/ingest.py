"""Ingestion of rows: recognises duplicates and copies, and stores new items.

Duplicates are looked up under the lock of the items, so that two processes that ingest one file
store each item once.  Slow work comes before the lock: parsing, splitting into passages, comparing
with candidate originals.  A row reported as accepted is on disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.domain.items import DedupKeys, ItemKey, NewItem, Passage, SourceItem
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.ingestion import origins
from summarizer.ingestion.parse import Row
from summarizer.ingestion.passages import split
from summarizer.ingestion.validate import HtmlToText, Rejected, ValidRow, normalised_url, parse_row
from summarizer.ports.clock import Clock
from summarizer.storage.locks import ITEMS
from summarizer.storage.store import Store
from summarizer.text import near_duplicates
from summarizer.text.text_key import text_key

BATCH_ROWS = 100
BATCH_CHARACTERS = 2_000_000
"""Size at which a batch is committed, by either limit: one fsync serves many rows, and no writer
holds the lock for long."""

_AHEAD = dt.timedelta(days=1)
"""Time into the future from which a publication time is not believed; clocks and time zones of
publishers are off by less."""


class Accepted(Model):
    """A stored row.

    Args:
        copy_of: key of the item that it is a copy of, ``None`` when it is no copy.
        notes: what could not be read and was left out, for an editor to look at.
    """

    line: int
    key: ItemKey
    copy_of: ItemKey | None = None
    notes: tuple[str, ...] = ()


class Duplicate(Model):
    """A row that was not stored, because it equals the item with that key."""

    line: int
    key: ItemKey


Outcome = Accepted | Duplicate | Rejected


class IngestReport(Model):
    """Outcomes of all rows by kind, each in the order of the file."""

    accepted: tuple[Accepted, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    rejected: tuple[Rejected, ...] = ()

    @property
    def copies(self) -> tuple[Accepted, ...]:
        """Accepted rows that are copies of another item."""
        return tuple(row for row in self.accepted if row.copy_of is not None)

    @property
    def keys(self) -> tuple[ItemKey, ...]:
        """Keys of the accepted items."""
        return tuple(row.key for row in self.accepted)


def report(outcomes: Iterable[Outcome]) -> IngestReport:
    """Collect outcomes into a report; runs the ingestion that yields them to its end."""
    found = list(outcomes)
    return IngestReport(
        accepted=tuple(row for row in found if isinstance(row, Accepted)),
        duplicates=tuple(row for row in found if isinstance(row, Duplicate)),
        rejected=tuple(row for row in found if isinstance(row, Rejected)),
    )


def ingest(
    rows: Iterable[Row | Rejected], store: Store, clock: Clock, html_to_text: HtmlToText
) -> Iterator[Outcome]:
    """Store rows in batches, and yield the outcome of each in order, once it is on disk.

    Rows are stored only as the outcomes are consumed.  A killed run can be repeated: rows stored
    before are recognised as duplicates.

    Raises:
        InputError: from ``rows``; earlier rows are stored.
        StorageError: the current batch was not stored; reported rows were.
    """
    parsed = (_parsed(row, html_to_text, clock.now()) for row in rows)
    for batch in filter(None, _batches(parsed)):
        yield from _stored(batch, store, clock.now())


def _dedup_keys(item: NewItem) -> DedupKeys:
    return DedupKeys(
        url=None if item.url is None else normalised_url(item.url),
        text=text_key(item.text),
        bands=near_duplicates.bands(near_duplicates.shingles(item.text)),
    )


@dataclass(frozen=True)
class _Parsed:
    """A valid row.

    Args:
        notes: what was left out.
        passages: passages of its text, without an item key.
    """

    line: int
    item: NewItem
    notes: tuple[str, ...]
    dedup_keys: DedupKeys
    passages: Sequence[Passage]


def _parsed(row: Row | Rejected, html_to_text: HtmlToText, now: dt.datetime) -> _Parsed | Rejected:
    if isinstance(row, Rejected):
        return row
    valid = parse_row(row.value, line=row.line, html_to_text=html_to_text)
    if isinstance(valid, Rejected):
        return valid
    item, notes = _without_future(valid, now)
    return _Parsed(row.line, item, notes, _dedup_keys(item), split(ItemKey(""), item.text))


def _without_future(row: ValidRow, now: dt.datetime) -> tuple[NewItem, tuple[str, ...]]:
    """The item and its notes; a time of publication that is still to come is left out."""
    at = row.item.published_at
    if at is None or at <= now + _AHEAD:
        return row.item, row.notes
    note = (
        f"published_at: {at:%Y-%m-%d %H:%M} UTC lies in the future; the item was taken without it"
    )
    return row.item.model_copy(update={"published_at": None}), (*row.notes, note)


def _batches(rows: Iterable[_Parsed | Rejected]) -> Iterator[list[_Parsed | Rejected]]:
    batch: list[_Parsed | Rejected] = []
    characters = 0
    try:
        for row in rows:
            batch.append(row)
            characters += len(row.item.text) if isinstance(row, _Parsed) else 0
            if len(batch) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
    except InputError:
        # Rows before the unreadable place of a file are good.
        yield batch
        raise
    yield batch


def _stored(batch: list[_Parsed | Rejected], store: Store, now: dt.datetime) -> list[Outcome]:
    parsed = [row for row in batch if isinstance(row, _Parsed)]
    with store.snapshot():  # one transaction, not one for every row
        for row in parsed:
            _compare(row, store)

    def placed() -> list[Outcome]:
        with store.transaction(ITEMS):
            return [row if isinstance(row, Rejected) else _place(row, store, now) for row in batch]

    return store.repeated(placed)


def _compare(row: _Parsed, store: Store) -> None:
    """Read the texts that share a band with a row's, before the lock is taken."""
    for other in store.items_by_bands(row.dedup_keys.bands) if row.dedup_keys.bands else ():
        near_duplicates.copied(row.item.text, other.text)


def _place(row: _Parsed, store: Store, now: dt.datetime) -> Accepted | Duplicate:
    """Store one item, unless it is a duplicate."""
    keys = row.dedup_keys
    same_url = [] if keys.url is None else store.items_by_url(keys.url)
    same_text = store.items_by_text(keys.text)
    known = {item.key for item in same_url}
    for item in same_text:
        if item.key in known or _is_same_posting(row.item, item):
            return Duplicate(line=row.line, key=item.key)
    stored = store.add_item(
        row.item,
        # A text near an exact copy is also near its original, whose bands are stored already.
        dedup_keys=keys.model_copy(update={"bands": ()}) if same_text else keys,
        ingested_at=now,
        split=lambda _key, _text: row.passages,
    )
    found = origins.decide(stored, (*same_url, *same_text), keys.bands, store)
    if found != {stored.key: stored.key}:
        store.set_origins(found)
    copy_of = None if found[stored.key] == stored.key else found[stored.key]
    return Accepted(line=row.line, key=stored.key, copy_of=copy_of, notes=row.notes)


def _is_same_posting(item: NewItem, other: SourceItem) -> bool:
    """Whether two items of the same text are one posting: not at two URLs, and of the same outlet,
    or without one of the same platform, author and id."""
    if item.url is not None and other.url is not None:
        return False
    if item.outlet is not None or other.outlet is not None:
        return (item.outlet or "").casefold() == (other.outlet or "").casefold()
    ids = {item.source_id, other.source_id} - {None}
    return len(ids) < 2 and (item.platform, item.author) == (other.platform, other.author)
