"""Source items and their passages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, NewType

from pydantic import Field

from summarizer.domain.model import Model
from summarizer.errors import NotFoundError

ItemKey = NewType("ItemKey", str)
"""Short permanent key of a stored source item: ``a3``."""
PassageId = NewType("PassageId", str)
"""``<item key>.<n>``: ``a3.7`` is the seventh passage of item ``a3``."""

_KEY = re.compile(r"a([1-9][0-9]{0,17})")


CLOCKS = dt.timedelta(minutes=15)
"""Time by which clocks of publishers are ahead of ours, at most."""


class NewItem(Model):
    """A valid source item before it is stored, without key and origin.

    Args:
        source_id: the sender's id, if any; not unique.
        published_at: aware UTC time of publication; ``None`` when the source gives none.
        text: plain text; equals the title when the item has no other text.
        engagement: counts by name (``likes``, ``shares``, ``comments`` …), each >= 0.
        reach: audience of the author or outlet (followers, monthly readers), >= 0.
        incident: the sender's own key for the incident, which overrides clustering.
        extra: unknown fields of the sender, unchanged.
    """

    source_id: str | None = None
    platform: str = "unknown"
    outlet: str | None = None
    url: str | None = None
    author: str | None = None
    published_at: dt.datetime | None = None
    title: str = ""
    text: str
    engagement: Mapping[str, int] = Field(default_factory=dict)
    reach: int | None = None
    incident: str | None = None
    extra: Mapping[str, Any] = Field(default_factory=dict)


class SourceItem(NewItem):
    """One stored article, post, filing or statement.

    Args:
        key: permanent short key (``a3``).
        origin: key of the item that this one is a copy of; its own key when it is no copy.
            Items that share an origin are one source, however many outlets carried it.
        ingested_at: aware UTC time of ingestion.
    """

    key: ItemKey
    origin: ItemKey
    ingested_at: dt.datetime

    @property
    def seen_at(self) -> dt.datetime:
        """Place in the order of items: time of publication, else of ingestion.

        Ingestion is the latest time at which an undated item can have been published.  It orders
        items, and is never shown or counted as a time of publication.
        """
        return self.published_at or self.ingested_at

    @property
    def is_dated_ahead(self) -> bool:
        """Whether it is dated later than it came, by more than clocks are apart."""
        return self.published_at is not None and self.published_at > self.ingested_at + CLOCKS

    @property
    def counts_from(self) -> dt.datetime | None:
        """Time from which it counts as published: not after it came; ``None`` if it is undated."""
        return None if self.published_at is None else min(self.published_at, self.ingested_at)

    @property
    def publication_order(self) -> tuple[bool, dt.datetime, int]:
        """Sort key by publication, the undated last; among equals, by arrival."""
        undated = self.published_at is None
        return undated, self.published_at or self.ingested_at, number_of(self.key)

    @property
    def source_name(self) -> str:
        """Display name of the source: outlet, else author, else platform."""
        return self.outlet or self.author or self.platform

    @property
    def heading(self) -> str:
        """The title, else the first words of the text: at most 80 characters, cut between words."""
        words = self.title or " ".join(self.text.split())
        if self.title or len(words) <= 80:
            return words
        head = words[:79]
        return f"{head.rpartition(' ')[0] or head}…"


class Passage(Model):
    """A sentence-bounded span of an item: ``item.text[start:end] == text``.

    Args:
        item_key: key of its item.
        n: 1-based position within the item.
        start: offset of its first character in the item's text, in code points.
        end: offset after its last character.
    """

    item_key: ItemKey
    n: int
    start: int
    end: int
    text: str

    @property
    def id(self) -> PassageId:
        """``<item key>.<n>``, as prompts show it and claims cite it."""
        return PassageId(f"{self.item_key}.{self.n}")


def number_of(key: str) -> int:
    """The number in an item's key: 3 for ``a3``.

    Raises:
        NotFoundError: the text is not an item key.
    """
    match = _KEY.fullmatch(key)
    if match is None:
        raise NotFoundError(f"No item has the key {key!r}; keys look like a3.", field="items")
    return int(match[1])


def key_of(number: int) -> ItemKey:
    """The item key with a number: ``a3`` for 3."""
    return ItemKey(f"a{number}")


class DedupKeys(Model):
    """Keys that identify duplicates and copies of an item.

    Args:
        url: normalised URL, ``None`` without one.
        text: hash of the normalised text.
        bands: signed 64-bit MinHash bands; near-duplicate texts share at least one.
    """

    url: str | None = None
    text: str
    bands: tuple[int, ...] = ()


class MarkedText(NamedTuple):
    """An item that matches a search, with the matching spans of its title and of its text."""

    key: ItemKey
    title: tuple[tuple[int, int], ...]
    text: tuple[tuple[int, int], ...]
