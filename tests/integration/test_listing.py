"""The list of incidents on a real store: filters, order, pages, and how it follows changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.events import EventKind
from summarizer.domain.incidents import Incident
from summarizer.domain.items import DedupKeys, ItemKey, NewItem
from summarizer.domain.reviews import ReviewState
from summarizer.domain.standings import Group
from summarizer.drafting import prompts
from summarizer.errors import InputError
from summarizer.incidents.listing import Filters, IncidentList, Listing
from summarizer.incidents.withholding import Withholding
from summarizer.ingestion.passages import split
from summarizer.noise import score
from summarizer.pipeline.standings import StandingKeeper
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours
from tests.support.clock import ManualClock


class Newsroom:
    """A store that items come into as the pipeline puts them there, and its board.

    Args:
        stores: whether standings are stored before one looks, or computed by the list.
    """

    def __init__(self, stores: bool) -> None:
        self.stores = stores
        self.clock = ManualClock(NOON + hours(48))
        self.store = Store.open("sqlite://", self.clock)
        self.keeper = StandingKeeper(self.store, prompts.load().specs())
        held = Withholding(self.store, self.clock)
        self.board = IncidentList(self.store, self.store.full_text, self.keeper, held, self.clock)

    def item(self, text: str, **fields: Any) -> ItemKey:
        made = self.store.add_item(
            NewItem(text=text, **{"published_at": NOON, "platform": "news"} | fields),
            dedup_keys=DedupKeys(text=text[:32]),
            ingested_at=self.clock.now(),
            split=split,
        )
        return made.key

    def incident(self, *keys: ItemKey) -> Incident:
        with self.store.transaction():
            made = self.store.create_incident(self.clock.now(), items=keys)
            self.record(EventKind.OPENED, made, items=list(keys))
        return made

    def add(self, incident: Incident, *keys: ItemKey) -> None:
        with self.store.transaction():
            self.store.assign(keys, incident.id)
            self.record(EventKind.ITEMS_ADDED, incident, items=list(keys))

    def record(self, kind: EventKind, incident: Incident, **detail: Any) -> None:
        self.store.history.record(kind, incident.id, "Kim", detail=detail)

    def page(self, filters: Filters | None = None, **asked: Any) -> Listing:
        if self.stores:
            self.keeper.catch_up()
        return self.board.page(filters, **asked)

    def ids(self, filters: Filters | None = None, **asked: Any) -> list[str]:
        return [row.id for row in self.page(filters, **asked).incidents]

    def every(self, limit: int, **asked: Any) -> list[str]:
        """Ids of all pages, one after another."""
        found, cursor = [], None
        while True:
            page = self.page(limit=limit, cursor=cursor, **asked)
            assert len(page.incidents) <= limit
            found += [row.id for row in page.incidents]
            if page.next is None:
                return found
            cursor = page.next


@pytest.fixture(params=[False, True], ids=["computed", "stored"])
def room(request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    room = Newsroom(request.param)
    yield room
    room.store.close()


def a_week(room: Newsroom, count: int = 7) -> list[Incident]:
    """Incidents of one to three items, some equally loud, some equally new."""
    made = []
    for n in range(count):
        keys = [
            room.item(
                f"The tram company Varnway denied allegation {n}.{m}.",
                published_at=NOON + hours(n // 2 + m),
                platform=("news", "x", "reddit")[m],
                reach=10 ** (3 + n // 2),
            )
            for m in range(1 + n % 3)
        ]
        made.append(room.incident(*keys))
    return made


@pytest.mark.parametrize("sort", ["noise", "recent"])
def test_reading_on_shows_each_incident_once_whatever_the_size_of_a_page(room, sort):
    a_week(room)
    whole = room.ids(sort=sort)

    assert len(set(whole)) == 7
    for limit in range(1, 9):
        assert room.every(limit, sort=sort) == whole


@pytest.mark.slow
@given(
    stores=st.booleans(),
    arrivals=st.lists(st.integers(0, 6), min_size=1, max_size=4),
    limit=st.integers(1, 4),
)
@pytest.mark.parametrize("sort", ["noise", "recent"])
def test_what_comes_in_while_one_reads_on_neither_hides_nor_repeats_an_incident(
    sort, stores: bool, arrivals: Sequence[int], limit: int
):
    room = Newsroom(stores)
    made = a_week(room)
    page = room.page(sort=sort, limit=limit)
    found = [row.id for row in page.incidents]
    waiting = list(arrivals)
    while page.next:
        if waiting:
            room.clock.at += hours(1)
            key = room.item("A lawsuit alleges a billion in fines.", published_at=room.clock.at)
            place = waiting.pop()
            room.add(made[place], key)
            room.incident(room.item("Something else happened."))
        page = room.page(sort=sort, limit=limit, cursor=page.next)
        found += [row.id for row in page.incidents]
    room.store.close()

    assert sorted(found) == sorted(incident.id for incident in made)


def test_an_item_that_is_dated_ahead_leads_no_list_and_is_not_the_newest(room):
    ahead = room.incident(room.item("Ahead of its day.", published_at=room.clock.at + hours(20)))
    arrived_at = room.clock.at
    room.clock.advance(60)
    today = room.incident(room.item("Told today.", published_at=room.clock.at))

    listed = room.page(sort="recent").incidents
    assert [one.id for one in listed] == [today.id, ahead.id]
    assert listed[1].newest_at == arrived_at
    assert listed[1].noise == room.page(sort="noise").incidents[-1].noise


def test_the_loudest_or_the_newest_comes_first(room):
    quiet = room.incident(room.item("A bench was painted.", published_at=NOON + hours(9)))
    loud = room.incident(
        room.item("A lawsuit alleges fraud; OpenAI denied it.", reach=10**9, platform="x")
    )

    assert room.ids(sort="noise") == [loud.id, quiet.id]
    assert room.ids(sort="recent") == [quiet.id, loud.id]


FILTERS = [
    ({}, True),
    ({"q": "harbour TRAMS"}, True),
    ({"q": "inc-000001"}, True),
    ({"q": "harbour airport"}, False),
    ({"state": "emerging"}, True),
    ({"state": "major"}, False),
    ({"min_noise": 1}, True),
    ({"min_noise": 99}, False),
    ({"max_noise": 99}, True),
    ({"max_noise": 0}, False),
    ({"review": "unreviewed"}, True),
    ({"review": "approved"}, False),
    ({"platform": "news"}, True),
    ({"platform": "reddit"}, False),
    ({"since": NOON}, True),
    ({"since": NOON + hours(1)}, False),
    ({"until": NOON}, False),
    ({"since": NOON, "until": NOON + hours(1)}, True),
    ({"attention": True}, False),
]


@pytest.mark.parametrize(("filters", "found"), FILTERS)
def test_an_incident_is_listed_when_it_is_all_that_was_asked_for(room, filters, found):
    room.clock.at = NOON + hours(1)
    room.incident(room.item("The trams stood still.", title="Harbour Robotics", reach=10**6))
    page = room.page(Filters(**filters))

    assert (len(page.incidents), page.total) == (found, found)


def test_noise_is_that_of_the_items_at_the_time_that_was_asked_for(room):
    keys = [
        room.item("Varnway denied it.", published_at=NOON + hours(n), reach=10**n)
        for n in range(1, 5)
    ]
    room.incident(*keys)
    items = room.store.items(keys)

    for at in (NOON, NOON + hours(2), NOON + hours(40), NOON + hours(2)):
        (row,) = room.page(as_of=at).incidents
        assert row.noise == score.measure(items, at)


@pytest.mark.parametrize(
    ("sort", "hour"),
    [
        ("noise", 30),
        *(
            pytest.param(sort, hour, marks=pytest.mark.slow)
            for hour in (0, 2.5, 30, 48, 200)
            for sort in ("noise", "recent")
            if (sort, hour) != ("noise", 30)
        ),
    ],
)
def test_what_is_stored_and_what_is_computed_make_one_list(sort, hour):
    """Also halfway: some incidents have changed since their standing was stored."""
    at = NOON + hours(hour)
    asked = [
        Filters(),
        Filters(state="debated"),
        Filters(state="growing"),
        Filters(state="closed"),
        Filters(state="emerging", platform="news"),
        Filters(min_noise=12),
        Filters(max_noise=11),
        Filters(min_noise=9, max_noise=30, platform="x"),
        Filters(since=NOON + hours(1), until=NOON + hours(2)),
        Filters(q="tram allegation"),
    ]
    computed, stored, half = Newsroom(False), Newsroom(True), Newsroom(False)
    for room in (computed, stored, half):
        made = a_week(room, 12)
        for n in range(25):
            minute = dt.timedelta(minutes=n)
            room.add(made[0], room.item(f"A lawsuit alleges {n}.", published_at=NOON + minute))
        if room is half:
            room.keeper.catch_up()
        for one in made[::3]:
            room.add(one, room.item("Varnway paid a fine.", published_at=NOON + hours(3)))

    for filters in asked:
        pages = [room.page(filters, sort=sort, as_of=at) for room in (computed, stored, half)]
        assert pages[0] == pages[1] == pages[2]
        for limit in (1, 5):
            assert half.every(limit, filters=filters, sort=sort, as_of=at) == [
                row.id for row in pages[0].incidents
            ]
    for room in (computed, stored, half):
        room.store.close()


def test_a_text_is_read_once_however_often_one_looks(room, monkeypatch):
    a_week(room)
    room.ids(sort="noise")
    monkeypatch.setattr(room.store, "items", None)
    room.clock.at += hours(3)

    assert len(room.ids(Filters(min_noise=1), sort="noise")) == 7


def test_the_list_follows_merges_splits_items_that_move_and_reviews(room):
    one, two = (room.incident(room.item(f"{n} one."), room.item(f"{n} two.")) for n in "ab")
    counts = {row.id: len(row.items) for row in room.page().incidents}
    assert counts == {one.id: 2, two.id: 2}

    room.add(one, two.item_keys[0])  # leaves no entry of its own where it was
    counts = {row.id: len(row.items) for row in room.page().incidents}
    assert counts == {one.id: 3, two.id: 1}

    with room.store.transaction():
        room.store.merge(one.id, two.id)
        room.record(EventKind.MERGED, one, into=two.id)
    assert [(row.id, len(row.items)) for row in room.page().incidents] == [(two.id, 4)]

    room.store.history.record(EventKind.APPROVED, two.id, "Kim", 0)
    assert room.ids(Filters(review=ReviewState.APPROVED)) == [two.id]


def test_a_course_ends_with_the_noise_of_now_and_begins_before_most_items(room):
    keys = [
        room.item("The regulator fined Varnway.", published_at=NOON + hours(n)) for n in range(4)
    ]
    made = room.incident(*keys)
    at = NOON + hours(5)
    scores = room.board.courses([made.id], 12, at)[made.id]

    assert len(scores) == 12
    assert scores[-1] == score.measure(room.store.items(keys), at).score > scores[0]


@pytest.mark.parametrize("cursor", ["x", "e30", "eyJhIjoxfQ", "é", "a" * 2_000])
def test_a_cursor_that_is_none_is_refused(room, cursor):
    with pytest.raises(InputError, match="begin again"):
        room.page(cursor=cursor)


def test_a_cursor_of_another_question_is_refused(room):
    a_week(room)
    cursor = room.page(sort="noise", limit=1).next
    with pytest.raises(InputError, match="begin again"):
        room.page(sort="recent", limit=1, cursor=cursor)


def in_group(room: Newsroom) -> dict[str, list[str]]:
    return {group.value: room.ids(Filters(group=group), sort="noise") for group in Group}


def test_each_incident_is_in_exactly_one_group_of_the_day(room):
    fresh = room.item("A ferry sank.", published_at=NOON + hours(47))
    old = room.item("A tram was late.", published_at=NOON - hours(900))
    both = [room.incident(key).id for key in (fresh, old)]
    assert in_group(room) == {
        "needs_you": [], "new": both, "drafting": [], "approved": [], "quiet": []
    }  # fmt: skip
    room.clock.at += hours(30)
    assert in_group(room) == {
        "needs_you": [], "new": [], "drafting": [], "approved": [], "quiet": both
    }  # fmt: skip
    loud = room.incident(room.item("A bridge fell.", published_at=room.clock.at)).id
    room.clock.at += hours(25)
    room.add(room.store.incident(loud), room.item("It fell.", published_at=room.clock.at))
    assert in_group(room)["drafting"] == [loud]


@pytest.mark.parametrize(
    ("review", "attention", "revision", "quiet", "group"),
    [
        (ReviewState.UNREVIEWED, (), None, True, "quiet"),
        (ReviewState.UNREVIEWED, (), None, False, "drafting"),
        (ReviewState.UNREVIEWED, (), 1, False, "needs_you"),
        (ReviewState.UNREVIEWED, (), 1, True, "quiet"),
        (ReviewState.UNREVIEWED, ("Read it.",), 1, True, "needs_you"),
        (ReviewState.APPROVED, (), 1, True, "approved"),
        (ReviewState.APPROVED, ("It is denied.",), 1, False, "needs_you"),
        (ReviewState.CHANGES_REQUESTED, ("Read it.",), 1, True, "drafting"),
        (ReviewState.REJECTED, (), 1, False, "drafting"),
        (ReviewState.WITHDRAWN, (), 1, False, "drafting"),
    ],
)
def test_review_attention_and_coverage_say_in_which_group(room, review, attention, revision,
                                                          quiet, group):  # fmt: skip
    room.incident(room.item("A ferry sank."))
    room.keeper.catch_up()
    (standing,) = room.keeper.current(["INC-000001"]).values()
    told = {"review": review, "attention": attention, "revision": revision}
    ends = {"closes_at": room.clock.at - hours(1) if quiet else None}
    outlook = standing.outlook.model_copy(update=ends)
    made = standing.model_copy(update=told | {"outlook": outlook})
    room.clock.at += hours(30)
    (before,) = room.store.standings.marks(["INC-000001"])
    room.store.standings.keep([(made, before.changes)])
    room.stores = False
    assert [name for name, ids in in_group(room).items() if ids] == [group]
    assert made.is_in(Group(group), quiet=quiet, new_from=2)


def test_a_group_is_counted_up_to_a_bound(room):
    for n in range(4):
        room.incident(room.item(f"Ferry {n} sank."))
    page = room.page(Filters(group=Group.NEW), sort="noise", limit=2, most=3)
    assert (len(page.incidents), page.total, page.next is None) == (2, 3, False)


def test_a_row_names_the_outlets_each_once(room):
    keys = [
        room.item("One.", outlet="Tolby Courier"), room.item("Two.", outlet="Ferry Post"),
        room.item("Three.", outlet="Ferry Post"), room.item("Four.", platform="x", author="@kim"),
    ]  # fmt: skip
    room.incident(*keys)
    (row,) = room.page().incidents
    assert row.outlets == ("@kim", "Ferry Post", "Tolby Courier")
