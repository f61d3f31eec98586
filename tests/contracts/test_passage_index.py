"""What every ``PassageIndex`` does, whatever keeps its vectors."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from summarizer.adapters.chroma.collection import BATCH
from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.adapters.chroma.server import ServerAccess
from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.domain.items import ItemKey, Passage, PassageId
from summarizer.ports.index import PassageIndex

TEXTS = (
    "The regulator fined the airline for cancelled flights.",
    "A bakery in the old town won a prize for its rye bread.",
    "Passengers had waited two days for a refund from the carrier.",
)


def passages(*texts: str, item: str = "a1") -> list[Passage]:
    return [
        Passage(item_key=ItemKey(item), n=n, start=0, end=len(text), text=text)
        for n, text in enumerate(texts, 1)
    ]


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


@pytest.fixture(params=["ephemeral", "persistent", pytest.param("server", marks=pytest.mark.slow)])
def index(
    request: pytest.FixtureRequest, tmp_path: Path, embedder: MiniLmEmbedder
) -> Iterator[PassageIndex]:
    if request.param == "ephemeral":
        opened = ChromaIndex.ephemeral(embedder)
    elif request.param == "persistent":
        opened = ChromaIndex.persistent(tmp_path / "index", embedder)
    else:
        access = ServerAccess(url=request.getfixturevalue("chroma_url"))
        opened = ChromaIndex.server(access, embedder, "0" * 32)
        opened.clear()
    with opened:
        yield opened


def test_an_empty_index_answers_everything_with_nothing(index):
    assert set(index.ids()) == set()
    assert index.vectors([PassageId("a1.1")]) == {}
    assert index.rank(["airline", "jam"], [PassageId("a1.1")]) == [[], []]
    assert index.nearest(np.eye(1, 384, dtype=np.float32)[0], 5) == []


def test_no_passages_and_no_ids_are_fine(index):
    index.add([])
    index.remove([])
    assert index.vectors([]) == {}
    assert index.rank(["airline"], []) == [[]]
    assert index.rank([], []) == []


def test_what_was_added_is_there_with_vectors_of_length_one(index):
    index.add(passages(*TEXTS))
    assert set(index.ids()) == {"a1.1", "a1.2", "a1.3"}
    vectors = index.vectors([PassageId("a1.1"), PassageId("a1.3")])
    assert set(vectors) == {"a1.1", "a1.3"}
    for vector in vectors.values():
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_stored_vector_is_the_embedders(index, embedder):
    index.add(passages(*TEXTS))
    stored = index.vectors([PassageId("a1.2")])[PassageId("a1.2")]
    np.testing.assert_allclose(stored, embedder.embed([TEXTS[1]])[0], atol=1e-6)


def test_a_passage_that_is_already_there_stays_as_it_is(index):
    assert index.add(passages(TEXTS[0])) == 1
    before = index.vectors([PassageId("a1.1")])[PassageId("a1.1")]
    assert index.add(passages(TEXTS[1], TEXTS[2])) == 1
    np.testing.assert_array_equal(index.vectors([PassageId("a1.1")])[PassageId("a1.1")], before)
    assert set(index.ids()) == {"a1.1", "a1.2"}


def test_of_a_passage_given_twice_the_first_is_kept(index, embedder):
    index.add([*passages(TEXTS[0]), *passages(TEXTS[1])])
    stored = index.vectors([PassageId("a1.1")])[PassageId("a1.1")]
    np.testing.assert_allclose(stored, embedder.embed([TEXTS[0]])[0], atol=1e-6)


def test_removed_passages_are_gone_and_unknown_ones_ignored(index):
    index.add(passages(*TEXTS))
    index.remove([PassageId("a1.1"), PassageId("b9.9")])
    assert set(index.ids()) == {"a1.2", "a1.3"}
    assert index.vectors([PassageId("a1.1")]) == {}


def test_of_some_ids_those_that_are_there_are_told(index):
    index.add(passages(*TEXTS))
    assert index.among([PassageId("a1.3"), PassageId("b9.9"), PassageId("a1.3")]) == {"a1.3"}
    assert index.among([]) == frozenset()
    assert index.count() == 3


def test_a_cleared_index_is_empty_and_can_be_filled_again(index):
    index.add(passages(*TEXTS))
    before = index.identity
    index.clear()
    assert index.identity != before
    assert set(index.ids()) == set()
    index.add(passages(TEXTS[0]))
    assert set(index.ids()) == {"a1.1"}


def test_rank_orders_only_the_given_ids_by_likeness(index):
    index.add(passages(*TEXTS))
    ids = [PassageId("a1.2"), PassageId("a1.3"), PassageId("b9.9")]
    (ranked,) = index.rank(["airline refunds for passengers"], ids)
    assert [id_ for id_, _ in ranked] == ["a1.3", "a1.2"]
    assert 1 >= ranked[0][1] > ranked[1][1] >= -1


def test_equal_likeness_is_ordered_by_id(index):
    index.add(passages(TEXTS[0], item="b2") + passages(TEXTS[0], item="a1"))
    (ranked,) = index.rank(["airline"], [PassageId("b2.1"), PassageId("a1.1")])
    assert [id_ for id_, _ in ranked] == ["a1.1", "b2.1"]


def test_nearest_finds_the_passage_itself_first(index, embedder):
    index.add(passages(*TEXTS))
    found = index.nearest(embedder.embed([TEXTS[1]])[0], 2)
    assert found[0][0] == "a1.2"
    assert found[0][1] == pytest.approx(1, abs=1e-5)
    assert len(found) == 2


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (2, 2), (50, 3)])
def test_nearest_gives_at_most_the_limit(index, embedder, limit, count):
    index.add(passages(*TEXTS))
    assert len(index.nearest(embedder.embed(["bread"])[0], limit)) == count


def test_more_ids_than_one_call_takes_are_asked_in_batches(index):
    index.add(passages(*TEXTS))
    ids = [PassageId(f"z.{n}") for n in range(2 * BATCH)] + [PassageId("a1.3"), PassageId("a1.1")]
    assert set(index.vectors(ids)) == {"a1.1", "a1.3"}
    index.remove(ids)
    assert set(index.ids()) == {"a1.2"}


def test_headings_are_kept_apart_and_found_by_their_vectors(index):
    vectors = np.eye(3, 384, dtype=np.float32)
    headings = index.headings
    assert (set(headings.numbers()), headings.nearest(vectors[0], 5)) == (set(), [])
    headings.add([7, 8], vectors[:2])
    headings.add([8, 9], vectors[1:])
    assert set(headings.numbers()) == {7, 8, 9}
    assert headings.nearest(vectors[1], 1) == [(8, pytest.approx(1))]
    found = [number for number, _ in headings.nearest(vectors[1], 5)]
    assert found[0] == 8 and sorted(found) == [7, 8, 9]
    assert set(index.ids()) == set()


def test_more_vectors_than_one_call_takes_are_stored_and_listed_in_batches(index):
    headings = index.headings
    before = headings.identity
    numbers = list(range(1, BATCH + 2))
    vectors = np.random.default_rng(1).normal(size=(len(numbers), 384)).astype(np.float32)
    headings.add(numbers, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    assert sorted(headings.numbers()) == numbers
    assert headings.among([*numbers, 0, 9_999]) == set(numbers)
    headings.remove([0, *numbers[3:]])
    assert set(headings.numbers()) == {1, 2, 3}
    assert headings.count() == 3
    assert headings.identity == before


def test_headings_are_forgotten_with_the_passages(index):
    index.headings.add([7], np.eye(1, 384, dtype=np.float32))
    index.clear()
    assert set(index.headings.numbers()) == set()


def test_headings_know_the_model_of_their_vectors(index, embedder):
    assert index.headings.embedder == embedder.name
