"""Intervals of an estimate, p values at a bound, and Holm's adjustment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.framework.estimates import DIFFERENCE, SHARE, Estimate, holm

ERRORS = st.one_of(st.just(0.0), st.floats(1e-3, 0.5))
CLUSTERS = st.integers(5, 100)
SHARES = st.builds(
    Estimate, st.integers(0, 1000).map(lambda n: n / 1000), ERRORS, CLUSTERS, st.just(SHARE)
)
DIFFERENCES = st.builds(
    Estimate,
    st.integers(-1000, 1000).map(lambda n: n / 1000),
    ERRORS,
    CLUSTERS,
    st.just(DIFFERENCE),
)
AMOUNTS = st.builds(Estimate, st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), CLUSTERS)
LEVELS = st.floats(0.5, 0.999)


@given(st.one_of(SHARES, DIFFERENCES, AMOUNTS), LEVELS)
def test_an_interval_holds_its_estimate_and_stays_where_values_can_be(
    one: Estimate, level: float
) -> None:
    low, high = one.interval(level)
    assert low <= one.value <= high
    if one.span is not None:
        assert one.span[0] <= low < high <= one.span[1]


@given(st.one_of(SHARES, DIFFERENCES, AMOUNTS))
def test_more_certainty_is_a_wider_interval(one: Estimate) -> None:
    (low, high), (lower, higher) = one.interval(0.9), one.interval(0.99)
    assert lower <= low and high <= higher
    assert higher - lower > high - low or one.span == (lower, higher)


@given(st.one_of(SHARES, DIFFERENCES, AMOUNTS), st.sampled_from([0.9, 0.95, 0.99]))
def test_an_interval_ends_where_the_p_value_is_one_less_its_level(
    one: Estimate, level: float
) -> None:
    for end in one.interval(level):
        if end != one.value and end not in (one.span or ()):
            assert one.p_value(end) == pytest.approx(1 - level, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "clusters", "expected"),
    [
        # 1 - .025 ** (1/6), as in Clopper and Pearson's tables
        (0.0, 6, (0.0, 0.4593)),
        (1.0, 6, (0.5407, 1.0)),
        (0.0, 50, (0.0, 0.0711)),
    ],
)
def test_none_of_a_few_clusters_is_not_none_of_all(
    value: float, clusters: int, expected: tuple[float, float]
) -> None:
    assert Estimate(value, 0.0, clusters, SHARE).interval() == pytest.approx(expected, abs=1e-4)


def test_a_share_of_which_clusters_are_single_claims_has_the_interval_of_wilson_and_t() -> None:
    # 12 claims, 9 right: error sqrt(.75 * .25 / 12) * sqrt(12 / 11); t of 11 is 2.2010
    one = Estimate(0.75, 0.130558, 12, SHARE)
    assert one.interval() == pytest.approx((0.4222, 0.9249), abs=1e-4)


def test_runs_that_never_differ_may_still_differ_elsewhere() -> None:
    low, high = Estimate(0.0, 0.0, 50, DIFFERENCE).interval()
    assert (low, high) == pytest.approx((-0.0711, 0.0711), abs=1e-4)


def test_an_amount_has_the_interval_of_t() -> None:
    # t of 9 degrees of freedom at .975 is 2.2622
    assert Estimate(100.0, 10.0, 10).interval() == pytest.approx((77.378, 122.622), abs=1e-3)


@pytest.mark.parametrize(
    ("one", "at", "p"),
    [
        (Estimate(100.0, 10.0, 10), 100.0, 1.0),
        (Estimate(100.0, 10.0, 10), 77.378, 0.05),
        (Estimate(0.5, 0.1, 10, SHARE), -0.1, 0.0),
        (Estimate(0.5, 0.1, 10, SHARE), 1.0, 0.0),
        (Estimate(0.0, 0.0, 6, SHARE), 0.4593, 0.05),
        (Estimate(0.0, 0.0, 6, SHARE), 0.01, 1.0),
        (Estimate(0.0, 0.0, 50, DIFFERENCE), -0.0711, 0.05),
    ],
)
def test_a_p_value_is_small_where_the_truth_can_hardly_be(
    one: Estimate, at: float, p: float
) -> None:
    assert one.p_value(at) == pytest.approx(p, abs=1e-3)


@pytest.mark.parametrize(
    ("given_", "adjusted"),
    [
        ({}, {}),
        ({"a": 0.03}, {"a": 0.03}),
        # Holm 1979: the least times 3, the next times 2, never less than one before
        ({"a": 0.04, "b": 0.01, "c": 0.03}, {"a": 0.06, "b": 0.03, "c": 0.06}),
        ({"a": 0.9, "b": 0.8}, {"a": 1.0, "b": 1.0}),
    ],
)
def test_p_values_are_adjusted_for_the_number_of_figures(
    given_: dict[str, float], adjusted: dict[str, float]
) -> None:
    assert holm(given_) == pytest.approx(adjusted)
    assert list(holm(given_)) == list(given_)
