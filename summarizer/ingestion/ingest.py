"""The stage that takes items in: recognises what is there already, stores the rest.

Whether a row is new is asked under the store's write lock, so that two processes that take in the
same file at once store each item once.  What takes time is done before: reading a row, cutting it
into passages, comparing it with the texts that it may be a copy of.  What is reported as accepted
is on disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from summarizer.domain.items import DedupKeys, ItemKey, NewItem, Passage, SourceItem
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.ingestion.parse import Row
from summarizer.ingestion.passages import split
from summarizer.ingestion.validate import HtmlToText, Rejected, normalised_url, parse_row
from summarizer.ports.clock import Clock
from summarizer.storage.store import Store
from summarizer.text import near_duplicates
from summarizer.text.near_duplicates import Shingles

BATCH_ROWS = 100
BATCH_CHARACTERS = 2_000_000
"""A batch is committed at whichever comes first: one fsync serves many rows, and no writer holds
the lock for long."""

_AHEAD = dt.timedelta(days=1)
"""Clocks and zones of publishers err by less; a later time of publication deserves a note."""


class Accepted(Model):
    """A row that was stored.

    Args:
        copy_of: key of the first item that it is a copy of, ``None`` when it is no copy.
        notes: what an editor may want to look at, though nothing is wrong.
    """

    line: int
    key: ItemKey
    copy_of: ItemKey | None = None
    notes: tuple[str, ...] = ()


class Duplicate(Model):
    """A row that was not stored, because the item with that key is the same."""

    line: int
    key: ItemKey


Outcome = Accepted | Duplicate | Rejected


class IngestReport(Model):
    """What became of every row, each kind in the order of the file."""

    accepted: tuple[Accepted, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    rejected: tuple[Rejected, ...] = ()

    @property
    def copies(self) -> tuple[Accepted, ...]:
        """Those of the accepted that are copies of another item."""
        return tuple(row for row in self.accepted if row.copy_of is not None)

    @property
    def keys(self) -> tuple[ItemKey, ...]:
        """Keys of the accepted items."""
        return tuple(row.key for row in self.accepted)


def report(outcomes: Iterable[Outcome]) -> IngestReport:
    """Gather outcomes, running the ingest that yields them to its end."""
    found = list(outcomes)
    return IngestReport(
        accepted=tuple(row for row in found if isinstance(row, Accepted)),
        duplicates=tuple(row for row in found if isinstance(row, Duplicate)),
        rejected=tuple(row for row in found if isinstance(row, Rejected)),
    )


def ingest(
    rows: Iterable[Row | Rejected], store: Store, clock: Clock, html_to_text: HtmlToText
) -> Iterator[Outcome]:
    """Store rows in batches and yield what became of each, in order, once it is on disk.

    Rows are stored only as the outcomes are consumed.  A run that is killed can be repeated: what
    it stored is recognised as duplicates.

    Raises:
        InputError: from ``rows``, after those that came before were stored.
        StorageError: the batch under way was not stored; those reported were.
    """
    parsed = (_parsed(row, html_to_text) for row in rows)
    for batch in filter(None, _batches(parsed)):
        yield from _stored(batch, store, clock.now())


def marks_of(item: NewItem) -> DedupKeys:
    """Keys by which the item will be recognised."""
    return _marks(item, near_duplicates.shingles(item.text))


def _marks(item: NewItem, shingles: Shingles) -> DedupKeys:
    return DedupKeys(
        url=None if item.url is None else normalised_url(item.url),
        text=near_duplicates.text_key(item.text),
        bands=near_duplicates.bands(shingles),
    )


@dataclass(frozen=True)
class _Parsed:
    """A valid row.

    Args:
        passages: of its text, without the key of an item.
        copies: whether it is a copy of a text, by the texts that it was compared with.
    """

    line: int
    item: NewItem
    shingles: Shingles
    marks: DedupKeys
    passages: Sequence[Passage]
    copies: dict[str, bool] = field(default_factory=dict)

    def is_copy_of(self, text: str) -> bool:
        """Whether it is mostly taken from an earlier text; compared once."""
        if text not in self.copies:
            earlier = near_duplicates.shingles(text)
            self.copies[text] = bool(near_duplicates.taken(self.shingles, earlier))
        return self.copies[text]


def _parsed(row: Row | Rejected, html_to_text: HtmlToText) -> _Parsed | Rejected:
    if isinstance(row, Rejected):
        return row
    item = parse_row(row.value, line=row.line, html_to_text=html_to_text)
    if isinstance(item, Rejected):
        return item
    shingles = near_duplicates.shingles(item.text)
    passages = split(ItemKey(""), item.text)
    return _Parsed(row.line, item, shingles, _marks(item, shingles), passages)


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
        # What stood before the place at which a file cannot be read is good.
        yield batch
        raise
    yield batch


def _stored(batch: list[_Parsed | Rejected], store: Store, now: dt.datetime) -> list[Outcome]:
    parsed = [row for row in batch if isinstance(row, _Parsed)]
    for n, row in enumerate(parsed):
        _compare(row, parsed[:n], store)
    with store.transaction():
        return [row if isinstance(row, Rejected) else _place(row, store, now) for row in batch]


def _compare(row: _Parsed, before: Sequence[_Parsed], store: Store) -> None:
    """Compare a row, ahead of the lock, with the texts that share a band with it."""
    if not row.marks.bands:
        return
    bands = set(row.marks.bands)
    texts = [other.item.text for other in before if bands.intersection(other.marks.bands)]
    texts += (item.text for item in store.items_by_bands(row.marks.bands))
    any(row.is_copy_of(text) for text in texts)


def _place(row: _Parsed, store: Store, now: dt.datetime) -> Accepted | Duplicate:
    """Store one item, unless it is there."""
    same_url = [] if row.marks.url is None else store.items_by_url(row.marks.url)
    same_text = store.items_by_text(row.marks.text)
    known = {item.key for item in same_url}
    for item in same_text:
        if item.key in known or _is_same_posting(row.item, item):
            return Duplicate(line=row.line, key=item.key)
    # A publisher who revises a page supports nothing that the first version did not.
    earlier = next(iter(same_url or same_text), None) or _copied(row, store)
    exact_copy = bool(same_text)
    stored = store.add_item(
        row.item,
        # Whatever is near a text is near its exact copy, so that one entry in the index will do.
        marks=row.marks.model_copy(update={"bands": ()}) if exact_copy else row.marks,
        ingested_at=now,
        origin=None if earlier is None else earlier.origin,
        split=lambda _key, _text: row.passages,
    )
    copy_of = None if earlier is None else earlier.origin
    return Accepted(line=row.line, key=stored.key, copy_of=copy_of, notes=_notes(row.item, now))


def _is_same_posting(item: NewItem, other: SourceItem) -> bool:
    """Whether two items of the same text are one posting: by the same outlet, else by the same
    author under no other id, and nowhere else."""
    if item.url is not None and other.url is not None:
        return False
    if item.outlet is not None or other.outlet is not None:
        return (item.outlet or "").casefold() == (other.outlet or "").casefold()
    ids = {item.source_id, other.source_id} - {None}
    return len(ids) < 2 and (item.platform, item.author) == (other.platform, other.author)


def _copied(row: _Parsed, store: Store) -> SourceItem | None:
    """The item that a text is mostly taken from, if there is one."""
    if not row.marks.bands:
        return None
    candidates = store.items_by_bands(row.marks.bands)
    return next((item for item in candidates if row.is_copy_of(item.text)), None)


def _notes(item: NewItem, now: dt.datetime) -> tuple[str, ...]:
    if item.published_at is not None and item.published_at > now + _AHEAD:
        return (f"published_at lies in the future: {item.published_at:%Y-%m-%d %H:%M} UTC",)
    return ()
