from __future__ import annotations

import numpy as np

from summarizer.clustering.candidates import Vectors, nearest_first


def test_the_nearest_come_first_and_of_equal_ones_the_oldest() -> None:
    numbers = np.array([9, 4, 6, 2])
    cosines = np.array([0.5, 0.9, 0.5000001, 0.1], dtype=np.float32)
    assert nearest_first(numbers, cosines, 3).tolist() == [4, 6, 9]
    assert nearest_first(numbers, cosines, 2).tolist() == [4, 6]


def test_vectors_outlast_the_room_that_they_were_given() -> None:
    made = Vectors()
    rows = np.random.default_rng(2).normal(size=(1_500, 4)).astype(np.float32)
    for number, row in enumerate(rows):
        made.add(number, row)
    numbers, held = made.held()
    assert numbers == list(range(1_500))
    assert np.array_equal(held, rows)


def test_among_none_there_is_no_nearest() -> None:
    assert Vectors().nearest(np.ones(4, dtype=np.float32), 3).tolist() == []
