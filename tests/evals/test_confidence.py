import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.framework.confidence import (
    FEW_CLUSTERS,
    Sample,
    column,
    differences,
    estimates,
    intervals,
    percentiles,
    resamples,
)
from evals.framework.estimates import DIFFERENCE, SHARE
from evals.framework.results import Outcome


def outcome(n: int, cluster: object, value: float | None) -> Outcome:
    return Outcome(key=str(n), cluster=str(cluster), group="g", values={"right": value})


def mean(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    return {"share": float(column(outcomes, "right").mean())}


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_a_draw_takes_clusters_whole_and_as_many_as_there_are(clusters: list[int]) -> None:
    named = [str(c) for c in clusters]
    for rows in resamples(named, count=5):
        taken = [named[row] for row in rows]
        times = {c: taken.count(c) / named.count(c) for c in set(taken)}
        assert all(n == int(n) for n in times.values())
        assert sum(times.values()) == len(set(named))


def test_a_draw_with_replacement_differs_from_what_it_drew_from() -> None:
    rows = [sorted(drawn) for drawn in resamples([str(n) for n in range(20)], count=10)]
    assert all(row != list(range(20)) for row in rows)
    assert len({tuple(row) for row in rows}) == 10


def test_the_same_outcomes_have_the_same_interval() -> None:
    outcomes = [outcome(n, n, n % 2) for n in range(40)]
    assert intervals(outcomes, mean) == intervals(outcomes, mean)


OUTCOMES = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=80)


@given(OUTCOMES)
def test_an_interval_holds_its_estimate(drawn: list[tuple[int, bool]]) -> None:
    outcomes = [outcome(n, cluster, right) for n, (cluster, right) in enumerate(drawn)]
    for name, (low, high) in intervals(outcomes, mean).items():
        assert 0 <= low <= mean(outcomes)[name] <= high <= 1
        assert low < high


@given(OUTCOMES)
def test_an_interval_of_a_difference_holds_it(drawn: list[tuple[int, bool]]) -> None:
    a = [outcome(n, cluster, right) for n, (cluster, right) in enumerate(drawn)]
    b = [outcome(n, cluster, n % 3 > 0) for n, (cluster, _) in enumerate(drawn)]
    for name, one in differences(a, b, mean).items():
        low, high = one.interval()
        assert -1 <= low <= mean(b)[name] - mean(a)[name] <= high <= 1
        assert low < high


@pytest.mark.parametrize("count", [FEW_CLUSTERS - 1, 400])
def test_the_error_of_independent_outcomes_is_as_large_as_theory_says(count: int) -> None:
    outcomes = [outcome(n, n, n % 2) for n in range(count)]
    one = estimates(outcomes, mean)["share"]
    share = mean(outcomes)["share"]
    assert one.error == pytest.approx(math.sqrt(share * (1 - share) / (count - 1)), rel=0.1)
    assert (one.value, one.clusters, one.span) == (share, count, SHARE)


