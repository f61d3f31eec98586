"""Standings that are marked by changes, computed outside transactions, and stored."""

import datetime as dt

import pytest

from summarizer.domain.claims import Kind
from summarizer.domain.drafts import Section
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.reviews import ReviewState
from summarizer.drafting import prompts
from summarizer.drafting.evidence_pack import evidence_hash
from summarizer.noise import score
from summarizer.pipeline import standings
from summarizer.pipeline.standings import StandingKeeper
from summarizer.storage.standings import Marked
from summarizer.storage.store import Store
from tests.support.builders import NOON, checked, hours, store_item
from tests.unit.storage.test_store import a_draft

FERRY, TRAM = IncidentId("INC-000001"), IncidentId("INC-000002")


@pytest.fixture
def keeper(store: Store) -> StandingKeeper:
    for story in ("ferry", "tram"):
        items = [
            store_item(store, f"The {story} was late, {n}.", published_at=NOON + hours(n)).key
            for n in range(2)
        ]
        store.create_incident(NOON, items=items)
    return StandingKeeper(store, prompts.load().specs())


def marked(store: Store) -> list[IncidentId]:
    return [one.incident_id for one in store.standings.marked()]


def test_a_stored_standing_says_what_items_draft_and_events_do(store, keeper):
    store.save_draft(a_draft(FERRY, "h"))
    store.history.record(EventKind.DRAFTED, FERRY, "Kim", 1)
    store.history.record(EventKind.APPROVED, FERRY, "Kim", 1)
    keeper.catch_up()
    standing = keeper.current([FERRY])[FERRY]
    items = store.items(store.incident(FERRY).item_keys)

    assert marked(store) == []
    assert standing.items == store.incident(FERRY).item_keys
    assert standing.evidence_hash == evidence_hash(items)
    assert (standing.revision, standing.drafted_hash, standing.drafted_at) == (1, "h", NOON)
    assert (standing.review, standing.newest_at) == (ReviewState.APPROVED, NOON + hours(1))
    at = NOON + dt.timedelta(days=9)
    assert standing.outlook.at(at) == score.measure(items, at)


def test_a_step_that_its_draft_announces_keeps_an_incident_open(store, keeper):
    hearing, guess = NOON.date() + dt.timedelta(days=30), NOON.date() + dt.timedelta(days=90)
    steps = (
        checked("The hearing is set for 31 May.", kind=Kind.PREDICTION, date=hearing),
        checked("Norda may win.", kind=Kind.PREDICTION, date=guess, probability=0.5),
    )
    keeper.catch_up()
    quiet = keeper.current([FERRY])[FERRY].outlook
    forecast = Section(key="forecast", shown=steps)
    store.save_draft(a_draft(FERRY, "h").model_copy(update={"sections": (forecast,)}))
    store.history.record(EventKind.DRAFTED, FERRY, "Kim", 1)
    keeper.catch_up()
    waits = keeper.current([FERRY])[FERRY].outlook

    assert quiet.open_until is None
    assert waits.open_until == dt.datetime.combine(hearing, dt.time(), dt.UTC) + hours(24)
    assert waits.closed_from == waits.open_until


@pytest.mark.parametrize("stored", [False, True])
def test_a_standing_is_current_stored_or_not(store, keeper, stored):
    if stored:
        keeper.catch_up()
    assert [one.items for one in keeper.current([FERRY, TRAM]).values()] == [
        store.incident(id_).item_keys for id_ in (FERRY, TRAM)
    ]


CHANGES = {
    "an item comes": (lambda s: s.assign([store_item(s, "More.").key], TRAM), [TRAM]),
    "an item moves": (lambda s: s.assign(s.incident(FERRY).item_keys[:1], TRAM), [FERRY, TRAM]),
    "one is merged": (lambda s: s.merge(FERRY, TRAM), [TRAM]),
    "an origin is found": (
        lambda s: s.set_origins(dict.fromkeys(s.incident(TRAM).item_keys, "a3")),
        [TRAM],
    ),
    "an event is recorded": (lambda s: s.history.record(EventKind.LOCKED, TRAM, "Kim"), [TRAM]),
    "an event of all": (lambda s: s.history.record(EventKind.PAUSED, None, "Kim"), []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_marks_the_incidents_that_it_changes(store, keeper, name):
    keeper.catch_up()
    change, ids = CHANGES[name]
    change(store)
    assert marked(store) == ids

    keeper.catch_up()
    assert marked(store) == []
    for id_ in ids:
        assert keeper.current([id_])[id_].items == store.incident(id_).item_keys


def test_a_change_that_comes_while_a_standing_is_computed_is_not_lost(store, keeper):
    (before,) = [one for one in store.standings.marked() if one.incident_id == TRAM]
    late = keeper.account(before).standing
    store.history.record(EventKind.LOCKED, TRAM, "Kim")
    store.standings.keep([(late, before.changes)])
    assert TRAM in marked(store)

    keeper.catch_up()
    store.standings.keep([(late.model_copy(update={"title": "old"}), before.changes)])
    assert keeper.current([TRAM])[TRAM].title != "old"


def test_who_is_waited_for_computes_some_and_leaves_the_rest(store, keeper, monkeypatch):
    monkeypatch.setattr(standings, "LOT", 1)
    keeper.catch_up(lots=1)
    assert len(marked(store)) == 1


@pytest.mark.parametrize(("many", "left"), [(1, 0), (2, 2)])
def test_who_groups_items_computes_standings_once_there_are_many(
    store, keeper, monkeypatch, many, left
):
    monkeypatch.setattr(standings, "MANY", many)
    keeper.catch_up_if_many()
    assert len(marked(store)) == left


def test_an_incident_that_was_merged_away_has_no_standing(store, keeper):
    store.merge(FERRY, TRAM)
    assert keeper.current([FERRY]) == {}
    assert keeper.account(Marked(FERRY, 1)) is None
    keeper.catch_up()
    assert [one.incident_id for one in store.standings.current_after(0, 9)] == [TRAM]
