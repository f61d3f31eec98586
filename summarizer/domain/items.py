"""Source items and the passages they are split into."""

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


# --- Source items and passages ---------------------------------------------------------------
class NewItem(Model):
    """A valid source item that has not been stored yet, so that it has no key and no origin.

    Args:
        source_id: the id its sender gave it, where there was one; not unique.
        published_at: aware UTC time of publication; ``None`` when the source gives none.
        text: plain text; equals the title for an item that is only a title.
        engagement: counts by name (``likes``, ``shares``, ``comments`` …), each >= 0.
        reach: audience of the author or outlet (followers, monthly readers), >= 0.
        incident: the sender's own key for the incident, which overrides clustering.
        extra: fields of the sender that we do not know, kept as they came.
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
        origin: key of the first item that this one is a copy of; its own key when it is no copy.
            Items that share an origin are one source, however many outlets carried it.
        ingested_at: aware UTC time at which it was accepted.
    """

    key: ItemKey
    origin: ItemKey
    ingested_at: dt.datetime

    @property
    def seen_at(self) -> dt.datetime:
        """When the item became public as far as we know: published, else ingested."""
        return self.published_at or self.ingested_at

    @property
    def source_name(self) -> str:
        """What a reader calls the source: outlet, else author, else platform."""
        return self.outlet or self.author or self.platform

    @property
    def heading(self) -> str:
        """Its title, else its first words: at most 80 characters, cut between words."""
        words = self.title or " ".join(self.text.split())
        if self.title or len(words) <= 80:
            return words
        head = words[:79]
        return f"{head.rpartition(' ')[0] or head}…"


class Passage(Model):
    """A sentence-bounded span of an item: ``item.text[start:end] == text``.

    Args:
        item_key: the item it belongs to.
        n: 1-based position within the item.
        start: offset of its first character in the item's text, in code points.
        end: offset behind its last character.
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
    """The number in the key of a stored item: 3 of ``a3``.

    Raises:
        NotFoundError: the key is none that an item can have.
    """
    match = _KEY.fullmatch(key)
    if match is None:
        raise NotFoundError(f"No item has the key {key!r}; keys look like a3.", field="items")
    return int(match[1])


def key_of(number: int) -> ItemKey:
    """The key of the stored item with that number."""
    return ItemKey(f"a{number}")


class DedupKeys(Model):
    """By what an item is recognised when it, or a copy of it, comes again.

    Args:
        url: the normalised URL, ``None`` without one.
        text: hash that equal texts share.
        bands: signed 64-bit hashes of which near-same texts share at least one.
    """

    url: str | None = None
    text: str
    bands: tuple[int, ...] = ()


class MarkedText(NamedTuple):
    """An item that has the terms, and where: spans of its title and of its text."""

    key: ItemKey
    title: tuple[tuple[int, int], ...]
    text: tuple[tuple[int, int], ...]
