import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.adapters.onnx import batches


@pytest.mark.parametrize(
    ("lengths", "groups"),
    [
        ([], []),
        ([5], [[0]]),
        ([5, 1, 4], [[1, 2], [0]]),
        ([50, 3], [[1], [0]]),
    ],
)
def test_sequences_of_like_length_share_a_batch(lengths, groups):
    assert list(batches.by_length(lengths, most=10)) == groups


@given(st.lists(st.integers(1, 40), max_size=30), st.integers(1, 100))
def test_every_sequence_is_in_one_batch_and_none_is_too_large(lengths, most):
    found = list(batches.by_length(lengths, most))
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    assert all(len(b) == 1 or len(b) * max(lengths[i] for i in b) <= most for b in found)
