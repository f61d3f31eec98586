"""Synchronisation of the vector index with the store.

A mark in the database says up to which item the index is filled, so that no start reads the ids of
all.  The index is rebuilt, or an older copy of it, when the marked item is not there.  ``audit``
compares the two in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from summarizer.domain.items import ItemKey, Passage, PassageId, SourceItem, key_of, number_of
from summarizer.domain.model import Model
from summarizer.ports.index import PassageIndex
from summarizer.storage.store import Store

T = TypeVar("T")

ITEMS = 100
"""Items indexed before the mark moves on; what a killed process leaves is embedded again."""

PORTION = 300
"""Ids compared at a time."""

LEAD_CHARACTERS = 200
"""Characters of the text embedded after the title; 500 took twice the time and clustered worse."""


class IndexAudit(Model):
    """Differences between index and store.

    Args:
        items: items of the store.
        waiting: those that are to be indexed yet, which are no difference.
        missing: passages that the index lacks.
        surplus: passages of the index that the store lacks.
        missing_headings: items whose heading clustering would look for in vain.
        surplus_headings: items of headings that the store lacks.
    """

    items: int
    waiting: int
    missing: tuple[PassageId, ...]
    surplus: tuple[PassageId, ...]
    missing_headings: tuple[ItemKey, ...]
    surplus_headings: tuple[ItemKey, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing is missing or left over."""
        found = (self.missing, self.surplus, self.missing_headings, self.surplus_headings)
        return not any(found)


class Indexer:
    """Synchronises one index with one store; one thread at a time, any number of processes."""

    def __init__(self, store: Store, index: PassageIndex) -> None:
        self._store = store
        self._index = index
        self._marks = store.index_marks
        self._trusted: str | None = None

    def catch_up(self, is_stopping: Callable[[], bool] = lambda: False) -> tuple[int, int]:
        """Index what was stored since the mark, until ``is_stopping``.

        At its first call, and again if the index was cleared or lost, entries that the mark does
        not vouch for are removed first.

        Returns:
            Number of entries indexed, and number of entries removed.
        """
        indexed = removed = 0
        identity = self._index.identity
        if identity != self._trusted:
            removed = self._distrusted(identity)
            self._trusted = identity
        while counts := self._store.passage_counts_after(self._marks.of(identity) or 0, ITEMS):
            for part in _portions(_ids(counts)):
                if is_stopping():
                    return indexed, removed
                indexed += self._index.add(passages_of(self._store, part))
            self._marks.advance(identity, max(counts))
        return indexed, removed

    def audit(self, repair: bool = False) -> IndexAudit:
        """Compare index and store in full, a portion at a time, which is slow.

        Args:
            repair: index what is missing, and remove what is left over.
        """
        mark, headings = self._marks.of(self._index.identity) or 0, self._index.headings
        items = waiting = indexed = headed = 0
        missing: list[PassageId] = []
        unheaded: list[int] = []
        for counts in self._counts():
            items += len(counts)
            waiting += sum(number > mark for number in counts)
            for ids in _portions(_ids(counts)):
                known = self._index.among(ids)
                indexed += len(known)
                missing += [i for i in ids if i not in known and number_of(_item_of(i)) <= mark]
            noted = self._store.fingerprints.headings_in(headings.identity, list(counts))
            there = headings.among(list(counts))
            headed += len(there)
            unheaded += sorted(noted - there)
        # Chroma takes longer for each further page: ids are listed only where there are too many.
        surplus = self._surplus() if self._index.count() > indexed else []
        beside = self._surplus_headings() if headings.count() > headed else []
        if repair:
            for part in _portions(missing):
                self._index.add(passages_of(self._store, part))
            self._index.remove(surplus)
            if unheaded:
                self._store.fingerprints.forget_headings(unheaded)
                self._marks.forget(headings.identity)  # clustering looks from the first item on
            headings.remove(beside)
        return IndexAudit(
            items=items,
            waiting=waiting,
            missing=tuple(missing),
            surplus=tuple(surplus),
            missing_headings=tuple(map(key_of, unheaded)),
            surplus_headings=tuple(map(key_of, beside)),
        )

    def _distrusted(self, identity: str) -> int:
        """Remove entries that the mark does not vouch for; returns their number.

        After a crash, or when the database was restored from a backup, they are those of the items
        after the mark.  Of an index without a marked item nothing is known.
        """
        mark = self._marks.of(identity)
        if mark is not None and self._index.among([heading_id(key_of(mark))]):
            surplus = list(self._beyond(mark))
        else:
            self._marks.forget(identity)
            surplus = self._surplus() if self._index.count() else []
        self._index.remove(surplus)
        return len(surplus)

    def _beyond(self, mark: int) -> Iterator[PassageId]:
        """Entries of the items after the mark."""
        while numbers := self._headed(range(mark + 1, mark + 1 + PORTION)):
            mark = max(numbers)
            n = 0
            while numbers:
                ids = [PassageId(f"{key_of(number)}.{n}") for number in numbers]
                known = self._index.among(ids)
                yield from known
                numbers = [number_of(_item_of(id_)) for id_ in known]
                n += 1

    def _headed(self, numbers: Iterable[int]) -> list[int]:
        """Those of the items whose heading is among the passages of the index."""
        known = self._index.among([heading_id(key_of(number)) for number in numbers])
        return [number_of(_item_of(id_)) for id_ in known]

    def _surplus(self) -> list[PassageId]:
        """Entries of the index that the store lacks."""
        found: list[PassageId] = []
        for part in _portions(self._index.ids()):
            numbers = sorted({number_of(_item_of(id_)) for id_ in part})
            wanted = set(_ids(self._store.passage_counts(numbers)))
            found += [id_ for id_ in part if id_ not in wanted]
        return found

    def _surplus_headings(self) -> list[int]:
        """Items of headings that the store lacks."""
        found: list[int] = []
        for numbers in _portions(self._index.headings.numbers()):
            known = self._store.passage_counts(numbers)
            found += [number for number in numbers if number not in known]
        return found

    def _counts(self) -> Iterator[Mapping[int, int]]:
        """Numbers of passages of all items, a portion at a time."""
        last = 0
        while counts := self._store.passage_counts_after(last, PORTION):
            yield counts
            last = max(counts)


