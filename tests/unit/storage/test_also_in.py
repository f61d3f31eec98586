"""``AlsoIn``, and what incidents have with the items that they show as well."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours, store_item

LATER = NOON + hours(5)


class Two(NamedTuple):
    """Two incidents, of which the first has two items and the second one."""

    first: IncidentId
    second: IncidentId
    shared: ItemKey
    other: ItemKey
    own: ItemKey


@pytest.fixture
def two(store: Store) -> Two:
    shared = store_item(store, "The mayor resigned.", published_at=NOON + hours(2)).key
    other = store_item(store, "The mayor denied it.", published_at=NOON + hours(4)).key
    own = store_item(store, "The port was closed.", published_at=NOON + hours(3)).key
    first = store.create_incident(NOON, items=[shared, other]).id
    second = store.create_incident(NOON, items=[own]).id
    store.also_in.put([shared], second, "Kim", LATER)
    return Two(first, second, shared, other, own)


def test_an_incident_has_what_it_shows_as_well_in_its_place_and_the_home_keeps_it(store, two):
    second = store.incident(two.second)
    assert second.item_keys == (two.shared, two.own)
    assert (second.guests, second.own_keys) == ((two.shared,), (two.own,))
    assert store.incident(two.first).item_keys == (two.shared, two.other)
    assert store.incident(two.first).guests == ()
    assert store.incidents_of([two.shared]) == {two.shared: two.first}


def test_every_reader_of_items_has_it(store, two):
    sources = store.sources(two.second)
    assert [item.key for item in sources.items] == [two.shared, two.own]
    assert {passage.item_key for passage in sources.passages} == {two.shared, two.own}
    assert sources.incident == store.incident(two.second)
    (outline,) = store.outlines.of([two.second])
    assert [m.key for m in outline.members] == [two.shared, two.own]
    assert outline.members[0].came_at == LATER
    assert {o.id: len(o.members) for o in store.outlines.of()} == {two.first: 2, two.second: 2}
    assert store.full_text.incidents(["resigned"]) == {two.first, two.second}
    assert [one.item_keys for one in store.incidents()] == [
        (two.shared, two.own),
        (two.shared, two.other),
    ]


def test_it_arrives_when_it_is_put_there(store, two):
    assert store.arrived_after(two.second, NOON + hours(4)) == LATER
    assert store.arrived_after(two.second, LATER) is None


def test_showing_it_twice_is_showing_it_once(store, two):
    before = store.standings.marked()
    assert store.also_in.put([two.shared, two.own], two.second, "Ana", LATER + hours(1)) == []
    (showing,) = store.also_in.of([two.shared, two.own])[two.shared]
    assert (showing.incident, showing.by, showing.at) == (two.second, "Kim", LATER)
    assert store.standings.marked() == before


def test_what_is_taken_back_is_gone_and_its_home_has_it_still(store, two):
    assert store.also_in.remove([two.shared, two.own], two.second) == [two.shared]
    assert store.also_in.remove([two.shared], two.second) == []
    assert store.incident(two.second).item_keys == (two.own,)
    assert store.incident(two.first).item_keys == (two.shared, two.other)


def test_both_incidents_are_marked_but_only_the_items_of_one_have_changed(store, two):
    before = {mark.incident_id: mark.changes for mark in store.standings.marked()}
    store.also_in.remove([two.shared], two.second)
    after = {mark.incident_id: mark.changes for mark in store.standings.marked()}
    assert all(after[id_] > before[id_] for id_ in (two.first, two.second))


def test_an_origin_that_changes_marks_those_that_show_the_copy(store, two):
    before = store.standings.marks([two.second])
    store.set_origins({two.shared: two.other})
    assert store.standings.marks([two.second]) != before


def test_a_merge_of_two_that_share_an_item_makes_no_second_one_and_is_undone_whole(store, two):
    merged = store.merge(two.first, two.second)
    assert merged.item_keys == (two.shared, two.own, two.other)
    assert merged.guests == ()
    assert [o.id for o in store.outlines.of()] == [two.second]
    assert len(store.sources(two.second).items) == 3
    store.part_again(two.first, [two.shared, two.other])
    assert store.incident(two.second).guests == (two.shared,)
    assert store.incident(two.first).item_keys == (two.shared, two.other)


def test_a_merge_of_the_one_that_shows_it_into_its_home_is_undone_whole(store, two):
    assert store.merge(two.second, two.first).guests == ()
    assert store.incident(two.first).item_keys == (two.shared, two.own, two.other)
    store.part_again(two.second, [two.own])
    assert store.incident(two.second).guests == (two.shared,)


def test_two_merged_incidents_that_both_show_an_item_show_it_once(store, two):
    third = store.create_incident(NOON, items=[store_item(store, "Rain.").key]).id
    store.also_in.put([two.shared], third, "Ana", LATER + hours(1))
    merged = store.merge(two.second, third)
    assert merged.guests == (two.shared,)
    assert len(merged.item_keys) == 3
    (showing,) = store.also_in.of([two.shared])[two.shared]
    assert (showing.incident, showing.by) == (third, "Kim")
    assert store.also_in.remove([two.shared], third) == [two.shared]
    assert store.incident(third).guests == ()


def test_an_item_that_moves_stays_shown_elsewhere_but_leaves_no_trace_in_its_former_home(
    store, two
):
    third = store.create_incident(NOON, items=[store_item(store, "Rain.").key]).id
    assert two.shared in store.assign([two.shared], two.second).own_keys
    store.assign([two.shared], third)
    assert two.shared not in store.incident(two.second).item_keys  # it was moved out of there

    store.also_in.put([two.shared], two.first, "Kim", LATER)
    store.assign([two.shared], two.second)
    assert store.incident(two.first).guests == (two.shared,)


def test_filters_of_lists_and_names_of_outlets_know_of_it(store, two):
    numbers = [store.incident_number(id_) for id_ in (two.first, two.second)]
    assert set(store.standings.outlets(numbers)) == set(numbers)


def test_an_incident_that_is_left_with_what_it_shows_alone_is_not_empty(store, two):
    store.assign([two.own], two.first)
    assert store.erasing.empty([two.second]) == []
    assert store.erasing.empty([two.second], guests=False) == [two.second]
