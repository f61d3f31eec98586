from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.domain.items import ItemKey, PassageId
from summarizer.ingestion import index_sync
from summarizer.ingestion.index_sync import Indexer, heading, passages_of
from summarizer.storage.store import Store
from tests.support.builders import store_item
from tests.support.clock import ManualClock

FIRST_ITEM = {"a1.0", "a1.1", "a1.2"}


class Embedder:
    """Gives every text one vector, and keeps the texts."""

    name = "one-vector"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        self.texts += texts
        return np.tile(np.eye(1, 4, dtype=np.float32), (len(texts), 1))


@pytest.fixture
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture
def index(embedder: Embedder) -> Iterator[ChromaIndex]:
    with ChromaIndex.ephemeral(embedder) as index:
        yield index


def test_an_item_is_indexed_by_its_heading_and_its_passages(store, index, embedder):
    store_item(store, "The pier broke.\nNobody was hurt.", title="Pier")
    assert Indexer(store, index).catch_up() == (3, 0)
    assert index.ids() == FIRST_ITEM
    assert sorted(embedder.texts) == [
        "Nobody was hurt.",
        "Pier. The pier broke. Nobody was hurt.",
        "The pier broke.",
    ]


def test_an_index_that_is_level_is_left_alone(store, index):
    store_item(store, "The pier broke.\nNobody was hurt.")
    indexer = Indexer(store, index)
    indexer.catch_up()
    assert indexer.catch_up() == (0, 0)
    assert Indexer(store, index).catch_up() == (0, 0)


def test_an_item_that_comes_later_is_embedded_alone(store, index, embedder, monkeypatch):
    indexer = Indexer(store, index)
    store_item(store, "The pier broke.")
    indexer.catch_up()
    embedder.texts.clear()
    monkeypatch.setattr(index, "ids", lambda: pytest.fail("all ids were read"))
    store_item(store, "A ferry sank.")
    assert indexer.catch_up() == (2, 0)
    assert set(embedder.texts) == {"A ferry sank."}


@pytest.mark.parametrize("indexed", [True, False], ids=["indexed too", "not indexed"])
def test_what_another_process_stores_meanwhile_is_neither_lost_nor_forgotten(
    store, index, monkeypatch, indexed
):
    ids, texts = store.passage_ids, ["A ferry sank."]

    def and_meanwhile(after: ItemKey | None = None) -> frozenset[PassageId]:
        found = ids(after)
        if texts:
            store_item(store, texts.pop())
            if indexed:
                index.add(passages_of(store, [PassageId("a2.0"), PassageId("a2.1")]))
        return found

    store_item(store, "The pier broke.")
    monkeypatch.setattr(store, "passage_ids", and_meanwhile)
    indexer = Indexer(store, index)
    indexer.catch_up()
    indexer.catch_up()
    assert index.ids() == {"a1.0", "a1.1", "a2.0", "a2.1"}


def test_passages_that_the_store_lacks_are_forgotten(store, index):
    with_more = Store.open("sqlite://", ManualClock())
    for text in ("The pier broke.\nNobody was hurt.", "A ferry sank."):
        store_item(with_more, text)
    Indexer(with_more, index).catch_up()
    with_more.close()
    store_item(store, "The pier broke.\nNobody was hurt.")
    assert Indexer(store, index).catch_up() == (0, 2)
    assert index.ids() == FIRST_ITEM


def test_what_a_stopped_run_left_out_is_added(store, index):
    store_item(store, "The pier broke.\nNobody was hurt.")
    Indexer(store, index).catch_up()
    index.remove([PassageId("a1.0"), PassageId("a1.2")])
    assert Indexer(store, index).catch_up() == (2, 0)
    assert index.ids() == FIRST_ITEM


def test_more_passages_than_one_batch_are_all_indexed(store, index, monkeypatch):
    monkeypatch.setattr(index_sync, "BATCH", 2)
    store_item(store, "One.\nTwo.\nThree.\nFour.")
    assert Indexer(store, index).catch_up() == (5, 0)
    assert len(index.ids()) == 5


def test_passages_and_headings_are_read_by_their_ids(store):
    store_item(store, "The pier broke.\nNobody was hurt.", title="Pier")
    found = passages_of(store, [PassageId("a1.0"), PassageId("a1.2")])
    assert {(p.id, p.text) for p in found} == {
        ("a1.0", "Pier. The pier broke. Nobody was hurt."),
        ("a1.2", "Nobody was hurt."),
    }


@pytest.mark.parametrize(
    ("title", "text", "embedded"),
    [
        ("Pier", "It broke.", "Pier. It broke."),
        ("The pier", "The pier broke.", "The pier broke."),
        ("Pier", "", "Pier"),
        ("", "It  broke\n at noon.", "It broke at noon."),
        ("", "x" * 300, "x" * 200),
        ("", "word " * 100, ("word " * 40).strip()),
    ],
)
def test_a_heading_is_the_title_and_whole_words_of_the_lead(title, text, embedded):
    assert heading(title, text) == embedded
