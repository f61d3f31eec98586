from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.domain.items import ItemKey, Passage, PassageId
from summarizer.ingestion import index_sync
from summarizer.ingestion.index_sync import Indexer, heading, passages_of
from summarizer.storage.store import Store
from tests.support.builders import store_item

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
    assert set(index.ids()) == FIRST_ITEM
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


def test_an_item_that_comes_later_is_embedded_alone(store, index, embedder):
    indexer = Indexer(store, index)
    store_item(store, "The pier broke.")
    indexer.catch_up()
    embedder.texts.clear()
    store_item(store, "A ferry sank.")
    assert indexer.catch_up() == (2, 0)
    assert set(embedder.texts) == {"A ferry sank."}


def never(*_: object) -> Any:
    pytest.fail("the whole index was read")


@pytest.fixture
def level(store: Store, index: ChromaIndex, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two items that are indexed, in an index that must not be read whole from now on."""
    for text in ("The pier broke.\nNobody was hurt.", "A ferry sank."):
        store_item(store, text)
    Indexer(store, index).catch_up()
    monkeypatch.setattr(ChromaIndex, "ids", never)
    return store


def test_a_start_goes_on_at_the_mark_and_reads_no_ids(level, index, embedder):
    embedder.texts.clear()
    assert Indexer(level, index).catch_up() == (0, 0)
    store_item(level, "A tram stood.")
    assert Indexer(level, index).catch_up() == (2, 0)
    assert set(embedder.texts) == {"A tram stood."}


def test_what_a_killed_process_left_after_the_mark_is_made_anew(level, index, embedder):
    for text in ("A tram stood.\nIt rained.", "A bus came."):
        store_item(level, text)
    index.add(passages_of(level, [PassageId(id_) for id_ in ("a3.0", "a4.0", "a3.1")]))
    embedder.texts.clear()
    assert Indexer(level, index).catch_up() == (5, 3)
    assert {"It rained.", "A bus came."} < set(embedder.texts)


def test_entries_of_a_newer_database_do_not_pass_for_those_of_this_one(level, index, embedder):
    """The database was restored from a backup, and other items came under the same numbers."""
    newer = [
        Passage(item_key=ItemKey(f"a{n}"), n=k, start=0, end=1, text=f"lost {n} {k}")
        for n in (3, 4, 5)
        for k in range(4)
    ]
    index.add(newer)
    store_item(level, "A tram stood.")
    embedder.texts.clear()
    assert Indexer(level, index).catch_up() == (2, 12)
    assert index.among([passage.id for passage in newer]) == {"a3.0", "a3.1"}
    assert set(embedder.texts) == {"A tram stood."}


def test_an_index_without_the_marked_item_is_compared_in_full(store, index):
    """Chroma was restored from a backup."""
    for text in ("The pier broke.", "A ferry sank.", "A tram stood."):
        store_item(store, text)
    Indexer(store, index).catch_up()
    index.remove([PassageId(id_) for id_ in ("a2.1", "a3.0", "a3.1")])
    index.add([Passage(item_key=ItemKey("a9"), n=1, start=0, end=1, text="gone")])
    assert Indexer(store, index).catch_up() == (3, 1)
    assert Indexer(store, index).audit().agrees


def test_a_cleared_index_is_filled_again_by_the_same_indexer(store, index):
    store_item(store, "The pier broke.\nNobody was hurt.")
    indexer = Indexer(store, index)
    indexer.catch_up()
    index.clear()
    assert indexer.catch_up() == (3, 0)
    assert set(index.ids()) == FIRST_ITEM


def test_an_item_of_another_process_is_not_embedded_twice(store, index, embedder):
    here, there = Indexer(store, index), Indexer(store, index)
    here.catch_up()
    store_item(store, "A ferry sank.")
    there.catch_up()
    embedder.texts.clear()
    assert here.catch_up() == (0, 0)
    assert embedder.texts == []


def test_the_mark_moves_on_in_portions(store, index, monkeypatch):
    monkeypatch.setattr(index_sync, "ITEMS", 2)
    monkeypatch.setattr(index_sync, "PORTION", 3)
    for n in range(5):
        store_item(store, f"Boat {n} left.\nIt came back.")
    monkeypatch.setattr(index, "add", Failing(index.add, after=2))
    with pytest.raises(RuntimeError):
        Indexer(store, index).catch_up()
    assert store.index_marks.of(index.identity) == 2
    monkeypatch.undo()
    assert Indexer(store, index).catch_up() == (9, 0)
    assert len(list(index.ids())) == 15


class Failing:
    """Fails after some calls."""

    def __init__(self, call: Any, after: int) -> None:
        self.call, self.left = call, after

    def __call__(self, *arguments: Any) -> Any:
        if not self.left:
            raise RuntimeError("planted")
        self.left -= 1
        return self.call(*arguments)


# --- Audit -----------------------------------------------------------------------------------
def test_an_audit_names_what_is_missing_and_left_over_and_repairs_it(store, index, monkeypatch):
    monkeypatch.setattr(index_sync, "PORTION", 2)
    for text in ("The pier broke.\nNobody was hurt.", "A ferry sank.", "A tram stood."):
        store_item(store, text)
    indexer, headings = Indexer(store, index), index.headings
    indexer.catch_up()
    store.fingerprints.keep("v", {n: b"x" for n in (1, 2, 3)})
    headings.add([1, 8], np.eye(2, 4, dtype=np.float32))
    store.fingerprints.note_headings(headings.identity, [1, 3])
    index.remove([PassageId("a1.2"), PassageId("a2.0")])
    index.add([Passage(item_key=ItemKey(k), n=5, start=0, end=1, text="x") for k in ("a1", "a7")])
    store_item(store, "A bus came.")
    found = indexer.audit()
    assert found == index_sync.IndexAudit(
        items=4,
        waiting=1,
        missing=(PassageId("a1.2"), PassageId("a2.0")),
        surplus=found.surplus,
        missing_headings=(ItemKey("a3"),),
        surplus_headings=(ItemKey("a8"),),
    )
    assert set(found.surplus) == {"a1.5", "a7.5"}
    assert indexer.audit(repair=True) == found
    assert indexer.audit().agrees
    assert indexer.catch_up() == (2, 0)
    assert store.fingerprints.headings_in(headings.identity, [1, 2, 3]) == {1}


def test_an_audit_of_nothing_agrees(store, index):
    assert Indexer(store, index).audit(repair=True).agrees


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
