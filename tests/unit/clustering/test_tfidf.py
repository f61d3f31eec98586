import numpy as np
import pytest

from summarizer.clustering import fingerprint
from summarizer.clustering.features import FIELDS, read
from summarizer.clustering.fingerprint import ItemFingerprint
from summarizer.clustering.tfidf import TfIdf

FERRY, BREAD, NOTHING = "ferry ferry aground", "bread prize", ""


def imprint(text: str) -> ItemFingerprint:
    return fingerprint.of(read("", text, None, None), np.eye(1, 8, dtype=np.float32)[0])


def table(*texts: str) -> TfIdf:
    made = TfIdf()
    for text in texts:
        made.add(imprint(text).words)
    return made


def test_equal_texts_have_cosine_and_overlap_1_and_unlike_ones_0() -> None:
    texts = (FERRY, BREAD, NOTHING)
    found = table(*texts).compare(imprint(FERRY), [imprint(text) for text in texts])["words"]
    assert found.cosine == pytest.approx([1, 0, 0])
    assert found.overlap == pytest.approx([1, 0, 0])
    assert found.mass[0] > 0 and found.mass[1:].tolist() == [0, 0]


def test_a_short_text_within_a_long_one_overlaps_wholly() -> None:
    found = table(FERRY, BREAD).compare(imprint("ferry"), [imprint(FERRY)])["words"]
    assert found.overlap == pytest.approx([1])
    assert 0 < found.cosine[0] < 1


def test_a_text_without_words_is_like_none() -> None:
    found = table(FERRY).compare(imprint(NOTHING), [imprint(FERRY), imprint(NOTHING)])
    assert all(found[name].cosine.tolist() == [0, 0] for name in FIELDS)


def test_a_word_weighs_more_the_fewer_texts_hold_it() -> None:
    made = table("port rudder", "port", "port crane")
    rudder, port, unheard = (made.rarity(imprint(w).words_of("words"))[0] for w in WORDS)
    assert unheard > rudder > port > 0


WORDS = ("rudder", "port", "unheard")


def test_one_word_in_two_fields_is_counted_apart() -> None:
    made = table("Velling")
    found = made.compare(imprint("velling"), [imprint("Velling")])
    assert found["words"].cosine == pytest.approx([1])
    assert found["names"].cosine == pytest.approx([0])


def test_counts_come_back_from_their_parts_and_removed_texts_were_never_there() -> None:
    table, again = TfIdf(), TfIdf()
    words = np.array([3, 5, 8, 13], dtype=np.uint32)
    for _ in range(300):  # more than fit a byte
        table.add(words[:2])
    table.add(words)
    texts, parts = table.to_parts()
    same = TfIdf.from_parts(texts, parts)
    assert np.array_equal(same.rarity(words), table.rarity(words))
    same.remove(words)
    again.add(np.repeat(words[:2], 300), 300)
    assert np.array_equal(same.rarity(words), again.rarity(words))
