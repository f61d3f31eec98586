"""Ingestion of rows: recognises duplicates and copies, and stores new items.

A batch of rows is placed among the stored items before the lock of the items is taken; under the
lock it is only written.  If another process has in between stored an item that a row may be one
with, the batch is placed again under the lock, so that two processes that ingest one file store
each item once.  A row reported as
accepted is on disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.domain.items import CLOCKS, DedupKeys, ItemKey, NewItem, SourceItem
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.ingestion import origins
from summarizer.ingestion.known_items import KnownItems
from summarizer.ingestion.parse import Row
from summarizer.ingestion.passages import split
from summarizer.ingestion.validate import (
    HtmlToText,
    Rejected,
    ValidRow,
    normalised_url,
    parse_row,
    sent_id,
)
from summarizer.ports.clock import Clock
from summarizer.storage.items import PreparedItem
from summarizer.storage.locks import ITEMS
from summarizer.storage.store import Store
from summarizer.text import near_duplicates
from summarizer.text.text_key import text_key

BATCH_ROWS = 50
BATCH_CHARACTERS = 2_000_000
"""Size at which a batch is committed, by either limit: one fsync serves many rows, and no writer
holds the lock for long."""

_AHEAD = dt.timedelta(days=1)
"""Time into the future from which a publication time is not believed; clocks and time zones of
publishers are off by less."""


class Accepted(Model):
    """A stored row.

    Args:
        source_id: the sender's id.
        copy_of: key of the item that it is a copy of, ``None`` when it is no copy.
        notes: what could not be read and was left out, for an editor to look at.
    """

    line: int
    key: ItemKey
    source_id: str | None = None
    copy_of: ItemKey | None = None
    notes: tuple[str, ...] = ()


class Duplicate(Model):
    """A row that was not stored, because it equals the item with that key."""

    line: int
    key: ItemKey
    source_id: str | None = None


Outcome = Accepted | Duplicate | Rejected


class IngestReport(Model):
    """Outcomes of all rows by kind, and all, each in the order of the file."""

    outcomes: tuple[Outcome, ...] = ()
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
        outcomes=tuple(found),
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
    parsed = (_parsed(row, store, html_to_text, clock.now()) for row in rows)
    for batch in filter(None, _batches(parsed)):
        yield from _stored(batch, store, clock.now())


def _dedup_keys(item: NewItem) -> DedupKeys:
    return DedupKeys(
        url=None if item.url is None else normalised_url(item.url),
        text=text_key(item.text),
        bands=near_duplicates.bands_of(item.text),
    )


@dataclass(frozen=True)
class _Parsed:
    """A valid row; ``notes`` say what was left out."""

    line: int
    notes: tuple[str, ...]
    prepared: PreparedItem


@dataclass(frozen=True)
class _Plan:
    """What becomes of a batch of rows.

    Args:
        known: the stored items and the rows that were placed.
        outcomes: of the rows; keys of new items are those of ``known``.
        new: the rows to be stored, by key, in their order.
    """

    known: KnownItems
    outcomes: list[Outcome] = field(default_factory=list)
    new: dict[ItemKey, PreparedItem] = field(default_factory=dict)


def _parsed(
    row: Row | Rejected, store: Store, html_to_text: HtmlToText, now: dt.datetime
) -> _Parsed | Rejected:
    if isinstance(row, Rejected):
        return row
    valid = parse_row(row.value, line=row.line, html_to_text=html_to_text)
    if isinstance(valid, Rejected):
        return valid.model_copy(update={"source_id": sent_id(row.value)})
    item, notes = _without_future(valid, now)
    prepared = store.prepared(item, _dedup_keys(item), split(ItemKey(""), item.text))
    return _Parsed(row.line, notes, prepared)


def _without_future(row: ValidRow, now: dt.datetime) -> tuple[NewItem, tuple[str, ...]]:
    """The item and its notes; a time of publication that is more than a day away is left out."""
    at = row.item.published_at
    if at is None or at <= now + CLOCKS:
        return row.item, row.notes
    if at <= now + _AHEAD:
        note = (
            f"published_at: {at:%Y-%m-%d %H:%M} UTC is still to come; in lists the item counts as "
            "published when it came"
        )
        return row.item, (*row.notes, note)
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
            characters += len(row.prepared.item.text) if isinstance(row, _Parsed) else 0
            if len(batch) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
    except InputError:
        # Rows before the unreadable place of a file are good.
        yield batch
        raise
    yield batch


def _stored(batch: list[_Parsed | Rejected], store: Store, now: dt.datetime) -> list[Outcome]:
    with store.snapshot():
        early = _planned(batch, store, now)

    def written() -> list[Outcome]:
        with store.transaction(ITEMS):
            plan = early if early.known.are_as_read() else _planned(batch, store, now)
            return _write(plan, store, now)

    return store.repeated(written)


def _planned(batch: Sequence[_Parsed | Rejected], store: Store, now: dt.datetime) -> _Plan:
    """Place the rows of a batch, one after the other, among the stored items.

    Origins are decided on in order of publication, so that no row changes that of another row.
    """
    keys = [row.prepared.dedup_keys for row in batch if isinstance(row, _Parsed)]
    plan = _Plan(KnownItems(store, keys))
    for row in batch:
        plan.outcomes.append(row if isinstance(row, Rejected) else _place(row, plan, now))
    for item in sorted(plan.known.items(list(plan.new)), key=lambda one: one.publication_order):
        _decide(item, plan)
    plan.outcomes[:] = [_with_origin(row, plan.known) for row in plan.outcomes]
    return plan


def _decide(item: SourceItem, plan: _Plan) -> None:
    """Decide on the origin of a placed row, and on those that it changes."""
    prepared, known = plan.new[item.key], plan.known
    keys = prepared.dedup_keys
    # A text near an exact copy is also near its original, whose bands are stored already.
    is_first = all(o.key in known.undecided for o in known.by_text(keys.text))
    kept = keys if is_first else keys.model_copy(update={"bands": ()})
    plan.new[item.key] = prepared._replace(dedup_keys=kept)
    known.decided(item.key, kept.bands)
    known.decide(origins.decide(item, keys.bands, known))


def _with_origin(row: Outcome, known: KnownItems) -> Outcome:
    if not isinstance(row, Accepted):
        return row
    origin = known.items([row.key])[0].origin
    return row.model_copy(update={"copy_of": None if origin == row.key else origin})


def _place(row: _Parsed, plan: _Plan, now: dt.datetime) -> Accepted | Duplicate | Rejected:
    """Place one row, unless it is a duplicate, or equals an item that was deleted."""
    (item, keys, *_), known = row.prepared, plan.known
    if refused := known.refusal(keys):
        reason = (
            f"it equals the item {refused.key}, which was deleted on {refused.at:%Y-%m-%d}; to "
            f"take it all the same: summarizer delete allow {refused.key}"
        )
        return Rejected(line=row.line, source_id=item.source_id, reason=reason)
    same_url = [] if keys.url is None else known.by_url(keys.url)
    same_text = known.by_text(keys.text)
    of_page = {other.key for other in same_url}
    for other in same_text:
        if other.key in of_page or _is_same_posting(item, other):
            return Duplicate(line=row.line, key=other.key, source_id=item.source_id)
    key = known.next_key()
    stored = SourceItem(**item.model_dump(), key=key, origin=key, ingested_at=now)
    plan.new[key] = row.prepared
    known.add(stored, keys)
    return Accepted(line=row.line, key=key, source_id=item.source_id, notes=row.notes)


def _write(plan: _Plan, store: Store, now: dt.datetime) -> list[Outcome]:
    """Store the new items; the outcomes with the keys that these were given."""
    planned = [row.key for row in plan.outcomes if isinstance(row, Accepted)]
    given = dict(zip(planned, store.add_items(list(plan.new.values()), now), strict=True))
    decided = {given.get(k, k): given.get(o, o) for k, o in plan.known.origins.items()}
    if decided:
        store.set_origins(decided)
    return [_with_keys(row, given) for row in plan.outcomes]


def _with_keys(row: Outcome, given: Mapping[ItemKey, ItemKey]) -> Outcome:
    if isinstance(row, Rejected):
        return row
    changed = {"key": given.get(row.key, row.key)}
    if isinstance(row, Accepted) and row.copy_of is not None:
        changed["copy_of"] = given.get(row.copy_of, row.copy_of)
    return row.model_copy(update=changed)


def _is_same_posting(item: NewItem, other: SourceItem) -> bool:
    """Whether two items of the same text are one posting: not at two URLs, and of the same outlet,
    or without one of the same platform, author and id."""
    if item.url is not None and other.url is not None:
        return False
    if item.outlet is not None or other.outlet is not None:
        return (item.outlet or "").casefold() == (other.outlet or "").casefold()
    ids = {item.source_id, other.source_id} - {None}
    return len(ids) < 2 and (item.platform, item.author) == (other.platform, other.author)
