"""``History``: the log of events, followed from any point."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.events import Cursor, Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.usage import DraftCounts
from summarizer.errors import GoneError, InputError, NotFoundError
from summarizer.storage.store import Store
from tests.support.builders import NOON
from tests.support.clock import ManualClock
from tests.unit.storage.test_store import a_draft

FIRST, SECOND = IncidentId("INC-000001"), IncidentId("INC-000002")


@pytest.fixture
def store(store: Store) -> Store:
    store.create_incident(NOON)
    store.create_incident(NOON)
    return store


def edited(store: Store, incident_id: IncidentId = FIRST) -> Event:
    return store.history.record(EventKind.EDITED, incident_id, "Kim")


def followed(store: Store, after: int, limit: int, **filters: Any) -> list[Event]:
    """Everything after a number, as somebody finds it who asks for a few at a time."""
    found: list[Event] = []
    while batch := store.history.after(found[-1].number if found else after, limit, **filters):
        assert len(batch) <= limit
        found += batch
    return found


def test_an_event_comes_back_as_it_was_recorded_with_its_time(store):
    detail = {"note": "ß", "read": ["t1"]}
    event = store.history.record(EventKind.APPROVED, FIRST, "Kim", 3, detail)
    assert store.history.after(0) == [event]
    assert event == Event(
        number=event.number,
        epoch=store.history.epochs.current(),
        at=NOON,
        kind=EventKind.APPROVED,
        incident_id=FIRST,
        actor="Kim",
        revision=3,
        detail=detail,
    )


def test_an_event_keeps_its_id_in_a_restored_log_and_a_new_one_gets_no_id_that_was_seen(store):
    first, lost = edited(store), edited(store)
    store.history.epochs.begin()  # as after a restore of a backup from before ``lost``
    again = edited(store)
    found = store.history.after(0)
    assert [one.id for one in found] == [first.id, lost.id, again.id]
    assert first.id.partition(".")[0] != again.id.partition(".")[0]


def test_a_reader_goes_on_from_its_place(store):
    first, second = edited(store), edited(store)
    place = str(store.history.place(first.number))
    assert store.history.position(Cursor.read(place)) == first.number
    assert store.history.position(Cursor.read(second.id)) == second.number
    assert store.history.position(Cursor.read("0")) == 0


def test_a_place_of_another_life_of_the_log_or_beyond_its_end_is_gone(store):
    place = store.history.place(edited(store).number)
    for gone in (Cursor(place.epoch, 99), Cursor(None, 99), Cursor("0" * 12, 0)):
        with pytest.raises(GoneError, match="Read the log again from 0"):
            store.history.position(gone)
    store.history.epochs.begin()
    with pytest.raises(GoneError, match=r"ended when a backup was restored"):
        store.history.position(place)


@pytest.mark.parametrize("text", ["", "x", "-1", "1.2", "9f2c41d07ab3.", "1" * 19, "１"])
def test_what_is_no_place_is_refused(text):
    with pytest.raises(InputError, match="no place in the log"):
        Cursor.read(text)


KINDS = (EventKind.DRAFTED, EventKind.EDITED, EventKind.APPROVED)


@pytest.mark.slow
@given(
    told=st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from([FIRST, SECOND]))),
    undone=st.sets(st.integers(0, 20)),
    after=st.integers(0, 25),
    limit=st.integers(1, 7),
    kinds=st.frozensets(st.sampled_from(KINDS)),
    incident=st.sampled_from([None, FIRST, SECOND]),
)
def test_whoever_follows_from_any_point_gets_every_entry_once_and_in_order(
    told, undone, after, limit, kinds, incident
):
    store = Store.open("sqlite://", ManualClock())
    for _ in range(2):
        store.create_incident(NOON)
    kept = []
    for n, (kind, of) in enumerate(told):
        if n in undone:
            with contextlib.suppress(RuntimeError), store.transaction():
                store.history.record(kind, of, "Kim")
                raise RuntimeError
        else:
            kept.append(store.history.record(kind, of, "Kim"))
    wanted = [
        entry
        for entry in kept
        if entry.number > after
        and (not kinds or entry.kind in kinds)
        and incident in (None, entry.incident_id)
    ]
    assert followed(store, after, limit, kinds=kinds, incident_id=incident) == wanted
    store.close()


def test_whoever_follows_while_others_write_misses_nothing_and_gets_nothing_twice(tmp_path):
    url, each = f"sqlite:///{tmp_path / 'x.db'}", 60
    stores = [Store.open(url, ManualClock()) for _ in range(3)]
    stores[0].create_incident(NOON)
    written = threading.Event()

    def write(store: Store) -> None:
        for n in range(each):
            with store.transaction():
                edited(store)
                if n % 5 == 0:
                    store.history.record(EventKind.APPROVED, FIRST, "Kim")

    def follow() -> list[int]:
        seen: list[int] = []
        while True:
            over = written.is_set()
            batch = stores[2].history.after(seen[-1] if seen else 0, 7)
            seen += [entry.number for entry in batch]
            if over and not batch:
                return seen

    with ThreadPoolExecutor(3) as threads:
        following = threads.submit(follow)
        list(threads.map(write, stores[:2]))
        written.set()
        seen = following.result(60)
    every = [entry.number for entry in stores[0].history.after(0, 1_000)]
    assert seen == every
    assert len(every) == 2 * (each + each // 5)
    for store in stores:
        store.close()


def test_the_last_event_is_known_by_its_number(store):
    assert store.history.last() == 0
    edited(store)
    newest = edited(store, SECOND)
    assert store.history.last() == newest.number


def test_entries_of_an_incident_hold_those_of_what_was_merged_into_it(store):
    first, second = (edited(store, i) for i in (FIRST, SECOND))
    assert store.history.after(0, incident_id=FIRST) == [first]
    store.merge(SECOND, FIRST)
    assert store.history.after(0, incident_id=FIRST) == [first, second]
    assert store.history.after(0, incident_id=SECOND) == [first, second]


def test_an_unknown_incident_is_not_found(store):
    with pytest.raises(NotFoundError):
        store.history.after(0, incident_id="INC-000099")
    with pytest.raises(NotFoundError):
        edited(store, IncidentId("INC-000099"))


def test_what_concerns_all_incidents_is_recorded_without_one(store):
    first = store.history.record(EventKind.PAUSED, None, "Kim")
    second = store.history.record(EventKind.RESUMED, None, "Kim")
    assert store.history.latest({EventKind.PAUSED}) == first
    assert store.history.latest({EventKind.PAUSED, EventKind.RESUMED}) == second
    assert store.history.latest({EventKind.SPLIT}) is None
    assert store.history.after(first.number - 1, kinds={EventKind.PAUSED}) == [first]


COUNTS = {"verdicts": {"supported": 2, "unsupported": 1}, "tokens": {"input": 70, "output": 9}}


def drafted(store: Store, incident_id: IncidentId = FIRST, detail: Any = COUNTS) -> int:
    """Store a draft and record it; the number of the event."""
    revision = store.save_draft(a_draft(incident_id)).revision
    return store.history.record(EventKind.DRAFTED, incident_id, "Kim", revision, detail).number


def test_before_anything_happened_nothing_is_counted(store):
    assert store.history.draft_counts(0) == (0, 0, {}, {}, {})


def test_drafts_add_up_and_revisions_that_editors_make_do_not(store):
    drafted(store)
    store.history.record(EventKind.EDITED, FIRST, "Kim", store.save_draft(a_draft(FIRST)).revision)
    store.history.record(EventKind.DRAFT_FAILED, FIRST, "Kim")
    last = drafted(store, SECOND)

    assert store.history.draft_counts(0) == DraftCounts(
        last=last,
        failed=1,
        drafters={"extractive": 2},
        verdicts={"supported": 4, "unsupported": 2},
        tokens={"input": 140, "output": 18},
    )


def test_only_later_drafts_are_counted(store):
    first = drafted(store)
    last = drafted(store, detail={})

    assert store.history.draft_counts(first) == (last, 0, {"extractive": 1}, {}, {})
    assert store.history.draft_counts(last) == (last, 0, {}, {}, {})


def test_a_draft_counts_on_when_its_incident_is_merged_into_another(store):
    drafted(store)
    before = store.history.draft_counts(0)
    store.merge(FIRST, SECOND)

    assert store.history.draft_counts(0) == before


def test_what_an_actor_has_seen_is_not_unseen_any_more(store):
    first, second = edited(store), edited(store)
    store.history.mark_seen("Ada", FIRST, first.number)
    assert store.history.last_seen("Ada") == {FIRST: first.number}
    assert store.history.unseen("Ada", {EventKind.EDITED}, FIRST) == [second]
    assert store.history.unseen("Kim", {EventKind.EDITED}, FIRST) == [first, second]
    assert store.history.unseen("Kim", {EventKind.LOCKED}, FIRST) == []
    assert store.history.unseen("Kim", {EventKind.EDITED}, SECOND) == []


def test_incidents_with_unseen_events_come_in_the_order_of_their_oldest(store):
    edited(store, SECOND)
    first, last = edited(store), edited(store)
    assert store.history.unseen_incidents("Ada", {EventKind.EDITED}) == [SECOND, FIRST]
    assert store.history.unseen_incidents("Ada", {EventKind.LOCKED}) == []
    assert store.history.unseen_incidents("Ada", {EventKind.EDITED}, first.number) == [FIRST]
    store.history.mark_seen("Ada", FIRST, last.number)
    assert store.history.unseen_incidents("Ada", {EventKind.EDITED}) == [SECOND]


def test_what_was_seen_before_a_merge_stays_seen(store):
    before, other = edited(store), edited(store, SECOND)
    store.history.mark_seen("Ada", FIRST, before.number)
    store.history.mark_seen("Ada", SECOND, other.number)
    store.merge(FIRST, SECOND)
    after = store.history.record(EventKind.MERGED, FIRST, "Kim")
    assert store.history.unseen("Ada", set(EventKind), FIRST) == [after]
    assert store.history.unseen_incidents("Ada", set(EventKind)) == [SECOND]
    assert store.history.last(SECOND) == store.history.last(FIRST) == after.number
    store.history.mark_seen("Ada", SECOND, after.number)
    assert store.history.unseen("Ada", set(EventKind), SECOND) == []
    assert store.history.unseen_incidents("Ada", set(EventKind)) == []


def test_the_newest_event_before_a_time_is_where_a_day_is_read_from(store, clock):
    assert store.history.last_before(NOON) == 0
    first = edited(store)
    clock.advance(60)
    second = edited(store, SECOND)
    assert store.history.last_before(NOON) == 0
    assert store.history.last_before(second.at) == first.number
    clock.advance(60)
    assert store.history.last_before(clock.now()) == second.number


def test_each_incident_leads_to_itself_or_to_the_one_it_was_merged_into(store):
    third = store.create_incident(NOON).id
    store.merge(FIRST, SECOND)
    store.merge(SECOND, third)
    asked = [FIRST, SECOND, third, "INC-999999"]
    assert store.incidents_led(asked) == {FIRST: third, SECOND: third, third: None}
    assert store.incidents_led([]) == {}
