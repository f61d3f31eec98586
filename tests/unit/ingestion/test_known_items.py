"""What a batch of rows is compared with: stored items, and rows placed before."""

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
    assert (key, known.is_stored(key), known.is_stored(ItemKey("a2"))) == ("a3", False, True)
    known.add(an_item(key, "one"), row)
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
