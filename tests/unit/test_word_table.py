from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from summarizer.word_table import WordTable

FERRY, BREAD, NOTHING = Counter(ferry=2, aground=1), Counter(bread=1, prize=1), Counter[str]()


def table() -> WordTable:
    made = WordTable(searchable=True)
    for counts in (FERRY, BREAD, NOTHING):
        made.add(counts)
    return made


def test_rows_that_share_words_are_found_and_no_others() -> None:
    assert table().nearest(FERRY, 5).tolist() == [0]
    assert table().nearest(Counter(unheard=1), 5).tolist() == []


def test_a_rare_word_that_is_shared_weighs_more_than_a_common_one() -> None:
    made = WordTable(searchable=True)
    for counts in (Counter(port=1, rudder=1), Counter(port=1), Counter(port=1, crane=1)):
        made.add(counts)
    assert made.nearest(Counter(port=1, rudder=1), 1).tolist() == [0]


def test_equal_texts_have_cosine_and_overlap_1_and_unlike_ones_0() -> None:
    found = table().compare(FERRY, np.array([0, 1, 2]))
    assert found.cosine == pytest.approx([1, 0, 0])
    assert found.overlap == pytest.approx([1, 0, 0])
    assert found.mass[0] > 0 and found.mass[1:].tolist() == [0, 0]


def test_a_short_text_within_a_long_one_overlaps_wholly() -> None:
    assert table().compare(Counter(ferry=1), np.array([0])).overlap == pytest.approx([1])


def test_a_text_without_words_is_like_none() -> None:
    found = table().compare(NOTHING, np.array([0, 2]))
    assert found.cosine.tolist() == [0, 0]


def test_a_table_that_is_not_searchable_says_so() -> None:
    with pytest.raises(ValueError, match="searchable"):
        WordTable().nearest(FERRY, 1)
