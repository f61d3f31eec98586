"""What a batch of rows is compared with: stored items, and rows placed before."""

import pytest

from summarizer.domain.items import DedupKeys, ItemKey, NewItem, SourceItem
from summarizer.ingestion.known_items import KnownItems
from summarizer.storage.store import Store
from tests.support.builders import NOON, an_item, lines


def stored(store: Store, text: str, *bands: int, url: str | None = None) -> SourceItem:
    return store.add_item(
        NewItem(text=text),
        dedup_keys=DedupKeys(url=url, text=text, bands=bands),
        ingested_at=NOON,
        split=lambda key, text: lines(an_item(key, text)),
    )


def keys(items: list[SourceItem]) -> list[str]:
    return [item.key for item in items]


def test_stored_items_and_rows_placed_before_are_found_alike(store: Store) -> None:
    stored(store, "one", 1, 2, url="//a.example")
    stored(store, "two", 2)
    row = DedupKeys(url="//a.example", text="one", bands=(1, 2, 3))
    known = KnownItems(store, [row])
    key = known.next_key()
    assert key == "a3"
    known.add(an_item(key, "one"), row)
    assert (known.undecided, keys(known.by_bands([1, 2, 3]))) == ({"a3"}, ["a1", "a2"])
    known.decided(key, row.bands)
    assert not known.undecided
    assert keys(known.by_url("//a.example")) == ["a1", "a3"]
    assert keys(known.by_text("one")) == ["a1", "a3"]
    assert keys(known.by_bands([1, 2, 3])) == ["a3", "a1", "a2"]


def test_what_no_row_of_the_batch_has_is_read_when_it_is_asked_for(store: Store) -> None:
    stored(store, "one", 1, url="//a.example")
    known = KnownItems(store, [])
    assert keys(known.by_url("//a.example")) == keys(known.by_text("one")) == ["a1"]
    assert keys(known.by_bands([1])) == ["a1"]
    assert known.by_url("//b.example") == known.by_text("two") == known.by_bands([5]) == []


def test_an_origin_that_is_decided_on_is_that_of_the_item_from_then_on(store: Store) -> None:
    stored(store, "one")
    stored(store, "two")
    known = KnownItems(store, [])
    known.decide({ItemKey("a1"): ItemKey("a1"), ItemKey("a2"): ItemKey("a1")})
    assert known.origins == {"a2": "a1"}
    assert [item.origin for item in known.items([ItemKey("a1"), ItemKey("a2")])] == ["a1", "a1"]


def test_what_was_read_stays_so_whatever_else_is_stored(store: Store) -> None:
    stored(store, "one", 1, url="//a.example")
    known = KnownItems(store, [DedupKeys(url="//a.example", text="one", bands=(1, 2))])
    known.add(an_item(known.next_key(), "new"), DedupKeys(text="one", bands=()))
    stored(store, "another", 3, url="//b.example")
    assert known.are_as_read()


@pytest.mark.parametrize(
    ("text", "bands", "url"),
    [("one", (), None), ("another", (3, 2), None), ("another", (), "//a.example")],
    ids=["text", "band", "url"],
)
def test_what_was_read_is_read_anew_once_an_item_shares_its(
    store: Store, text: str, bands: tuple[int, ...], url: str | None
) -> None:
    known = KnownItems(store, [DedupKeys(url="//a.example", text="one", bands=(1, 2))])
    stored(store, "unrelated", 9, url="//c.example")
    stored(store, text, *bands, url=url)
    assert not known.are_as_read()


def test_what_was_read_is_read_anew_once_an_origin_of_it_changed(store: Store) -> None:
    one, row = stored(store, "one", 1), DedupKeys(url=None, text="new", bands=(1,))
    known = KnownItems(store, [row])
    two = stored(store, "another", 3)
    assert known.are_as_read()
    store.set_origins({one.key: two.key})
    assert not known.are_as_read()
