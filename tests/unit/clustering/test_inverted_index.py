from collections.abc import Sequence
from itertools import permutations

import numpy as np

from summarizer.clustering import inverted_index
from summarizer.clustering.fingerprint import Words
from summarizer.clustering.inverted_index import Holding, Postings

FERRY, PORT, RUDDER, UNHEARD = 1, 2, 3, 4


def words(*numbers: int) -> Words:
    return np.array(numbers, dtype=np.uint32)


def found(made: Postings, limit: int, **rarity: float) -> list[int]:
    names = {"ferry": FERRY, "port": PORT, "rudder": RUDDER, "unheard": UNHEARD}
    asked = words(*(names[name] for name in rarity))
    return made.nearest(asked, np.array(list(rarity.values())), limit).tolist()


def test_items_that_share_words_are_found_and_no_others() -> None:
    made = Postings()
    made.add(7, words(FERRY, PORT))
    made.add(8, words(RUDDER))
    assert found(made, 5, ferry=2, port=1) == [7]
    assert found(made, 5, unheard=3) == []


def test_a_rare_word_that_is_shared_weighs_more_than_a_common_one() -> None:
    made = Postings()
    made.add(1, words(PORT))
    made.add(2, words(RUDDER))
    made.add(3, words(PORT, FERRY))
    assert found(made, 3, port=1, rudder=3) == [2, 1, 3]


def test_the_order_in_which_items_come_changes_nothing() -> None:
    items = {5: words(PORT), 6: words(PORT, FERRY), 9: words(FERRY)}
    answers = set()
    for order in permutations(items):
        made = Postings()
        for number in order:
            made.add(number, items[number])
        answers.add(tuple(found(made, 2, port=1, ferry=1)))
    assert answers == {(6, 5)}


def test_of_a_common_word_the_newest_items_are_kept() -> None:
    most = inverted_index.MOST_OF_A_WORD
    made = Postings()
    for number in [*range(most, 3 * most), *range(most)]:
        made.add(number, words(PORT))
    assert found(made, 3, port=1) == [2 * most, 2 * most + 1, 2 * most + 2]


def test_earlier_items_are_found_as_if_they_had_been_added_and_are_asked_for_at_once() -> None:
    asked: list[list[int]] = []

    def earlier(words: Sequence[int]) -> Holding:
        asked.append(list(words))
        return {PORT: np.array([1, 2]), RUDDER: np.array([2])}.__getitem__

    made = Postings(earlier)
    made.add(9, words(PORT))
    assert found(made, 5, port=1, rudder=3) == [2, 1, 9]
    assert asked == [[RUDDER, PORT]]
