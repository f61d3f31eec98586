"""The corpus in the database: blocks count once they are whole."""

from summarizer.storage.corpus import Learned
from summarizer.storage.store import Store

FIRST = Learned("2 none", upto=9, blocks=1, texts=8, vectors=b"\1\2")
SECOND = FIRST._replace(upto=20, blocks=2, texts=16)


def test_a_corpus_goes_as_far_as_its_last_whole_block(store: Store) -> None:
    corpus = store.corpus
    assert corpus.learned() is None
    corpus.keep_counts(9, [b"a", b"b"])
    assert corpus.advance(None, FIRST)
    corpus.keep_counts(20, [b"c"])
    assert (corpus.learned(), corpus.counts(9)) == (FIRST, [b"a", b"b"])
    assert corpus.advance(FIRST, SECOND)
    assert (corpus.learned(), corpus.counts(9), corpus.counts(20)) == (SECOND, [], [b"c"])


def test_of_two_that_store_the_same_block_one_counts(store: Store) -> None:
    assert store.corpus.advance(None, FIRST)
    assert not store.corpus.advance(None, FIRST._replace(texts=7))
    assert not store.corpus.advance(SECOND, SECOND)
    assert store.corpus.learned() == FIRST


def test_items_with_a_word_are_those_of_the_blocks_asked_for(store: Store) -> None:
    corpus = store.corpus
    corpus.keep_items_with(1, [(-5, b"left by a killed process"), (7, b"x")])
    corpus.keep_items_with(1, [(-5, b"one"), (7, b"x")])
    corpus.keep_items_with(2, [(-5, b"two")])
    assert corpus.items_with([-5, 8], 0, 2) == {-5: [b"one", b"two"]}
    assert corpus.items_with([-5, 7], 1, 2) == {-5: [b"two"]}
    assert corpus.items_with([-5, 7], 0, 1) == {-5: [b"one"], 7: [b"x"]}


def test_a_cleared_corpus_is_empty(store: Store) -> None:
    store.corpus.keep_counts(9, [b"a"])
    store.corpus.keep_items_with(1, [(7, b"x")])
    store.corpus.advance(None, FIRST)
    store.corpus.clear()
    assert store.corpus.learned() is None
    assert store.corpus.counts(9) == []
    assert store.corpus.items_with([7], 0, 9) == {}
