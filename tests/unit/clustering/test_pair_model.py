import math
from itertools import pairwise

import numpy as np
import pytest

from summarizer.clustering.pair_features import NAMES, Comparison
from summarizer.clustering.pair_model import COPY, PairModel, Regime, shipped

MODEL = PairModel(
    long=Regime(intercept=-2, weights={"words": 4, "days_apart": -1}),
    short=Regime(intercept=-3, weights={"words": 8}),
    threshold=0,
    merge_margin=1,
    most_merged=10,
    best=0.5,
    several=3,
    many=4,
    support=0.7,
)


def a_pair(*, short: bool = False, copy: bool = False, **features: float) -> Comparison:
    """A comparison with one other item."""
    row = [features.get(name, 0.0) for name in NAMES]
    return Comparison(
        numbers=np.array([1]),
        features=np.array([row]),
        short=np.array([short]),
        copy=np.array([copy]),
        days=np.array([0.0]),
    )


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (a_pair(), -2),
        (a_pair(words=0.5, days_apart=1), -1),
        (a_pair(words=0.5, days_apart=1, short=True), 1),
        (a_pair(copy=True), COPY),
        (a_pair(names=9), -2),
    ],
)
def test_the_log_odds_are_those_of_the_pairs_regime(pair: Comparison, expected: float) -> None:
    assert MODEL.log_odds(pair).tolist() == [expected]


@pytest.mark.parametrize(
    ("items", "gained"), [(1, 0), (4, 0), (8, 0.7 * math.log(2)), (40, 0.7 * math.log(10))]
)
def test_an_incident_gains_by_items_beyond_many(items: int, gained: float) -> None:
    assert MODEL.draw(items) == pytest.approx(gained)


def test_contributions_add_up_to_the_log_odds_and_come_largest_first() -> None:
    features = {"words": 0.5, "days_apart": 3.0, "names": 1.0}
    parts = MODEL.contributions(features, short=False)
    assert list(parts) == ["days_apart", "words", "names"]
    (log_odds,) = MODEL.log_odds(a_pair(**features)).tolist()
    assert sum(parts.values()) + MODEL.long.intercept == log_odds


def test_the_shipped_model_weighs_known_features_alone() -> None:
    model = shipped()
    assert set(model.long.weights) | set(model.short.weights) <= set(NAMES)


@pytest.mark.parametrize("short", [True, False])
def test_the_shipped_model_finds_like_items_likelier_than_unlike_ones(short: bool) -> None:
    like = a_pair(meaning=0.8, words=0.6, names=0.7, lead=0.5, title=0.4, same_day=1, short=short)
    unlike = a_pair(other_event_day=1, days_apart=3, weeks_apart=1, short=short)
    (one,), (other,) = shipped().log_odds(like), shipped().log_odds(unlike)
    assert one > shipped().threshold > other


@pytest.mark.parametrize("short", [False, True])
def test_time_between_two_items_never_speaks_for_one_incident(short):
    """Months apart two unlike short items were one incident: no set of titles spans months."""
    scores = []
    for days in (0, 1, 2, 5, 8, 20, 60, 200, 1_000):
        apart = {
            "days_apart": math.log1p(days),
            "weeks_apart": max(0.0, math.log1p(days) - math.log1p(7)),
            "same_day": float(days < 2),
        }
        scores.append(float(shipped().log_odds(a_pair(short=short, **apart))[0]))
    assert all(later <= sooner + 1e-6 for sooner, later in pairwise(scores))
