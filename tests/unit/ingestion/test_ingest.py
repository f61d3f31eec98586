from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from summarizer.adapters.web.html_text import html_to_text
from summarizer.domain.items import ItemKey
from summarizer.errors import InputError
from summarizer.ingestion.ingest import (
    BATCH_ROWS,
    Accepted,
    IngestReport,
    Outcome,
    ingest,
    report,
)
from summarizer.ingestion.parse import Row
from summarizer.ingestion.validate import Rejected
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours
from tests.support.clock import ManualClock
from tests.unit.text.test_near_duplicates import story

WIRE = " ".join(story(1))
OTHER = " ".join(story(2))


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store.open("sqlite://", ManualClock())
    yield store
    store.close()


def rows(*fields: dict[str, Any]) -> list[Row | Rejected]:
    return [Row(line=n, value=value) for n, value in enumerate(fields, start=1)]


def started(store: Store, sent: Iterable[Row | Rejected]) -> Iterator[Outcome]:
    return ingest(sent, store, ManualClock(), html_to_text)


def take(store: Store, *fields: dict[str, Any]) -> IngestReport:
    return report(started(store, rows(*fields)))


def a_row(text: str = WIRE, **fields: Any) -> dict[str, Any]:
    return {"text": text, "outlet": "The Daily", "platform": "news", **fields}


def stored(store: Store) -> list[str]:
    return [item.key for item in store.items_without_incident()]


def test_an_item_is_stored_with_its_passages_and_no_incident(store):
    found = take(store, a_row("<p>It failed.</p><p>It was <b>down</b>.</p>", x=1))
    accepted = Accepted(line=1, key=ItemKey("a1"))
    assert (found.accepted, found.duplicates, found.rejected) == ((accepted,), (), ())
    (item,) = store.items_without_incident()
    assert (item.text, item.origin, item.ingested_at) == ("It failed.\nIt was down.", "a1", NOON)
    assert item.extra == {"x": 1}
    assert [p.text for p in store.passages([item.key])] == ["It failed.", "It was down."]


def test_a_bad_row_is_rejected_while_the_others_go_in(store):
    sent = [
        *rows(a_row(WIRE), a_row(OTHER, reach=-1)),
        Rejected(line=3, reason="broken"),
        Row(line=4, value=a_row(OTHER)),
    ]
    found = report(started(store, sent))
    assert [row.line for row in found.accepted] == [1, 4]
    assert [(row.line, row.field) for row in found.rejected] == [(2, "reach"), (3, None)]
    assert stored(store) == ["a1", "a2"]


EVERY_KIND = (
    a_row(url="https://daily.example/1"),
    a_row(url="https://weekly.example/1", outlet="The Weekly"),
    a_row(" ".join(story(3, 1) + story(1)[1:9]), outlet="The Monthly"),
    a_row(OTHER, url="https://daily.example/1"),
    a_row("Not true.", outlet=None, author="@a", id="1"),
    a_row("Not true.", outlet=None, author="@a", id="2"),
    a_row("👍", outlet=None, author="@b"),
    {"title": "Only a title"},
)


def test_the_same_file_twice_changes_nothing(store):
    first = take(store, *EVERY_KIND)
    assert len(first.accepted) == len(EVERY_KIND)
    second = take(store, *EVERY_KIND)
    assert second.accepted == ()
    assert [row.key for row in second.duplicates] == list(first.keys)


def test_a_row_that_stands_twice_in_one_file_is_stored_once(store):
    found = take(store, *EVERY_KIND, *EVERY_KIND)
    assert len(found.accepted) == len(found.duplicates) == len(EVERY_KIND)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"url": "https://a.example/1"}, {"url": "http://A.example/1/?utm_source=x#top"}),
        ({"url": "https://a.example/1"}, {"url": "https://a.example/1", "outlet": "Other"}),
        ({}, {}),
        ({"url": "https://a.example/1"}, {}),
        ({"outlet": "the daily"}, {"text": WIRE.upper()}),
        ({"outlet": None, "author": "@a"}, {"outlet": None, "author": "@a", "id": "9"}),
    ],
    ids=["same page", "other spelling of outlet", "no url", "url lost", "case", "id added"],
)
def test_the_same_posting_is_a_duplicate(store, first, second):
    found = take(store, a_row(**first), a_row(**{"text": WIRE, **second}))
    assert [(row.line, row.key) for row in found.duplicates] == [(2, "a1")]
    assert stored(store) == ["a1"]


@pytest.mark.parametrize(
    "copy",
    [
        {"outlet": "The Weekly"},
        {"outlet": None, "author": "@a"},
        {"url": "https://daily.example/other", "outlet": "The Daily"},
        {"text": "Our own lead stands first. " + " ".join(story(1)[1:8]), "outlet": "The Weekly"},
        {"text": OTHER, "url": "https://daily.example/1"},
    ],
    ids=["other outlet", "a post of it", "other page", "edited and cut", "revision of the page"],
)
def test_a_copy_is_stored_under_the_origin_of_the_first(store, copy):
    found = take(store, a_row(url="https://daily.example/1"), a_row(**copy))
    assert [row.copy_of for row in found.accepted] == [None, "a1"]
    assert found.copies == found.accepted[1:]
    assert [item.origin for item in store.items(found.keys)] == ["a1", "a1"]


