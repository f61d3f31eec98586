from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.clustering import candidates, fingerprint
from summarizer.clustering.candidates import (
    CandidateIndex,
    InMemory,
    StoredMemory,
    Vectors,
    nearest_first,
)
from summarizer.clustering.features import read
from summarizer.clustering.fingerprint import ItemFingerprint, Vector
from summarizer.clustering.places import StoredPlaces
from summarizer.domain.items import number_of
from summarizer.ports.index import HeadingIndex
from summarizer.storage.store import Store
from tests.support.builders import NOON, store_item


class Embedder:
    name = "none"

    def embed(self, texts: Sequence[str]) -> Any:
        raise NotImplementedError


@pytest.fixture
def headings() -> Iterator[HeadingIndex]:
    with ChromaIndex.ephemeral(Embedder()) as index:
        yield index.headings


@pytest.fixture
def stored(store: Store, headings: HeadingIndex) -> StoredMemory:
    """The memory of a store with twelve items, none of which it knows yet."""
    keys = [store_item(store, f"Text {n}.").key for n in range(12)]
    store.create_incident(NOON, items=keys)
    return StoredMemory(store.fingerprints, headings, StoredPlaces(store))


@pytest.fixture(params=["in memory", "stored"])
def memory(request: pytest.FixtureRequest) -> CandidateIndex:
    if request.param == "in memory":
        return InMemory()
    made: StoredMemory = request.getfixturevalue("stored")
    return made


def at(degrees: float) -> Vector:
    """A vector of length 1 in a plane."""
    turned = np.deg2rad(degrees)
    return np.array([np.cos(turned), np.sin(turned)], dtype=np.float32)


def an_imprint(number: int, degrees: float | None = None) -> ItemFingerprint:
    vector = at(10 * number if degrees is None else degrees)
    return fingerprint.of(read("", f"Pier number {number} broke.", None, NOON), vector)


def texts_of(imprints: Iterable[ItemFingerprint]) -> list[list[int]]:
    return [imprint.words_of("words").tolist() for imprint in imprints]


# --- Every memory ----------------------------------------------------------------------------
def test_the_nearest_of_what_was_added_come_first(memory):
    for number in range(1, 7):
        memory.add(number, an_imprint(number))
    assert memory.nearest(at(32), 3).tolist() == [3, 4, 2]
    assert memory.nearest(at(0), 1).tolist() == [1]


def test_imprints_come_back_in_the_order_asked_for(memory):
    for number in range(1, 5):
        memory.add(number, an_imprint(number))
    assert texts_of(memory.of([3, 1, 4]).values()) == texts_of([an_imprint(n) for n in (3, 1, 4)])
    assert list(memory.of([3, 99, 1])) == [3, 1]
    assert memory.of([]) == {}


def test_a_memory_of_nothing_has_no_nearest(memory):
    assert memory.nearest(at(0), 3).tolist() == []


# --- The stored one --------------------------------------------------------------------------
def test_what_one_process_added_another_takes_up(stored, store, headings):
    for number in range(1, 5):
        stored.add(number, an_imprint(number))
    stored.save()
    other = StoredMemory(store.fingerprints, headings, StoredPlaces(store))
    assert other.nearest(at(20), 3).tolist() == []
    other.take_up(other.recall(other.without_heading([1, 2, 3, 4, 5])))
    assert other.lowest_without_heading == 1
    assert other.nearest(at(20), 3).tolist() == [2, 1, 3]


def test_headings_go_into_the_index_in_lots_and_are_found_there(stored, headings, monkeypatch):
    monkeypatch.setattr(candidates, "LOT", 4)
    for number in range(1, 4):
        stored.add(number, an_imprint(number))
    assert set(headings.numbers()) == set()
    for number in range(4, 7):
        stored.add(number, an_imprint(number))
    assert set(headings.numbers()) == {1, 2, 3, 4}
    assert stored.nearest(at(42), 4).tolist() == [4, 5, 3, 6]


def test_an_indexed_heading_of_an_item_in_no_incident_is_passed_over(stored, store, headings):
    waits = number_of(store_item(store, "It waits.").key)
    stored.keep({n: an_imprint(n) for n in (1, 3, waits)})
    headings.add([1, waits, 3, 99], np.stack([at(10), at(20), at(30), at(21)]))
    store.fingerprints.note_headings(headings.identity, [1, 3, waits])
    assert stored.without_heading([1, 2, 3]) == [2]
    assert stored.nearest(at(20.1), 3).tolist() == [3, 1]
    assert list(stored.of([1, waits, 3])) == [1, 3]


def test_more_imprints_than_are_held_are_read_from_the_store(stored, monkeypatch):
    monkeypatch.setattr(candidates, "HELD", 2)
    for number in range(1, 9):
        stored.add(number, an_imprint(number))
    stored.save()
    numbers = [8, 1, 5, 2, 7]
    assert texts_of(stored.of(numbers).values()) == texts_of([an_imprint(n) for n in numbers])


def test_imprints_of_another_embedder_are_not_recalled(stored, store):
    class OtherEmbedder(Embedder):
        name = "another"

    stored.keep({1: an_imprint(1)})
    with ChromaIndex.ephemeral(OtherEmbedder()) as index:
        other = StoredMemory(store.fingerprints, index.headings, StoredPlaces(store))
        assert other.recall([1]) == {}
    assert set(stored.recall([1])) == {1}


# --- Vectors ---------------------------------------------------------------------------------
def test_the_nearest_come_first_and_of_equal_ones_the_oldest():
    numbers = np.array([9, 4, 6, 2])
    cosines = np.array([0.5, 0.9, 0.5000001, 0.1], dtype=np.float32)
    assert nearest_first(numbers, cosines, 3).tolist() == [4, 6, 9]
    assert nearest_first(numbers, cosines, 2).tolist() == [4, 6]


def test_vectors_outlast_the_room_that_they_were_given():
    made = Vectors()
    rows = np.random.default_rng(2).normal(size=(1_500, 4)).astype(np.float32)
    for number, row in enumerate(rows):
        made.add(number, row)
    numbers, held = made.held()
    assert numbers == list(range(1_500))
    assert np.array_equal(held, rows)


def test_among_none_there_is_no_nearest():
    assert Vectors().nearest(np.ones(4, dtype=np.float32), 3).tolist() == []
