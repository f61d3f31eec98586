"""Noise from the newest item on, from a stored outlook instead of the items."""

import datetime as dt
import random

import pytest

from summarizer.domain.incidents import State
from summarizer.domain.outlook import Outlook, half_lives
from summarizer.noise import score
from tests.support.builders import NOON, an_item, hours

LOUD = "A lawsuit alleges a fine of a billion; OpenAI denied it after layoffs and an outage."


def a_curve(seed: int) -> score.NoiseCurve:
    """A course of items in bursts and pauses on one to three platforms."""
    drawn, at, items = random.Random(seed), NOON, []
    for n in range(drawn.choice([1, 3, 30])):
        at += dt.timedelta(minutes=drawn.choice([1, 2, 3, 90, 4_000]))
        platform = drawn.choice(["news", "x", "reddit"][: 1 + seed % 3])
        reach = drawn.choice([None, 10, 10**6, 10**9])
        items.append(an_item(f"a{n}", LOUD, published_at=at, platform=platform, reach=reach))
    return score.NoiseCurve(map(score.read, items))


@pytest.mark.parametrize("seed", range(12))
def test_a_stored_outlook_tells_what_the_items_would(seed: int):
    curve = a_curve(seed)
    stored = Outlook.model_validate_json(curve.outlook().model_dump_json())
    assert stored.since is not None

    for quarter in range(0, 240, 3):
        at = stored.since + hours(quarter)
        (point,) = curve.points([at])
        assert (stored.at(at).score, stored.at(at).state) == (point.score, point.state)
        assert stored.at(at) == curve.at(at)


@pytest.mark.parametrize("seed", range(12))
def test_score_and_state_stay_until_the_time_that_is_told(seed: int):
    outlook, drawn = a_curve(seed).outlook(), random.Random(seed)
    assert outlook.since is not None
    lasting = 0
    for _ in range(200):
        at = outlook.since + dt.timedelta(seconds=drawn.uniform(0, 60 * 86_400))
        until = outlook.same_until(at)
        lasting += until > at
        span = min(until - at, dt.timedelta(days=400))
        for share in (0.0, 0.5, 0.999999):
            then, now = outlook.at(at + share * span), outlook.at(at)
            assert (then.score, then.state) == (now.score, now.state)
    assert lasting > 190
    assert outlook.same_until(outlook.since - hours(1)) == outlook.since - hours(1)


def test_incidents_that_fade_stay_in_one_order():
    found = [a_curve(seed).outlook() for seed in range(12)]
    at = max(o.fades_from for o in found if o.fades_from) + hours(1)

    def now(outlook: Outlook) -> float:
        return outlook.score * outlook.decay(at)

    assert sorted(found, key=lambda o: o.fade) == sorted(found, key=now)
    for outlook in found:
        assert 2 ** (outlook.fade - half_lives(at, 7)) == pytest.approx(now(outlook))


def test_without_a_dated_item_there_is_no_noise_ever():
    outlook = score.NoiseCurve([score.read(an_item(published_at=None))]).outlook()
    later = outlook.at(NOON + hours(9_000))

    assert (later.score, later.decay, later.peak_at, later.factors) == (0, 1.0, None, ())
    assert outlook.fade < half_lives(dt.datetime(1, 1, 1, tzinfo=dt.UTC), 7)


def test_an_announced_step_keeps_it_open_until_its_day_is_over():
    quiet = score.NoiseCurve([score.read(an_item())]).outlook()
    assert quiet.closes_at is not None
    hearing = quiet.closes_at + hours(100)
    waits = quiet.model_copy(update={"open_until": hearing})

    assert quiet.state(quiet.closes_at) is State.CLOSED
    assert waits.state(quiet.closes_at) is not State.CLOSED
    assert waits.same_until(quiet.closes_at) <= hearing
    assert waits.state(hearing) is State.CLOSED


def test_a_step_before_the_end_of_coverage_changes_nothing():
    quiet = score.NoiseCurve([score.read(an_item())]).outlook()
    past = quiet.model_copy(update={"open_until": NOON - hours(24)})
    assert past.closed_from == quiet.closes_at
