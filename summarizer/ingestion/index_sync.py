"""Keeps the index in step with the store, which holds the truth."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.domain.items import ItemKey, Passage, PassageId, SourceItem, number_of
from summarizer.ports.index import PassageIndex
from summarizer.storage.store import Store

BATCH = 1_000
"""Passages that are embedded and indexed at one time."""

LEAD_CHARACTERS = 200
"""Of the text that are embedded behind the title: 500 cost twice the time and measured worse."""


class Indexer:
    """Brings one index up to one store; one thread at a time, any number of processes.

    The two are compared once.  What comes in after that has a higher number than what was there,
    and passages never change, so that a new item costs no look at the others.
    """

    def __init__(self, store: Store, index: PassageIndex) -> None:
        self._store = store
        self._index = index
        self._upto: ItemKey | None = None

    def catch_up(self) -> tuple[int, int]:
        """Index what is missing.

        Returns:
            How many passages and headings were indexed, and how many that the store lacks were
            forgotten.
        """
        # The index first: what is in it by then is in the store by now, whoever put it there.
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
    """Id under which an item's heading is indexed: it serves clustering and is never cited."""
    return PassageId(f"{item_key}.0")


def heading(title: str, text: str) -> str:
    """The words of an item that are embedded for clustering: title and start of the text."""
    lead = " ".join(text[: 2 * LEAD_CHARACTERS].split())
    if len(lead) > LEAD_CHARACTERS:
        lead = lead[: LEAD_CHARACTERS + 1].rpartition(" ")[0] or lead[:LEAD_CHARACTERS]
    return lead if lead.startswith(title) else f"{title}. {lead}".removesuffix(". ")


def passages_of(store: Store, ids: Sequence[PassageId]) -> list[Passage]:
    """What is indexed under these ids: passages, and headings as if they were some."""
    keys = [_item_of(id_) for id_ in ids if id_ == heading_id(_item_of(id_))]
    return [_heading(item) for item in store.items(keys)] + store.passages_by_id(ids)


def _item_of(passage_id: PassageId) -> ItemKey:
    return ItemKey(passage_id.partition(".")[0])


def _heading(item: SourceItem) -> Passage:
    text = heading(item.title, item.text)
    return Passage(item_key=item.key, n=0, start=0, end=0, text=text)
