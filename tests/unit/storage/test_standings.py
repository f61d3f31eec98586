"""``Standings``: when the planner looks again, on databases in memory and in a file."""

import datetime as dt

import pytest

from summarizer.domain.incidents import IncidentId
from summarizer.domain.outlook import Outlook
from summarizer.domain.reviews import ReviewState
from summarizer.domain.standings import Standing
from summarizer.storage import standings
from summarizer.storage.standings import Looked
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours

HOUR = dt.timedelta(hours=1)


def a_standing(number: int, score: float, since: dt.datetime = NOON) -> Standing:
    outlook = Outlook(
        since=since,
        score=score,
        fades_from=since + hours(24),
        half_life_days=7,
        peak=score,
        peak_at=since,
        closes_at=since + hours(100),
        major_from=None,
        major_until=since,
        growing_until=None,
        debated=False,
        reopened_at=None,
        factors=(),
        config_version="1",
    )
    return Standing(
        incident_id=IncidentId(f"INC-{number:06d}"),
        number=number,
        created_at=NOON,
        items=(),
        highest=0,
        platforms=(),
        newest_at=since,
        origins=1,
        tokens=1,
        evidence_hash="h",
        arrived_at=NOON,
        waiting_since=NOON,
        revision=None,
        drafted_hash=None,
        drafted_at=None,
        held=(),
        title="t",
        review=ReviewState.UNREVIEWED,
        attention=(),
        changed_at=None,
        outlook=outlook,
    )


@pytest.fixture
def store(store: Store) -> Store:
    for _ in range(4):
        store.create_incident(NOON)
    return store


def due(store: Store, now: dt.datetime, limit: int = 9) -> list[int]:
    return [one.number for one, _ in store.standings.due(now, HOUR, limit)]


def looked(store: Store, until: dict[int, dt.datetime | None], rules: str = "r") -> None:
    found = {number: Looked(1, at, "due") for number, at in until.items()}
    store.standings.looked(found, rules)


def test_what_has_changed_is_looked_at_the_loudest_first(store):
    long_ago = NOON - hours(24 * 30)
    kept = [a_standing(1, 9), a_standing(2, 50), a_standing(3, 90, long_ago), a_standing(4, 0)]
    store.standings.keep([(one, 1) for one in kept])
    assert due(store, NOON) == [2, 1, 3, 4]
    assert due(store, NOON, 2) == [2, 1]


def test_the_loudest_of_many_come_first_too(store, monkeypatch):
    monkeypatch.setattr(standings, "_FEW", 2)
    long_ago = NOON - hours(24 * 30)
    kept = [a_standing(1, 9), a_standing(2, 50), a_standing(3, 90, long_ago), a_standing(4, 0)]
    store.standings.keep([(one, 1) for one in kept])
    assert (due(store, NOON), due(store, NOON, 2)) == ([2, 1, 3, 4], [2, 1])


def test_one_looks_again_when_the_time_has_come_or_the_clock_was_set_back(store):
    store.standings.keep([(a_standing(n, 50 - n), 1) for n in (1, 2, 3)])
    looked(store, {1: None, 2: NOON + hours(0.5), 3: NOON})
    assert due(store, NOON) == [3]
    assert due(store, NOON + hours(0.5)) == [2, 3]
    assert due(store, NOON - hours(9)) == [2, 3]


def test_a_change_makes_a_look_due_and_an_older_look_does_not_end_that(store):
    store.standings.keep([(a_standing(1, 9), 1)])
    looked(store, {1: None})
    store.assign([], "INC-000001")
    store.merge("INC-000002", "INC-000001")
    assert due(store, NOON) == []  # until its standing is computed

    store.standings.keep([(a_standing(1, 9), 2)])
    looked(store, {1: None})
    assert due(store, NOON) == [1]


def test_incidents_are_counted_by_the_last_decision_and_not_at_all_after_a_change(store):
    store.standings.keep([(a_standing(n, 50 - n), 1) for n in (1, 2, 3)])
    assert [store.standings.decided(one, 10) for one in ("due", None)] == [0, 4]
    looked(store, {1: None, 2: NOON, 3: None})
    assert [store.standings.decided(one, most) for one, most in (("due", 10), ("due", 2))] == [3, 2]
    assert store.standings.decided(None, 10) == 1
    store.standings.keep([(a_standing(2, 48), 2)])
    assert [store.standings.decided(one, 10) for one in ("due", None)] == [2, 2]
    loudest = store.standings.loudest_decided
    assert loudest(["due", None], 2) == ["INC-000001", "INC-000002"]
    assert loudest(["due"], 5) == ["INC-000001", "INC-000003"]


def test_other_rules_look_at_everything_anew(store):
    store.standings.keep([(a_standing(n, 50 - n), 1) for n in (1, 2)])
    looked(store, {1: None, 2: NOON + hours(0.5)}, "old")
    store.standings.look_anew("old")
    assert due(store, NOON) == []
    store.standings.look_anew("new")
    assert due(store, NOON) == [1, 2]
