"""Where the counterparts of a claim's tokens stand, and what a network is told of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.verification.entailment.positions import COUNT, FUNCTION, NEGATION, places

NOTHING_KNOWN = np.zeros((30, 5), dtype=np.float32)
(
    SAME_BEFORE, SAME_BEHIND, MOVED_BEFORE, MOVED_BEHIND, CROSSED_BEFORE, CROSSED_BEHIND,
    SHARE, FARTHER, MAIN, MARGIN, MUTUAL, AROUND, LEAST_AROUND, NEGATED, LEFT, RIGHT,
) = range(COUNT)  # fmt: skip


def seen(claim: list[int], *sentences: list[int], table: np.ndarray = NOTHING_KNOWN) -> np.ndarray:
    """Places where equal tokens have cosine 1 and others 0."""
    source = np.concatenate([np.array(s) for s in sentences])
    numbers = np.repeat(np.arange(len(sentences)), [len(s) for s in sentences])
    cosines = (np.array(claim)[:, None] == source[None]).astype(np.float32)
    return places(cosines, np.array(claim), source, numbers, table)


ANA, SUED, BEN, LEFT_TOWN, NOT, THE = 1, 2, 3, 4, 5, 6


def test_a_copy_stands_where_it_stood():
    rows = seen([ANA, SUED, BEN], [LEFT_TOWN, ANA, SUED, BEN])

    assert rows[:, [SAME_BEFORE, SAME_BEHIND, SHARE, MUTUAL]].min() == 1
    assert rows[:, [MOVED_BEFORE, MOVED_BEHIND, CROSSED_BEFORE, CROSSED_BEHIND]].max() == 0
    assert rows[1:, LEFT].min() == rows[:-1, RIGHT].min() == 1


def test_parties_that_changed_places_are_crossed():
    assert seen([ANA, SUED, BEN], [BEN, SUED, ANA])[:, CROSSED_BEHIND].tolist() == [1, 1, 0]


def test_halves_of_two_sentences_are_told_from_one_sentence():
    apart = seen([ANA, SUED, BEN], [ANA, SUED], [LEFT_TOWN, BEN])

    assert apart[:, SAME_BEHIND].tolist() == [1, 0, 1]
    assert apart[:, SHARE] == pytest.approx([2 / 3, 2 / 3, 1 / 3])
    assert apart[:, FARTHER].tolist() == [0, 0, 1]  # the main sentence lacks it


def test_what_the_source_adds_beside_a_counterpart_is_seen():
    assert seen([ANA, SUED, BEN], [ANA, SUED, BEN])[1, LEAST_AROUND] == 1
    assert seen([ANA, SUED, BEN], [ANA, SUED, LEFT_TOWN, BEN])[1, LEAST_AROUND] == 0


def test_a_negation_of_the_source_alone_counts_one_and_one_of_the_claim_alone_minus_one():
    table = NOTHING_KNOWN.copy()
    table[NOT, NEGATION] = 1

    assert seen([ANA, SUED], [ANA, NOT, SUED], table=table)[:, NEGATED].tolist() == [1, 1]
    assert seen([ANA, NOT, SUED], [ANA, SUED], table=table)[0, NEGATED] == -1
    assert seen([ANA, NOT, SUED], [ANA, NOT, SUED], table=table)[0, NEGATED] == 0


def test_words_without_content_are_nobodys_neighbours():
    table = NOTHING_KNOWN.copy()
    table[THE, FUNCTION] = 1
    rows = seen([ANA, THE, BEN], [THE, BEN], [ANA], table=table)

    assert rows[2, SAME_BEFORE] == 0  # Ana, not the article before it


@given(
    st.lists(st.integers(0, 29), min_size=1, max_size=12),
    st.lists(st.lists(st.integers(0, 29), min_size=1, max_size=8), min_size=1, max_size=5),
)
def test_any_claim_and_sources_give_a_finite_row_a_token(claim, sentences):
    rows = seen(claim, *sentences)

    assert rows.shape == (len(claim), COUNT)
    assert np.isfinite(rows).all()
