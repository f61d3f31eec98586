"""``Store`` on databases in memory and in a file."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from summarizer.domain.assignments import Assignment, PairScore, Ruling
from summarizer.domain.drafts import CallRecord, Draft, Usage
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import DedupKeys, ItemKey, NewItem, PassageId, SourceItem
from summarizer.domain.reviews import Revision
from summarizer.errors import InputError, NotFoundError
from summarizer.ingestion.passages import split
from summarizer.storage.items import MOST_OF_A_BAND
from summarizer.storage.store import Store
from summarizer.text.text_key import text_key
from tests.support import builders
from tests.support.builders import NOON, a_pack, an_item, hours
from tests.support.clock import ManualClock

TEXT = "It failed. Nobody knows why.\nשלום 😀."


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store.open(url, ManualClock(), incident_prefix="CASE")
    yield store
    store.close()


def add(
    store: Store,
    text: str = TEXT,
    *,
    url: str | None = None,
    bands: Sequence[int] = (),
    **fields: Any,
) -> SourceItem:
    return store.add_item(
        NewItem(text=text, **fields),
        dedup_keys=DedupKeys(url=url, text=text_key(text), bands=tuple(bands)),
        ingested_at=NOON,
        split=split,
    )


def a_draft(incident_id: str, evidence_hash: str = "h") -> Draft:
    evidence = a_pack(an_item(text="😀 \u2028 text"))
    found = {"incident_id": IncidentId(incident_id), "evidence_hash": evidence_hash}
    return builders.a_draft(revision=99, evidence=evidence, **found)


def a_call(**fields: Any) -> CallRecord:
    defaults: dict[str, Any] = {
        "request_hash": "r", "model": "m", "created_at": NOON, "purpose": "draft", "request": "{}",
        "response": '{"answer": 1}', "usage": Usage(calls=1, input_tokens=5), "latency_ms": 10,
    }  # fmt: skip
    return CallRecord(**(defaults | fields))


# --- Items and passages ---


def test_an_item_comes_back_as_it_went_in(store: Store) -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    added = add(
        store,
        source_id="7",
        platform="news",
        outlet="The Daily",
        url="https://a.example/",
        author="J. Roe",
        published_at=dt.datetime(2026, 5, 1, 14, 30, 15, 123456, tzinfo=zone),
        title="A title",
        engagement={"likes": 10**15},
        reach=10**15,
        incident="outage",
        extra={"nested": [{"a": None, "b": 1.5, "ü": "😀"}]},
    )
    (found,) = store.items([added.key])
    assert found == added
    assert found.published_at is not None
    assert found.published_at.utcoffset() == found.ingested_at.utcoffset() == dt.timedelta()


def test_keys_count_up_and_items_come_in_the_order_asked_for(store: Store) -> None:
    assert [add(store).key for _ in range(3)] == ["a1", "a2", "a3"]
    asked = [ItemKey("a3"), ItemKey("a1"), ItemKey("a3")]
    assert [item.key for item in store.items(asked)] == asked
    assert store.items([]) == []


@pytest.mark.parametrize("key", ["a2", "a0", "a01", "1", "", "a1 ", "a1.1", "a١", "a" + "9" * 40])
def test_an_unknown_key_is_not_found(store: Store, key: str) -> None:
    add(store)
    with pytest.raises(NotFoundError):
        store.items([ItemKey(key)])
    with pytest.raises(NotFoundError):
        store.passages([ItemKey(key)])
    with pytest.raises(NotFoundError):
        store.create_incident(NOON, items=[ItemKey("a1"), ItemKey(key)])
    assert store.incidents() == []


def test_passages_are_verbatim_spans_of_their_item(store: Store) -> None:
    first, second = add(store).key, add(store, "Another text.").key
    found = store.passages([second, first])
    assert found == [*split(second, "Another text."), *split(first, TEXT)]


def test_passages_are_counted_by_item_also_where_there_are_none(store: Store) -> None:
    for text in (TEXT, "Another text.", " "):
        add(store, text)
    first = len(split(ItemKey("a1"), TEXT))
    assert store.passage_counts([3, 1, 9]) == {1: first, 3: 0}
    assert store.passage_counts([]) == {}
    assert list(store.passage_counts_after(0, 2).items()) == [(1, first), (2, 1)]
    assert store.passage_counts_after(2, 2) == {3: 0}
    assert store.passage_counts_after(3, 2) == {}


def test_a_mark_of_the_index_only_advances_and_belongs_to_one_collection(store: Store) -> None:
    marks = store.index_marks
    assert marks.of("one") is None
    for item in (5, 3):
        marks.advance("one", item)
    marks.advance("two", 1)
    assert (marks.of("one"), marks.of("two")) == (5, 1)
    marks.forget("one")
    assert (marks.of("one"), marks.of("two")) == (None, 1)


def test_headings_are_noted_for_one_collection_at_a_time(store: Store) -> None:
    fingerprints = store.fingerprints
    for n in range(3):
        add(store, f"Text {n}.")
    fingerprints.keep("v", {n: b"x" for n in (1, 2, 3)})
    fingerprints.note_headings("one", [1, 2])
    fingerprints.note_headings("two", [2])
    fingerprints.keep("v", {1: b"y"})
    assert fingerprints.headings_in("one", [1, 2, 3]) == {1}
    assert fingerprints.headings_in("two", [1, 2, 3]) == {2}
    fingerprints.forget_headings([2])
    assert fingerprints.headings_in("two", [1, 2, 3]) == frozenset()


def test_passages_are_found_by_id_in_the_order_asked_for(store: Store) -> None:
    add(store)
    add(store, "Another text.")
    asked = [PassageId(id_) for id_ in ("a2.1", "a9.1", "a1.3", "a1.99", "nonsense", "a1.1")]
    assert [p.id for p in store.passages_by_id(asked)] == ["a2.1", "a1.3", "a1.1"]


def test_items_are_recognised_by_url_text_and_bands(store: Store) -> None:
    add(store, "One.", url="//a.example", bands=(1, 2, 3))
    add(store, "Two.", url="//a.example", bands=(-(2**63), 2**63 - 1, 3))
    by_url = store.items_by_urls(["//a.example", "//b.example"])
    assert {url: [i.key for i in found] for url, found in by_url.items()} == {
        "//a.example": ["a1", "a2"]
    }
    by_text = store.items_by_texts([text_key("Two."), "", "none"])
    assert {key: [i.key for i in found] for key, found in by_text.items()} == {
        text_key("Two."): ["a2"]
    }
    assert store.items_of_bands([3, 2**63 - 1, 77]) == {3: [1, 2], 2**63 - 1: [2]}
    assert store.items_by_urls([]) == store.items_by_texts([]) == store.items_of_bands([]) == {}


def test_of_a_band_that_many_items_share_the_newest_are_found(store: Store) -> None:
    with store.transaction():
        for n in range(MOST_OF_A_BAND + 5):
            add(store, f"Text {n}.", bands=(7,))
        add(store, "Another.", bands=(8,))
    found = store.items_of_bands([7, 8])
    assert found[7] == list(range(6, MOST_OF_A_BAND + 6))
    assert found[8] == [MOST_OF_A_BAND + 6]


def test_the_newest_number_is_that_of_a_stored_item(store: Store) -> None:
    assert store.newest_number() == 0
    add(store)
    add(store, "Another text.")
    assert store.newest_number() == 2


def test_a_copy_keeps_its_origin(store: Store) -> None:
    add(store)
    assert add(store).origin == "a2"
    store.set_origins({ItemKey("a2"): ItemKey("a1")})
    both = [ItemKey("a1"), ItemKey("a2")]
    assert [item.origin for item in store.items(both)] == ["a1", "a1"]
    assert store.origins([*both, ItemKey("a3")]) == dict.fromkeys(both, "a1")


# --- Incidents ---


def test_incident_ids_are_permanent_and_count_up(store: Store) -> None:
    assert [store.create_incident(NOON).id for _ in range(2)] == ["CASE-000001", "CASE-000002"]
    assert store.incident("CASE-000001").created_at == NOON
    with pytest.raises(NotFoundError):
        store.incident("CASE-000003")


def test_items_of_an_incident_are_in_order_of_when_they_were_seen(store: Store) -> None:
    for published_at in (NOON + hours(1), None, NOON - hours(1), None):
        add(store, published_at=published_at)
    keys = [item.key for item in store.items_without_incident()]
    incident = store.create_incident(NOON, items=keys)
    assert incident.item_keys == ("a3", "a2", "a4", "a1")
    assert store.incident(incident.id) == incident
    assert store.items_without_incident() == []


def test_items_wait_for_an_incident_oldest_first(store: Store) -> None:
    for _ in range(3):
        add(store)
    store.create_incident(NOON, items=[ItemKey("a2")])
    assert [item.key for item in store.items_without_incident()] == ["a1", "a3"]
    assert [item.key for item in store.items_without_incident(limit=1)] == ["a1"]


def test_an_item_that_is_assigned_leaves_its_incident(store: Store) -> None:
    key = add(store).key
    old, new = store.create_incident(NOON, items=[key]), store.create_incident(NOON)
    assert store.assign([key, key], new.id).item_keys == (key,)
    assert store.incident(old.id).item_keys == ()
    assert store.incidents_of([key, add(store).key]) == {key: new.id}


def test_a_label_stands_for_one_incident(store: Store) -> None:
    one, other = add(store).key, add(store).key
    first = store.create_incident(NOON, label="outage", items=[one])
    second = store.create_incident(NOON, label="outage", items=[other])
    assert second.id == first.id
    assert second.item_keys == (one, other)
    assert store.incident_by_label("outage") == second
    assert store.incident_by_label("rumour") is None


def test_a_merged_id_and_label_lead_to_the_incident_it_went_into(store: Store) -> None:
    keys = [add(store).key for _ in range(3)]
    first, second, third = (
        store.create_incident(NOON, label=f"label {key}", items=[key]) for key in keys
    )
    store.merge(first.id, second.id)
    merged = store.merge(second.id, third.id)
    assert merged.id == third.id
    assert merged.item_keys == tuple(keys)
    assert store.incident(first.id) == store.incident(second.id) == merged
    assert store.incident_by_label(f"label {keys[0]}") == merged
    assert store.incidents() == [merged]
    with pytest.raises(InputError):
        store.merge(first.id, third.id)
    late = add(store).key
    assert late in store.assign([late], first.id).item_keys
    assert store.create_incident(NOON, label=f"label {keys[0]}").id == third.id


def test_incidents_are_listed_newest_first_in_pages(store: Store) -> None:
    ids = [store.create_incident(NOON).id for _ in range(5)]
    assert [incident.id for incident in store.incidents()] == ids[::-1]
    assert [incident.id for incident in store.incidents(limit=2, offset=1)] == ids[3:1:-1]


def test_the_sources_of_an_incident_are_all_its_items_with_their_passages(store: Store) -> None:
    late, early, other = (
        add(store, text, published_at=NOON + dt.timedelta(hours=hours)).key
        for text, hours in ((TEXT, 2), ("Another text.", 1), ("A third.", 0))
    )
    source = store.create_incident(NOON, items=[late]).id
    target = store.create_incident(NOON, items=[early]).id
    store.create_incident(NOON, items=[other])
    store.merge(source, target)
    for id_ in (source, target):
        incident, items, passages = store.sources(id_)
        assert incident == store.incident(target)
        assert list(items) == store.items([early, late])
        assert list(passages) == store.passages([early, late])
    assert store.sources(store.create_incident(NOON).id)[1:] == ((), ())
    with pytest.raises(NotFoundError):
        store.sources("CASE-000009")


# --- Drafts and calls ---


def test_drafts_are_revisions_that_count_up_by_incident(store: Store) -> None:
    one, other = store.create_incident(NOON).id, store.create_incident(NOON).id
    assert store.newest_draft(one) is None
    saved = [store.save_draft(a_draft(one, hash_)) for hash_ in ("x", "y")]
    assert [draft.revision for draft in saved] == [1, 2]
    assert store.save_draft(a_draft(other)).revision == 1
    assert store.newest_draft(one) == saved[1]
    assert store.draft(one, 1) == saved[0]
    assert store.drafts(one) == saved
    assert store.drafts(one, after=1) == saved[1:]
    assert store.drafts(one, limit=1) == saved[:1]
    assert [r.model_dump() for r in store.revisions(one)] == [
        draft.model_dump(include=set(Revision.model_fields)) for draft in saved
    ]


def test_an_unknown_draft_is_not_found(store: Store) -> None:
    incident = store.create_incident(NOON).id
    for id_, revision in ((incident, 1), ("CASE-000009", 1)):
        with pytest.raises(NotFoundError):
            store.draft(id_, revision)
    with pytest.raises(NotFoundError):
        store.save_draft(a_draft("CASE-000009"))


def test_a_cited_revision_outlives_a_merge(store: Store) -> None:
    one, other = store.create_incident(NOON).id, store.create_incident(NOON).id
    cited, current = store.save_draft(a_draft(one)), store.save_draft(a_draft(other))
    store.merge(one, other)
    assert store.draft(one, 1) == cited
    assert store.newest_draft(one) == current


def test_the_newest_usable_answer_to_a_request_is_found(store: Store) -> None:
    assert store.calls.find("r") is None
    store.calls.record(a_call(response=None, error="overloaded"))
    store.calls.record(a_call(response="half", error="cut off"))
    assert store.calls.find("r") is None
    store.calls.record(a_call(response="old"))
    store.calls.record(a_call(response="new"))
    store.calls.record(a_call(request_hash="other", response="another"))
    assert store.calls.find("r") == "new"
    made = store.calls.made()
    assert [call.response for call in made] == [None, "half", "old", "new", "another"]
    assert made[1] == a_call(response="half", error="cut off")


# --- Transactions ---


def test_an_exception_undoes_everything_in_a_transaction(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            key = add(store).key
            with store.transaction():
                store.create_incident(NOON, items=[key])
            assert len(store.incidents()) == 1
            raise KeyError("planted")

    with pytest.raises(KeyError, match="planted"):
        fail()
    assert store.incidents() == []
    assert store.items_without_incident() == []
    assert store.passage_counts_after(0, 9) == {}
    again = add(store)
    assert store.items_without_incident() == [again]


def test_a_snapshot_sees_one_state_whatever_others_write_meanwhile(tmp_path: Path) -> None:
    reader, writer = (
        Store.open(f"sqlite:///{tmp_path / 'shared.db'}", ManualClock()) for _ in range(2)
    )
    with reader.snapshot():
        assert reader.incidents() == []
        incident = writer.create_incident(NOON)
        assert reader.incidents() == []
    assert reader.incidents() == [incident]
    for one in (reader, writer):
        one.close()


def test_nothing_is_written_within_a_snapshot(store: Store) -> None:
    with store.snapshot(), pytest.raises(RuntimeError):
        store.create_incident(NOON)
    assert store.incidents() == []
    with store.transaction(), store.snapshot():  # part of the transaction
        store.create_incident(NOON)
    assert len(store.incidents()) == 1


def test_an_item_whose_passages_cannot_be_made_is_not_stored(store: Store) -> None:
    def fail(key: ItemKey, text: str) -> Any:
        raise KeyError("planted")

    with pytest.raises(KeyError):
        store.add_item(
            NewItem(text="x"),
            dedup_keys=DedupKeys(text="x"),
            ingested_at=NOON,
            split=fail,
        )
    assert store.items_without_incident() == []


def a_ruling(item: str, incident: str, belongs: bool = True, by: str = "Kim") -> Ruling:
    return Ruling(
        item=ItemKey(item), incident=IncidentId(incident), belongs=belongs, by=by, at=NOON
    )


def test_why_an_item_was_put_somewhere_is_kept_and_the_newest_reason_holds(store: Store) -> None:
    key = add(store).key
    likeness = PairScore(features={"words": 0.5}, days=None, score=0.4)
    for score in (0.3, 0.4):
        found = Assignment(key=key, incident="x", score=score, likeness=likeness, reason="Alike.")
        store.assignments.keep([found])
    store.assignments.keep([])
    assert store.assignments.of([key, ItemKey("a99")]) == {key: found}


def test_the_newest_word_on_an_item_and_an_incident_holds(store: Store) -> None:
    key = add(store).key
    incident = store.create_incident(NOON, items=[key]).id
    store.assignments.rule([a_ruling(key, incident, False), a_ruling(key, incident, True, "Ana")])
    (held,) = store.assignments.rulings([key])
    assert (held.belongs, held.by) == (True, "Ana")
    assert store.assignments.rulings() == [held]
    assert store.assignments.rulings([ItemKey("a99")]) == []


def test_a_ruling_on_a_merged_incident_is_one_on_what_it_went_into(store: Store) -> None:
    key = add(store).key
    source, target = (store.create_incident(NOON).id for _ in range(2))
    store.assignments.rule([a_ruling(key, source, False)])
    store.merge(source, target)
    assert [r.incident for r in store.assignments.rulings([key])] == [target]


def test_a_ruling_on_an_unknown_incident_is_refused(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.assignments.rule([a_ruling(add(store).key, "CASE-000099")])
