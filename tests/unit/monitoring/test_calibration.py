"""How good forecasts were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.monitoring.calibration import MOST_BINS, calibration, wilson


@pytest.mark.parametrize(
    ("pairs", "brier"),
    [
        ([(1.0, True), (0.0, False)], 0.0),
        ([(1.0, False), (0.0, True)], 1.0),
        ([(0.5, True), (0.5, False)], 0.25),
        ([(0.8, True), (0.6, False)], (0.04 + 0.36) / 2),
    ],
)
def test_the_score_is_the_mean_squared_miss(pairs: list[tuple[float, bool]], brier: float) -> None:
    assert calibration(pairs).brier == pytest.approx(brier)


def test_without_resolved_forecasts_there_is_no_score() -> None:
    assert calibration([]).model_dump() == {
        "n": 0,
        "brier": None,
        "base_rate": None,
        "brier_of_base_rate": None,
        "bins": (),
    }


def test_wilsons_interval_is_that_of_the_books() -> None:
    low, high = wilson(8, 10)
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


@given(st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()), min_size=1))
def test_bins_part_all_forecasts_by_probability(pairs: list[tuple[float, bool]]) -> None:
    found = calibration(pairs)
    assert sum(b.n for b in found.bins) == found.n == len(pairs)
    assert len(found.bins) <= MOST_BINS
    assert all(a.high < b.low for a, b in zip(found.bins, found.bins[1:], strict=False))
    assert all(b.interval[0] <= b.came <= b.interval[1] for b in found.bins)
    assert found == calibration(sorted(pairs, reverse=True))