def heading_id(item_key: str) -> PassageId:
    """Index id of an item's heading, which serves clustering and is never cited."""
    return PassageId(f"{item_key}.0")


def heading(title: str, text: str) -> str:
    """Text embedded for clustering: title and first words of an item."""
    lead = " ".join(text[: 2 * LEAD_CHARACTERS].split())
    if len(lead) > LEAD_CHARACTERS:
        lead = lead[: LEAD_CHARACTERS + 1].rpartition(" ")[0] or lead[:LEAD_CHARACTERS]
    return lead if lead.startswith(title) else f"{title}. {lead}".removesuffix(". ")


def passages_of(store: Store, ids: Sequence[PassageId]) -> list[Passage]:
    """Passages of these ids; a heading's id gives the heading as a passage."""
    keys = [_item_of(id_) for id_ in ids if id_ == heading_id(_item_of(id_))]
    there = store.passage_counts([number_of(key) for key in keys])  # some may be deleted meanwhile
    keys = [key for key in keys if number_of(key) in there]
    return [_heading(item) for item in store.items(keys)] + store.passages_by_id(ids)


def _item_of(passage_id: PassageId) -> ItemKey:
    return ItemKey(passage_id.partition(".")[0])


def _heading(item: SourceItem) -> Passage:
    text = heading(item.title, item.text)
    return Passage(item_key=item.key, n=0, start=0, end=0, text=text)


def _ids(counts: Mapping[int, int]) -> Iterator[PassageId]:
    """Ids of the headings and passages of items, from their numbers of passages."""
    for number, count in counts.items():
        for n in range(count + 1):
            yield PassageId(f"{key_of(number)}.{n}")


def _portions(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while part := list(islice(rest, PORTION)):
        yield part
