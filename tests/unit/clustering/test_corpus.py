"""What was learned comes back from blocks: a process that starts anew answers as before."""

import numpy as np
import pytest

from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.clustering import corpus as corpora
from summarizer.clustering.candidates import StoredMemory
from summarizer.clustering.corpus import Corpus
from summarizer.clustering.places import StoredPlaces
from summarizer.storage.store import Store
from tests.support.builders import NOON, store_item
from tests.unit.clustering.test_candidates import Embedder, an_imprint

ITEMS = range(1, 12)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "BLOCK", 4)


def opened(store: Store, index: ChromaIndex) -> Corpus:
    memory = StoredMemory(store.fingerprints, index.headings, StoredPlaces(store))
    made = Corpus(store.corpus, memory)
    imprints = {n: an_imprint(n, 7.0 * n) for n in ITEMS if not made.knows(n)}
    memory.keep(imprints)
    memory.take_up({n: an_imprint(n, 7.0 * n) for n in ITEMS})
    made.learn(imprints)
    return made


def test_a_corpus_that_is_opened_again_compares_as_before(store: Store) -> None:
    store.create_incident(NOON, items=[store_item(store, f"Text {n}.").key for n in ITEMS])
    asked = an_imprint(5, 33.0)
    with ChromaIndex.ephemeral(Embedder()) as index:
        first = opened(store, index)
        before = first.pairs.compare(asked)
        assert first.close_blocks(settled=9)
        assert (first.upto, first.knows(8), first.knows(11), first.knows(12)) == (
            8,
            True,
            True,
            False,
        )
        again = opened(store, index)
        assert again.upto == 8
        found = [one.pairs.compare(asked) for one in (first, again)]
    assert before is not None
    for one in found:
        assert one is not None
        assert one.numbers.tolist() == before.numbers.tolist()
        assert np.array_equal(one.features, before.features)


def test_a_block_waits_for_items_that_are_in_no_incident_yet(store: Store) -> None:
    with ChromaIndex.ephemeral(Embedder()) as index:
        made = opened_empty(store, index)
        assert made.close_blocks(settled=3)
        assert (made.upto, store.corpus.learned()) == (0, None)


def opened_empty(store: Store, index: ChromaIndex) -> Corpus:
    store.create_incident(NOON, items=[store_item(store, f"Text {n}.").key for n in ITEMS])
    return opened(store, index)


def test_who_comes_second_with_a_block_is_told(store: Store) -> None:
    with ChromaIndex.ephemeral(Embedder()) as index:
        one = opened_empty(store, index)
        other = opened(store, index)
        assert one.close_blocks(settled=11)
        assert not other.close_blocks(settled=11)


def test_fingerprints_of_another_version_are_learned_anew(store: Store) -> None:
    class Another(Embedder):
        name = "another"

    with ChromaIndex.ephemeral(Embedder()) as index, ChromaIndex.ephemeral(Another()) as other:
        assert opened_empty(store, index).close_blocks(settled=11)
        assert opened(store, other).upto == 0
    assert store.corpus.learned() is None
