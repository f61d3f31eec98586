"""``FingerprintStore`` on databases in memory and in a file."""

import pytest

from summarizer.storage.fingerprints import FingerprintStore
from summarizer.storage.store import Store
from tests.support.builders import store_item


@pytest.fixture
def imprints(store: Store) -> FingerprintStore:
    """Of a store with three items."""
    for n in range(3):
        store_item(store, f"Text {n}.")
    return store.fingerprints


def test_what_was_kept_is_there_and_nothing_else(imprints: FingerprintStore) -> None:
    imprints.keep("1", {1: b"one", 3: b"\x00three"})
    assert imprints.of("1", [1, 2, 3, 99]) == {1: b"one", 3: b"\x00three"}
    assert imprints.of("1", []) == {}


def test_the_newest_of_an_item_is_kept(imprints: FingerprintStore) -> None:
    imprints.keep("1", {1: b"one"})
    imprints.keep("1", {1: b"other"})
    imprints.keep("1", {})
    assert imprints.of("1", [1]) == {1: b"other"}


def test_what_another_reader_made_is_not_answered(imprints: FingerprintStore) -> None:
    imprints.keep("1", {1: b"one", 2: b"two"})
    imprints.keep("2", {2: b"anew"})
    assert imprints.of("2", [1, 2]) == {2: b"anew"}
    assert imprints.of("1", [1, 2]) == {1: b"one"}
