import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.framework.confidence import Sample, column, intervals, percentiles, resamples
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
    assert intervals(outcomes, mean) != intervals(outcomes, mean, seed=1)


def test_an_interval_of_independent_outcomes_is_as_wide_as_theory_says() -> None:
    outcomes = [outcome(n, n, n % 2) for n in range(400)]
    low, high = intervals(outcomes, mean, count=1_000)["share"]
    wide = 2 * 1.96 * math.sqrt(0.25 / 400)
    assert (low + high) / 2 == pytest.approx(0.5, abs=0.01)
    assert high - low == pytest.approx(wide, rel=0.15)


def test_outcomes_that_stand_and_fall_together_widen_the_interval() -> None:
    alone = [outcome(n, n, n % 20 < 10) for n in range(200)]
    together = [outcome(n, n // 10, n % 20 < 10) for n in range(200)]
    narrow, wide = (intervals(o, mean)["share"] for o in (alone, together))
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


@pytest.mark.parametrize(("clusters", "has_one"), [(4, False), (5, True)])
def test_a_handful_of_clusters_has_no_interval(clusters: int, has_one: bool) -> None:
    outcomes = [outcome(n, n % clusters, n % 2) for n in range(100)]
    assert ("share" in intervals(outcomes, mean)) is has_one


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
