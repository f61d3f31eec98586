"""Which items are where: the same answers in memory and on a store."""

import pytest

from summarizer.clustering.places import InMemoryPlaces, Places, StoredPlaces
from summarizer.domain.assignments import Ruling
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.storage.store import Store
from tests.support.builders import NOON, store_item

ONE, TWO = IncidentId("INC-000001"), IncidentId("INC-000002")
PLACED = (("a1", ONE, None), ("a2", TWO, "case-7"), ("a3", ONE, None))


def out_of(key: str, incident: IncidentId) -> Ruling:
    return Ruling(item=ItemKey(key), incident=incident, belongs=False, by="Kim", at=NOON)


@pytest.fixture(params=["in memory", "stored", "decided"])
def places(request: pytest.FixtureRequest, store: Store) -> Places:
    """Three items in two incidents; a3 was ruled out of the second."""
    for key, _, label in PLACED:
        store_item(store, f"Text {key}.", incident=label)
    if request.param == "in memory":
        made = InMemoryPlaces()
        for key, incident, label in PLACED:
            made.put(key, int(key[1:]), incident, label)
        made.rule({"a3": {TWO}})
        return made
    for _ in (ONE, TWO):
        store.create_incident(NOON)
    store.assignments.rule([out_of("a3", TWO)])
    stored = StoredPlaces(store)
    for key, incident, label in PLACED:
        if request.param == "stored":
            store.assign([ItemKey(key)], incident)
        else:
            stored.put(key, int(key[1:]), incident, label)
    return stored


def test_items_are_in_their_incidents(places: Places) -> None:
    assert places.incidents_of([3, 1, 2, 9]) == {3: ONE, 1: ONE, 2: TWO}
    assert (places.number_of("a3"), places.number_of("a9"), places.key_of(2)) == (3, None, "a2")
    assert (places.size(ONE), places.size(TWO), places.size("none")) == ((2, 1), (1, 2), (0, 0))


def test_a_label_leads_to_the_incident_of_its_item_and_holds_it(places: Places) -> None:
    assert (places.labelled("case-7"), places.labelled("case-8")) == (TWO, None)
    assert (places.is_held(TWO), places.is_held(ONE)) == (True, False)


def test_rulings_bar_and_keep_apart(places: Places) -> None:
    assert (set(places.barred("a3")), set(places.barred("a1"))) == ({TWO}, set())
    assert places.kept_apart([ONE], TWO) and places.kept_apart([TWO], ONE)
    assert not places.kept_apart([ONE], "INC-000009")


def test_a_merge_takes_items_labels_and_rulings_along(places: Places) -> None:
    places.merge(TWO, ONE)
    assert places.incidents_of([1, 2, 3]) == {1: ONE, 2: ONE, 3: ONE}
    assert (places.size(ONE), places.labelled("case-7")) == ((3, 1), ONE)
    assert places.is_held(ONE)
    assert set(places.barred("a3")) == {ONE}


def test_what_editors_changed_is_held(store: Store) -> None:
    for _ in range(3):
        store.create_incident(NOON)
    key = store_item(store, "Text.").key
    store.history.record(EventKind.EDITED, ONE, "Kim")
    store.assign([key], TWO)
    store.assignments.rule([out_of(key, TWO).model_copy(update={"belongs": True})])
    places = StoredPlaces(store)
    held = [places.is_held(id_) for id_ in (ONE, TWO, "INC-000003")]
    assert held == [True, True, False]


def test_what_was_decided_is_forgotten_in_favour_of_the_store(store: Store) -> None:
    store.create_incident(NOON)
    key = store_item(store, "Text.").key
    places = StoredPlaces(store)
    places.put(key, 1, "a1")
    assert places.incidents_of([1]) == {1: "a1"}
    store.assign([key], ONE)
    places.forget()
    assert places.incidents_of([1]) == {1: ONE}
