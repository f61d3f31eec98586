"""Makers of domain data for tests: every field has a plain default, a test names what matters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from summarizer.domain import EvidencePack, Passage, SourceItem

NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def hours(n: float) -> dt.timedelta:
    return dt.timedelta(hours=n)


class Hands:
    """A clock that stands still until it is turned."""

    def __init__(self, at: dt.datetime = NOON) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        return self.at

    def turn(self, seconds: float) -> None:
        self.at += dt.timedelta(seconds=seconds)


def an_item(key: str = "a1", text: str = "Nothing happened.", **fields: Any) -> SourceItem:
    """A stored news item, published at noon on 1 May 2026 unless said otherwise."""
    defaults: dict[str, Any] = {
        "origin": key,
        "platform": "news",
        "outlet": "The Daily",
        "published_at": NOON,
        "ingested_at": NOON,
    }
    return SourceItem(key=key, text=text, **(defaults | fields))


def a_pack(*items: SourceItem) -> EvidencePack:
    """A pack with one passage for each line of each item."""
    return EvidencePack(items=items, passages=tuple(p for item in items for p in lines(item)))


def lines(item: SourceItem) -> list[Passage]:
    """One passage a line, with exact offsets."""
    found, start = [], 0
    for line in item.text.split("\n"):
        found.append(
            Passage(
                item_key=item.key, n=len(found) + 1, start=start, end=start + len(line), text=line
            )
        )
        start += len(line) + 1
    return found
