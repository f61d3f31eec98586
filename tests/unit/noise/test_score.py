"""Noise, state and peak follow from the stored items and a time, and from nothing else."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.incidents import State
from summarizer.noise import score as noise_score
from tests.support.builders import NOON, an_item, hours


def burst(count: int, every_minutes: float, start: dt.datetime = NOON, **fields: object) -> list:
    """Items that follow each other on one platform."""
    return [
        an_item(f"a{n}", published_at=start + dt.timedelta(minutes=n * every_minutes), **fields)
        for n in range(1, count + 1)
    ]


def loud(**fields: object) -> dict[str, object]:
    """Fields of an item that fills reach, engagement, star power, polarity and impact."""
    text = (
        "OpenAI and Google denied what a lawsuit alleges. The regulator fined them a billion "
        "after an outage, layoffs and injuries."
    )
    return {"text": text, "reach": 10**9, "engagement": {"likes": 10**8}} | fields


def model_page() -> list:
    """The shape of the model page: three items on two platforms within two days."""
    text = "Anthropic accused rivals of attacks on its models, a matter of national security."
    return [
        an_item("a1", text, platform="news", published_at=NOON, reach=40_000_000),
        an_item("a2", text, platform="x", published_at=NOON + hours(5), engagement={"likes": 900}),
        an_item("a3", text, platform="news", published_at=NOON + hours(30), reach=120_000),
    ]


def test_the_model_page_peaks_in_the_forties_and_is_closed_at_single_digits_two_weeks_later():
    at_peak = noise_score.measure(model_page(), NOON + hours(30))
    later = noise_score.measure(model_page(), NOON + dt.timedelta(days=24))

    assert (at_peak.score, at_peak.state) == (47, State.DEBATED)
    assert (later.score, later.state) == (5, State.CLOSED)
    assert (later.peak, later.peak_at) == (47, NOON + hours(30))


def test_weights_add_up_to_one():
    assert sum(noise_score.config().weights.values()) == pytest.approx(1)


def test_a_factor_without_input_is_left_out_and_its_weight_is_shared():
    quiet = noise_score.measure([an_item(text="A thing was announced.")], NOON)
    by_key = {f.key: f for f in quiet.factors}

    assert {k for k, f in by_key.items() if f.value is None} == {"reach", "engagement", "polarity"}
    assert all(by_key[k].weight == 0 for k in ("reach", "engagement", "polarity"))
    assert sum(f.weight for f in quiet.factors) == pytest.approx(1)
    assert "no item states its reach" in by_key["reach"].basis


def test_noise_halves_every_seven_days_once_coverage_was_quiet_for_a_day():
    items = [an_item("a1", **loud())]
    fresh = noise_score.measure(items, NOON + hours(24))
    week = noise_score.measure(items, NOON + hours(24) + dt.timedelta(days=7))

    assert fresh.decay == 1
    assert week.decay == pytest.approx(0.5)
    assert week.score == pytest.approx(fresh.score / 2, abs=1)


@pytest.mark.parametrize(
    ("items", "as_of", "state"),
    [
        pytest.param([], NOON, State.EMERGING, id="no items"),
        pytest.param(burst(15, 1), NOON + hours(0.5), State.EMERGING, id="15 in an hour"),
        pytest.param(burst(16, 1), NOON + hours(0.5), State.GROWING, id="16 in an hour"),
        pytest.param(burst(16, 1), NOON + hours(1.05), State.GROWING, id="slower, still 8 an hour"),
        pytest.param(burst(16, 1), NOON + hours(3), State.EMERGING, id="below 8 an hour"),
        pytest.param(
            [an_item("a1"), an_item("a2", platform="x")], NOON, State.DEBATED, id="two platforms"
        ),
        pytest.param([an_item("a1")], NOON + hours(100), State.CLOSED, id="quiet and cooled down"),
        pytest.param([an_item("a1")], NOON + hours(11), State.EMERGING, id="quiet, not yet cooled"),
    ],
)
def test_state_moves_by_rule(items, as_of, state):
    assert noise_score.measure(items, as_of).state is state


def very_loud() -> list:
    """Noise above 75 from noon on, on two platforms."""
    return [an_item("a1", **loud()), an_item("a2", platform="x", **loud())]


def test_loud_for_four_hours_is_major_and_loud_for_less_is_not():
    assert noise_score.measure(very_loud(), NOON).score > 75
    assert noise_score.measure(very_loud(), NOON + hours(3.9)).state is State.DEBATED
    assert noise_score.measure(very_loud(), NOON + hours(4)).state is State.MAJOR


def test_major_lasts_until_noise_falls_below_the_lower_threshold():
    course = [noise_score.measure(very_loud(), NOON + hours(24 + n * 12)) for n in range(8)]
    between = [at for at in course if 66 <= at.score < 75]
    below = [at for at in course if at.score < 65]

    assert between and below
    assert {at.state for at in between} == {State.MAJOR}
    assert {at.state for at in below} == {State.DEBATED}


def test_a_new_item_reopens_a_closed_incident_as_a_new_episode_and_the_peak_stays():
    reopened = [*model_page(), an_item("a9", published_at=NOON + dt.timedelta(days=40))]
    after = noise_score.measure(reopened, NOON + dt.timedelta(days=40))

    assert after.state is State.EMERGING
    assert after.score < 20
    assert (after.peak, after.peak_at) == (47, NOON + hours(30))


def test_items_after_as_of_are_not_looked_at():
    assert noise_score.measure(model_page(), NOON) == noise_score.measure(model_page()[:1], NOON)


def test_words_are_matched_whole():
    score = noise_score.measure([an_item(text="A bank and a courtyard; a fine meal.")], NOON)

    assert next(f for f in score.factors if f.key == "impact").value == 0


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2_000),
            st.sampled_from(["news", "x", "reddit"]),
            st.none() | st.integers(0, 10**10),
            st.integers(0, 10**9),
        ),
        max_size=25,
    ),
    st.integers(0, 3_000),
)
def test_noise_is_always_within_bounds_and_independent_of_order(rows, asked):
    items = [
        an_item(
            f"a{n}", published_at=NOON + hours(h), platform=p, reach=r, engagement={"likes": likes}
        )
        for n, (h, p, r, likes) in enumerate(rows)
    ]
    found = noise_score.measure(items, NOON + hours(asked))

    assert found == noise_score.measure(reversed(items), NOON + hours(asked))
    assert 0 <= found.score <= found.peak <= 100


def test_an_undated_item_changes_neither_score_nor_state_nor_peak_nor_hours():
    for days in (1, 24, 200):
        at = NOON + dt.timedelta(days=days)
        undated = an_item("a9", **loud(published_at=None, ingested_at=at - hours(1)))
        assert noise_score.measure([*model_page(), undated], at) == noise_score.measure(
            model_page(), at
        )


def test_an_incident_of_undated_items_alone_is_emerging_without_noise():
    undated = an_item("a1", **loud(published_at=None))
    found = noise_score.measure([undated], NOON + hours(1))

    assert (found.score, found.peak, found.state) == (0, 0, State.EMERGING)
    assert (found.factors, found.peak_at, found.reopened_at) == ((), None, None)
