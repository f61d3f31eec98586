"""Synchronisation of the vector index with the store."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.domain.items import ItemKey, Passage, PassageId, SourceItem, number_of
from summarizer.ports.index import PassageIndex
from summarizer.storage.store import Store

BATCH = 1_000
"""Passages embedded and indexed at a time."""

LEAD_CHARACTERS = 200
"""Characters of the text embedded after the title; 500 took twice the time and clustered worse."""


class Indexer:
    """Synchronises one index with one store; one thread at a time, any number of processes.

    Index and store are compared in full once.  Later runs look only at items with higher numbers,
    since passages never change.
    """

    def __init__(self, store: Store, index: PassageIndex) -> None:
        self._store = store
        self._index = index
        self._upto: ItemKey | None = None

    def catch_up(self) -> tuple[int, int]:
        """Index missing passages and headings, and remove those that the store lacks.

        Returns:
            Number of entries indexed, and number of entries removed.
        """
        # Read the index first: every entry of it is then in the store when that is read.
        indexed = self._index.ids() if self._upto is None else frozenset[PassageId]()
        passages = self._store.passage_ids(after=self._upto)
        items = {_item_of(id_) for id_ in passages}
        wanted = passages | {heading_id(item) for item in items}
        surplus, missing = sorted(indexed - wanted), sorted(wanted - indexed)
        self._index.remove(surplus)
        for start in range(0, len(missing), BATCH):
            self._index.add(passages_of(self._store, missing[start : start + BATCH]))
        self._upto = max(items, key=number_of, default=self._upto)
        return len(missing), len(surplus)


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
    return [_heading(item) for item in store.items(keys)] + store.passages_by_id(ids)


def _item_of(passage_id: PassageId) -> ItemKey:
    return ItemKey(passage_id.partition(".")[0])


def _heading(item: SourceItem) -> Passage:
    text = heading(item.title, item.text)
    return Passage(item_key=item.key, n=0, start=0, end=0, text=text)
