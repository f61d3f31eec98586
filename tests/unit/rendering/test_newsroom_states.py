"""Names of states for editors, to whom an incident is quiet, never closed."""

import datetime as dt

import pytest

from summarizer.domain.incidents import State
from summarizer.noise import series
from summarizer.rendering import phrases, render_course
from tests.support.builders import an_item

AT = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("state", "newest_at", "waiting", "words"),
    [
        (State.CLOSED, AT, False, "Quiet since November 20, 2026"),
        (State.CLOSED, None, False, "Quiet"),
        (State.CLOSED, AT, True, "Open, quiet since November 20, 2026"),
        (State.CLOSED, None, True, "Open, quiet"),
        (State.MAJOR, AT, True, "Major"),
        (State.EMERGING, None, False, "Emerging"),
    ],
)
def test_an_incident_without_coverage_is_quiet_and_open_while_something_waits(
    state, newest_at, waiting, words
):
    assert phrases.newsroom_state(state, newest_at, waiting) == words


def test_no_name_for_editors_says_closed():
    for names in (phrases.NEWSROOM_STATES, phrases.NEWSROOM_BANDS):
        assert names.keys() == phrases.STATE_NAMES.keys()
        assert not any("closed" in name.lower() for name in names.values())


def test_a_chart_for_editors_says_little_noise():
    course = series.of([an_item(published_at=AT)], AT + dt.timedelta(days=30))

    assert "Case Closed since" in str(render_course(course))
    for_editors = str(render_course(course, phrases.NEWSROOM_BANDS))
    assert "Little noise since" in for_editors and "closed" not in for_editors.lower().replace(
        "band-closed", ""
    )
