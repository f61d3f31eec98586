"""The stored items that may be one with the rows of a batch, read at once.

Rows of the batch join them as they are placed, before anything is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

from summarizer.domain.deletions import Refused
from summarizer.domain.items import DedupKeys, ItemKey, SourceItem, key_of, number_of
from summarizer.storage.store import Store

MOST_NEAR = 20
"""Items compared with a text: those that share most bands."""


class KnownItems:
    """Items by URL, by text and by MinHash bands; what was not read yet is read when asked for.

    Attributes:
        origins: origins that the batch has decided on, by key.
        undecided: rows of the batch whose origin is still to be decided.
    """

    def __init__(self, store: Store, batch: Sequence[DedupKeys]) -> None:
        self.origins: dict[ItemKey, ItemKey] = {}
        self.undecided: set[ItemKey] = set()
        self._highest = store.newest_number()
        self._store = store
        self._last = self._highest
        self._items: dict[ItemKey, SourceItem] = {}
        self._origins: dict[ItemKey, ItemKey] = {}
        self._by_url: dict[str, list[ItemKey]] = {}
        self._by_text: dict[str, list[ItemKey]] = {}
        self._of_band: dict[int, list[int]] = {}
        self._refusals = store.deletions.refusals(batch)
        self._read_urls({keys.url for keys in batch if keys.url is not None})
        self._read_texts({keys.text for keys in batch})
        self._read_bands({band for keys in batch for band in keys.bands})
        self._read({key for keys in batch for key in self._sharing(keys.bands)})

    def are_as_read(self) -> bool:
        """Whether reading it all again would find the same.

        Items that others have stored since, of other URLs, texts and bands, change nothing.
        """
        store = self._store
        if store.newest_number() != self._highest and store.any_newer(
            self._highest, self._by_url, self._by_text, self._of_band
        ):
            return False
        return not self._origins or store.origins(self._origins) == self._origins

    def refusal(self, keys: DedupKeys) -> Refused | None:
        """Why a row of the batch is not taken, ``None`` if it may be."""
        return self._refusals.get(keys)

    def next_key(self) -> ItemKey:
        """A key after all others, for a row that has none until it is stored."""
        self._last += 1
        return key_of(self._last)

    def by_url(self, url: str) -> list[SourceItem]:
        """Items with that normalised URL, oldest key first."""
        if url not in self._by_url:
            self._read_urls([url])
        return self.items(self._by_url[url])

    def by_text(self, text_key: str) -> list[SourceItem]:
        """Items with that hash of their text, oldest key first."""
        if text_key not in self._by_text:
            self._read_texts([text_key])
        return self.items(self._by_text[text_key])

    def by_bands(self, bands: Sequence[int]) -> list[SourceItem]:
        """Items that share a band, those that share most first, then oldest key first."""
        self._read_bands([band for band in bands if band not in self._of_band])
        return self.items(self._sharing(bands))

    def sharing(self, bands: Sequence[int]) -> list[SourceItem]:
        """All items that share a band."""
        self._read_bands([band for band in bands if band not in self._of_band])
        return self.items([key_of(n) for n in {n for band in bands for n in self._of_band[band]}])

    def items(self, keys: Sequence[ItemKey]) -> list[SourceItem]:
        """The items with those keys, in that order, with the origins decided on."""
        self._read(keys)
        return [self._items[key] for key in keys]

    def add(self, item: SourceItem, keys: DedupKeys) -> None:
        """Add a row of the batch, which is found by its URL and its text."""
        self.undecided.add(item.key)
        self._items[item.key] = item
        if keys.url is not None:
            self._by_url[keys.url].append(item.key)
        self._by_text[keys.text].append(item.key)

    def decided(self, item: ItemKey, bands: Sequence[int]) -> None:
        """Say that the origin of a row is decided on from now on; it is also found by its bands."""
        self.undecided.discard(item)
        number = number_of(item)
        for band in bands:
            self._of_band[band].append(number)

    def decide(self, origins: Mapping[ItemKey, ItemKey]) -> None:
        """Set the origins of items."""
        for key, origin in origins.items():
            (item,) = self.items([key])
            if item.origin != origin:
                self._items[key] = item.model_copy(update={"origin": origin})
                self.origins[key] = origin

    def _sharing(self, bands: Sequence[int]) -> list[ItemKey]:
        shared = Counter(chain.from_iterable(map(self._of_band.__getitem__, bands)))
        order = sorted(shared, key=lambda number: (-shared[number], number))
        return [key_of(number) for number in order[:MOST_NEAR]]

    def _read_urls(self, urls: Collection[str]) -> None:
        found = self._store.items_by_urls(urls) if urls else {}
        for url in urls:
            self._by_url[url] = self._kept(found.get(url, ()))

    def _read_texts(self, text_keys: Collection[str]) -> None:
        found = self._store.items_by_texts(text_keys) if text_keys else {}
        for text_key in text_keys:
            self._by_text[text_key] = self._kept(found.get(text_key, ()))

    def _read_bands(self, bands: Collection[int]) -> None:
        found = self._store.items_of_bands(bands)
        for band in bands:
            self._of_band[band] = found.get(band, [])

    def _read(self, keys: Collection[ItemKey]) -> None:
        if missing := [key for key in keys if key not in self._items]:
            self._kept(self._store.items(missing))

    def _kept(self, items: Iterable[SourceItem]) -> list[ItemKey]:
        keys = []
        for item in items:
            if item.key not in self._items:  # one that is there may have another origin now
                self._items[item.key] = item
                self._origins[item.key] = item.origin
            keys.append(item.key)
        return keys
