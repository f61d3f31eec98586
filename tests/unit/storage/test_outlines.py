"""``Outlines`` on databases in memory and in a file."""

from typing import Any

from summarizer.domain.items import ItemKey
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours, store_item
from tests.unit.storage.test_store import a_draft


def an_item(store: Store, text: str, **fields: Any) -> ItemKey:
    return store_item(store, text, **fields).key


def test_members_come_in_the_order_in_which_they_became_public(store):
    late = an_item(store, "late", published_at=NOON + hours(2), platform="x")
    early = an_item(store, "early", published_at=NOON - hours(2), platform="news")
    undated = an_item(store, "undated", platform="news")  # in the order as of its ingest
    made = store.create_incident(NOON - hours(9), items=[late, early, undated])
    (outline,) = store.outlines.of()

    assert (outline.id, outline.number, outline.created_at) == (made.id, 1, NOON - hours(9))
    assert [(m.key, m.published_at, m.platform) for m in outline.members] == [
        (early, NOON - hours(2), "news"),
        (undated, None, "news"),
        (late, NOON + hours(2), "x"),
    ]
    assert outline.newest_at == NOON + hours(2)


def test_an_undated_item_makes_an_incident_no_newer(store):
    dated = an_item(store, "dated", published_at=NOON - hours(2))
    undated = an_item(store, "undated")
    store.create_incident(NOON - hours(9), items=[dated, undated])
    store.create_incident(NOON - hours(8), items=[an_item(store, "alone")])

    assert [o.newest_at for o in store.outlines.of()] == [NOON - hours(2), NOON - hours(8)]


def test_an_incident_without_items_is_as_new_as_it_was_opened(store):
    store.create_incident(NOON)
    (outline,) = store.outlines.of()
    assert (outline.members, outline.newest_at) == ((), NOON)


def test_the_revision_is_that_of_the_newest_draft(store):
    one, two = store.create_incident(NOON), store.create_incident(NOON)
    for _ in range(2):
        store.save_draft(a_draft(two.id))
    assert {o.id: o.revision for o in store.outlines.of()} == {one.id: None, two.id: 2}


def test_exactly_those_are_read_that_were_asked_for(store):
    one, _, three = (store.create_incident(NOON, items=[an_item(store, text)]).id for text in "abc")
    assert [o.id for o in store.outlines.of([three, one, three])] == [one, three]
    assert store.outlines.of(["INC-000099"]) == store.outlines.of([]) == []
    assert len(store.outlines.of()) == 3


def test_one_that_was_merged_away_is_absent_and_its_items_are_the_others(store):
    one, two = (store.create_incident(NOON, items=[an_item(store, text)]) for text in "ab")
    store.merge(one.id, two.id)
    (outline,) = store.outlines.of([one.id, two.id])
    assert (outline.id, len(outline.members)) == (two.id, 2)
