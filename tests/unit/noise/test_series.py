"""The course of noise over time: each point is what noise was then, and stays so."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.incidents import State
from summarizer.errors import InputError
from summarizer.noise import score, series
from tests.support.builders import NOON, an_item, hours

TEXTS = (
    "OpenAI denied what a lawsuit alleges after an outage.",
    "The regulator fined Google a billion.",
    "Nothing happened.",
)


@st.composite
def stories(draw: st.DrawFn) -> list:
    """Items of one incident, in bursts with quiet weeks between them."""
    gaps = draw(st.lists(st.sampled_from([0, 0.01, 0.2, 3, 30, 24 * 9]), min_size=1, max_size=25))
    at, items = NOON, []
    for n, gap in enumerate(gaps):
        at += hours(gap)
        items.append(
            an_item(
                f"a{n}",
                draw(st.sampled_from(TEXTS)),
                published_at=at,
                platform=draw(st.sampled_from(["news", "x"])),
                reach=draw(st.sampled_from([None, 100, 10**9])),
                engagement=draw(st.sampled_from([{}, {"likes": 10**8}])),
            )
        )
    return items


@given(stories(), st.lists(st.floats(0, 24 * 60), min_size=1, max_size=8))
def test_the_series_at_a_time_is_the_noise_measured_as_of_that_time(items, offsets):
    times = sorted(NOON + hours(offset) for offset in offsets)
    walk = score.NoiseCurve(map(score.read, items))

    for point in walk.points(times):
        measured = score.measure(items, point.at)
        assert (point.score, point.state) == (measured.score, measured.state)


@given(stories(), st.floats(0, 24 * 60))
def test_the_state_at_a_time_is_that_of_the_band_around_it(items, offset):
    until = NOON + dt.timedelta(days=70)
    at = max(NOON + hours(offset), items[0].seen_at)
    bands = series.of(items, until).bands

    (around,) = [band for band in bands if band.since <= at < band.until]
    assert around.state is score.measure(items, at).state
    assert all(a.until == b.since and a.state is not b.state for a, b in pairwise(bands))


@given(stories(), stories())
def test_items_that_come_later_change_no_earlier_point(items, others):
    until = max(item.seen_at for item in items)
    later = [
        other.model_copy(update={"key": f"b{n}", "published_at": at, "ingested_at": at})
        for n, other in enumerate(others)
        if other.seen_at > NOON and (at := other.seen_at + (until - NOON))
    ]

    assert series.of(items, until) == series.of([*items, *later], until)


@given(stories())
def test_a_drawing_shows_the_peak_and_ends_before_the_time_it_is_asked_for(items):
    asked = NOON + dt.timedelta(days=700)
    drawn = series.picture(items, asked)

    assert max(point.score for point in drawn.points) == drawn.peak
    assert drawn.peak_at in {point.at for point in drawn.points}
    assert max(item.seen_at for item in items) < drawn.until < asked
    assert list(drawn.points) == sorted(drawn.points, key=lambda point: point.at)


def reopening() -> list:
    """Covered on 1 May, closed, and covered again on 20 May."""
    again = NOON + dt.timedelta(days=19)
    return [an_item("a1"), an_item("a2", published_at=NOON + hours(2)),
            an_item("a3", published_at=again)]  # fmt: skip


def test_new_coverage_after_a_close_reopens_an_incident_and_the_peak_stays():
    items = reopening()
    again = items[-1].seen_at
    found = series.of(items, again + hours(1))

    assert found.reopened == (again,)
    assert [band.state for band in found.bands] == [State.EMERGING, State.CLOSED, State.EMERGING]
    assert score.measure(items, again).reopened_at == again
    assert score.measure(items, again - hours(1)).reopened_at is None
    assert series.reopened(items, {"a3"}) and not series.reopened(items, {"a2"})


def test_a_quiet_shorter_than_any_cooldown_closes_nothing():
    items = [an_item("a1"), an_item("a2", published_at=NOON + series.SHORTEST_QUIET - hours(0.1))]

    assert not series.reopened(items, {"a2"})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": NOON + hours(2)}, "before it begins"),
        ({"step_s": 1, "since": NOON - hours(1)}, "longer step"),
    ],
)
def test_a_series_that_cannot_be_is_refused_in_words(asked, said):
    with pytest.raises(InputError, match=said):
        series.of([an_item()], NOON + hours(1), **asked)


@pytest.mark.parametrize("days", [0, 0.01, 1, 30, 900])
def test_a_step_is_chosen_so_that_the_points_are_few_and_the_last_is_at_the_end(days):
    until = NOON + dt.timedelta(days=days)
    found = series.of([an_item()], until)

    assert len(found.points) <= series.USUAL_POINTS + 1
    assert (found.points[0].at, found.points[-1].at) == (NOON, until)


@pytest.mark.parametrize("step_s", [3_600, 10**9, 10**12, 10**30])
def test_a_step_longer_than_the_whole_leaves_the_first_point_and_the_last(step_s):
    found = series.of([an_item()], NOON + hours(1), step_s=step_s)
    assert [point.at for point in found.points] == [NOON, NOON + hours(1)]


def test_an_incident_without_a_public_item_has_no_bands_and_no_peak():
    found = series.of([an_item(published_at=NOON + hours(5))], NOON)

    assert (found.bands, found.peak, found.peak_at) == ((), 0, None)
    assert [point.score for point in found.points] == [0]


@given(stories(), st.floats(0, 24 * 60))
def test_undated_items_add_nothing_to_a_series(items, offset):
    until = NOON + dt.timedelta(days=70)
    came = NOON + hours(offset)
    undated = [an_item(f"b{n}", TEXTS[0], published_at=None, ingested_at=came) for n in range(3)]

    assert series.of([*items, *undated], until) == series.of(items, until)
    assert series.picture([*items, *undated], until) == series.picture(items, until)
    assert not series.reopened([*items, *undated], {"b0", "b1", "b2"})


def test_the_series_of_undated_items_alone_is_flat():
    found = series.picture([an_item(published_at=None)], NOON + hours(5))

    assert {point.score for point in found.points} == {0}
    assert (found.bands, found.peak, found.peak_at) == ((), 0, None)