@pytest.mark.parametrize("clusters", [20, 40])
def test_outcomes_that_stand_and_fall_together_widen_the_interval(clusters: int) -> None:
    alone = [outcome(n, n, n % 20 < 10) for n in range(clusters * 10)]
    together = [outcome(n, n // 10, n % 20 < 10) for n in range(clusters * 10)]
    narrow, wide = (intervals(o, mean)["share"] for o in (alone, together))
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


@pytest.mark.parametrize(("clusters", "has_one"), [(4, False), (5, True)])
def test_a_handful_of_clusters_has_no_interval(clusters: int, has_one: bool) -> None:
    outcomes = [outcome(n, n % clusters, n % 2) for n in range(100)]
    assert ("share" in intervals(outcomes, mean)) is has_one


def test_none_of_six_is_counted_by_cluster() -> None:
    outcomes = [outcome(n, n % 6, 0) for n in range(60)]
    assert intervals(outcomes, mean)["share"] == pytest.approx((0, 1 - 0.025 ** (1 / 6)))


def by_label(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """The share of ones, and that share balanced with the share of zeros; both are 1."""
    right = column(outcomes, "right")
    ones, zeros = (right == 1).any(), (right == 0).any()
    return {"of ones": 1.0 if ones else math.nan, "both": 1.0 if ones and zeros else math.nan}


def test_only_clusters_that_bear_on_a_figure_count() -> None:
    outcomes = [outcome(n, n, n < 7) for n in range(50)]
    found = estimates(outcomes, by_label)
    assert found["of ones"].clusters == 7
    assert "both" not in found
    mixed = [outcome(n, n // 2, n % 2) for n in range(24)]
    assert estimates(mixed, by_label)["both"].clusters == 12
    one_class_each = [outcome(n, n, n % 2) for n in range(24)]
    assert estimates(one_class_each, by_label)["both"].clusters == 12


def test_a_difference_of_paired_runs_is_narrower_than_either_of_them() -> None:
    a = [outcome(n, n // 4, n % 40 < 20) for n in range(400)]
    b = [outcome(n, n // 4, n % 40 < 22) for n in range(400)]
    one = differences(a, b, mean)["share"]
    low, high = one.interval()
    assert one.span == DIFFERENCE
    assert one.value == pytest.approx(0.05)
    assert 0 < low < 0.05 < high
    alone = intervals(a, mean)["share"]
    assert high - low < (alone[1] - alone[0]) / 2


def test_runs_that_are_equal_have_an_interval_around_no_difference() -> None:
    a = [outcome(n, n, n % 2) for n in range(50)]
    low, high = differences(a, a, mean)["share"].interval()
    assert (low, high) == pytest.approx((-0.071, 0.071), abs=1e-3)


def amounts(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    mean = float(column(outcomes, "right").mean())
    return {"judge: tokens": mean, "balanced accuracy earned": mean - 0.5, "size": 100 * mean + 7}


def test_a_figure_that_is_no_share_has_no_bound_of_a_share() -> None:
    outcomes = [outcome(n, n, n % 10 == 0) for n in range(20)]
    found = estimates(outcomes, amounts)
    spans = {name: one.span for name, one in found.items()}
    assert spans == {"judge: tokens": None, "balanced accuracy earned": DIFFERENCE, "size": None}
    assert found["judge: tokens"].interval()[0] < 0
    b = [outcome(n, n, n % 5 == 0) for n in range(20)]
    assert differences(outcomes, b, amounts)["size"].span is None


def test_an_amount_that_is_the_same_in_all_clusters_has_no_interval() -> None:
    outcomes = [outcome(n, n, 0) for n in range(20)]
    assert set(estimates(outcomes, amounts)) == {"balanced accuracy earned"}


def test_a_ranking_of_clusters_that_are_alike_is_as_unsure_as_independent_outcomes() -> None:
    def area(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        value = 0.77 + len(outcomes) * 1e-5
        return {"AUPRC": value, "faithfulness": value}

    found = intervals([outcome(n, n * n // 500, n % 2) for n in range(100)], area)
    assert found["AUPRC"] == pytest.approx((0.67, 0.85), abs=0.01)
    assert found["faithfulness"] == pytest.approx((0.771, 0.771), abs=1e-3)


@pytest.mark.parametrize(("undefined", "has_one"), [(0, True), (10, True), (11, False)])
def test_a_figure_that_is_often_undefined_has_no_interval(undefined: int, has_one: bool) -> None:
    drawn = [{"share": math.nan if n < undefined else 0.5} for n in range(100)]
    assert percentiles(drawn) == ({"share": (0.5, 0.5)} if has_one else {})


def test_a_column_has_no_number_where_nothing_could_be_judged() -> None:
    outcomes = [outcome(0, 0, 1.0), outcome(1, 1, None)]
    for given_ in (outcomes, Sample(outcomes)):
        assert column(given_, "right").tolist()[0] == 1.0
        assert np.isnan(column(given_, "right")[1])
        assert np.isnan(column(given_, "other")).all()


@given(st.lists(st.integers(0, 4), max_size=20), st.lists(st.integers(0, 19), max_size=5))
def test_a_sample_is_the_outcomes_at_its_places(rows: list[int], again: list[int]) -> None:
    outcomes = [outcome(n, n, n) for n in range(5)]
    sample = Sample(outcomes).at(np.array(rows, dtype=np.intp))
    assert list(sample) == [outcomes[r] for r in rows]
    assert [sample[i] for i in range(len(sample))] == sample[:] == list(sample)
    assert sample.column("right").tolist() == rows
    places = [i for i in again if i < len(rows)]
    twice = sample.at(np.array(places, dtype=np.intp))
    assert list(twice) == [outcomes[rows[i]] for i in places]


def test_a_quantile_has_no_interval() -> None:
    outcomes = [
        Outcome(key=str(n), cluster=str(n), group="g", values={"seconds": n}) for n in range(12)
    ]

    def measure(found: Sequence[Outcome]) -> Mapping[str, float]:
        seconds = column(found, "seconds")
        return {"seconds": float(seconds.mean()), "seconds: p95": float(np.percentile(seconds, 95))}

    assert set(intervals(outcomes, measure)) == {"seconds"}