def test_a_copy_of_a_copy_has_the_first_as_its_origin(store):
    whole = story(1, 16)
    parts = (whole, whole[5:], whole[9:])
    found = take(
        store, *(a_row(" ".join(part), outlet=f"Outlet {n}") for n, part in enumerate(parts))
    )
    assert [row.copy_of for row in found.accepted] == [None, "a1", "a1"]


def test_different_articles_of_one_outlet_are_independent(store):
    found = take(store, a_row(WIRE), a_row(OTHER))
    assert found.copies == ()


def test_short_posts_are_copies_only_when_equal(store):
    posts = ("Servers are down again.", "servers are  down again.", "Servers are down now.")
    found = take(store, *(a_row(text, outlet=None, id=n) for n, text in enumerate(posts)))
    assert [row.copy_of for row in found.accepted] == [None, "a1", None]


def test_a_corrected_sign_is_another_text(store):
    page = {"url": "https://daily.example/1"}
    found = take(store, a_row("It cost $5.", **page), a_row("It cost £5.", **page))
    assert [row.copy_of for row in found.accepted] == [None, "a1"]


@pytest.mark.parametrize(("ahead", "noted"), [(0.2, False), (0.3, True), (23, True)])
def test_a_date_within_a_day_ahead_is_kept_with_a_note(store, ahead, noted):
    at = NOON + hours(ahead)
    found = take(store, a_row("A bridge closed.", published_at=at.isoformat()))
    (item,) = store.items(found.keys)
    assert (item.published_at, item.counts_from) == (at, NOON)
    assert item.is_dated_ahead is noted
    assert [note.split(" UTC ")[1][:16] for note in found.accepted[0].notes] == (
        ["is still to come"] if noted else []
    )


def test_an_item_from_the_future_is_accepted_undated_with_a_note(store):
    tomorrow, later = NOON + hours(20), NOON + hours(30)
    found = take(
        store,
        a_row(WIRE, published_at=tomorrow.isoformat()),
        a_row(OTHER, published_at=later.isoformat()),
    )
    assert "2026-05-02 18:00" in found.accepted[1].notes[0]
    assert [item.published_at for item in store.items(found.keys)] == [tomorrow, None]


def test_what_is_reported_is_already_stored_and_what_is_not_read_is_not(store):
    read = 0

    def endless() -> Iterator[Row | Rejected]:
        nonlocal read
        while True:
            read += 1
            yield Row(line=read, value=a_row(f"Post number {read}."))

    outcomes = started(store, endless())
    first = next(outcomes)
    assert isinstance(first, Accepted)
    assert len(stored(store)) == read == BATCH_ROWS


def test_rows_before_the_place_where_a_file_breaks_are_stored(store):
    def breaking() -> Iterator[Row | Rejected]:
        yield from rows(a_row(WIRE), a_row(OTHER))
        raise InputError("the disk is gone")

    seen: list[Outcome] = []
    with pytest.raises(InputError, match="the disk is gone"):
        seen.extend(started(store, breaking()))
    assert stored(store) == ["a1", "a2"]


@pytest.mark.slow
def test_a_text_of_a_million_characters_goes_in(store):
    found = take(store, a_row("The company said that it would pay 20 dollars. " * 21_000))
    assert len(found.accepted) == 1
    assert len(store.passages(found.keys)) == 21_000


def test_an_empty_file_is_an_empty_report(store):
    assert take(store) == IngestReport()


@pytest.mark.parametrize(
    ("theirs", "duplicates", "accepted"),
    [
        ((OTHER, WIRE), {1: "a2"}, [("a3", None), ("a4", "a2")]),
        ((OTHER, "Another matter."), {}, [("a3", None), ("a4", None), ("a5", "a3")]),
    ],
    ids=["the same", "others"],
)
def test_rows_that_another_process_stores_between_plan_and_write_are_no_second_time_stored(
    tmp_path, monkeypatch, theirs, duplicates, accepted
):
    url = f"sqlite:///{tmp_path / 'x.db'}"
    mine, other = Store.open(url, ManualClock()), Store.open(url, ManualClock())
    transaction = mine.transaction

    def late(*locks):
        monkeypatch.setattr(mine, "transaction", transaction)
        take(other, *map(a_row, theirs))
        return transaction(*locks)

    monkeypatch.setattr(mine, "transaction", late)
    found = take(mine, a_row(WIRE), a_row("Not true."), a_row(WIRE, outlet="The Weekly"))
    assert {row.line: row.key for row in found.duplicates} == duplicates
    assert [(row.key, row.copy_of) for row in found.accepted] == accepted
    assert stored(mine) == ["a1", "a2", *(key for key, _ in accepted)]
    for store in (mine, other):
        store.close()
