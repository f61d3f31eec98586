"""Where the sources of an incident differ: one slot, several values, each with its passage.

Only independent origins can differ, so a story and its copies are one voice; of a story that was
changed at its address, or taken back, what it first said is no voice at all.  Nothing is averaged
and none is preferred.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summarizer.domain import Disagreement, EvidencePack, Passage, PassageId, SourceItem, Telling
from summarizer.faithfulness import dates, slots
from summarizer.faithfulness.names import names
from summarizer.faithfulness.numbers import quantities
from summarizer.faithfulness.words import Span, sentences
from summarizer.retractions import takings

MOST_SENTENCES = 400
"""Sentences that are compared, two by two; of longer evidence the first of each item come first."""


@dataclass(frozen=True)
class _Said:
    """A sentence of a passage that holds a figure, a day or a name."""

    item: SourceItem
    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        return self.passage.text[self.span.start : self.span.end]

    @property
    def day(self) -> dt.date | None:
        return self.item.published_at.date() if self.item.published_at else None

    def telling(self, at: Span) -> Telling:
        start, end = self.span.start + at.start, self.span.start + at.end
        value = self.passage.text[start:end]
        start += len(value) - len(value.lstrip())
        return Telling(
            value=value.strip(),
            item=self.item.key,
            source=self.item.source_name,
            passage=self.passage.id,
            text=self.passage.text,
            start=start,
            end=start + len(value.strip()),
        )


_Place = tuple[PassageId, int]


def among(pack: EvidencePack) -> tuple[Disagreement, ...]:
    """The disagreements among the passages of an evidence pack, in its order."""
    said = _comparable(pack)
    groups: list[tuple[slots.Kind, dict[_Place, Telling]]] = []
    for place, one in enumerate(said):
        for other in said[place + 1 :]:
            if one.item.origin == other.item.origin:
                continue
            for found in slots.differing(one.text, other.text, one.day, other.day):
                pair = one.telling(found.one), other.telling(found.other)
                _join(groups, found.kind, pair)
    return tuple(
        Disagreement(kind=kind, tellings=tuple(kept))
        for kind, tellings in groups
        if len(kept := list(_distinct(tellings.values(), pack))) > 1
    )


def _comparable(pack: EvidencePack) -> list[_Said]:
    items = {item.key: item for item in pack.items}
    gone = {key for taking in takings(pack.items) for key in taking.of}
    found = [
        _Said(items[p.item_key], p, span)
        for p in pack.passages
        if p.item_key not in gone
        for span in sentences(p.text)
        if _has_value(p.text[span.start : span.end])
    ]
    if len(found) > MOST_SENTENCES:
        first = sorted(range(len(found)), key=lambda n: found[n].passage.n)[:MOST_SENTENCES]
        found = [found[n] for n in sorted(first)]
    return found


def _has_value(text: str) -> bool:
    return bool(quantities(text) or dates.mentions(text) or names(text))


def _join(
    groups: list[tuple[slots.Kind, dict[_Place, Telling]]],
    kind: slots.Kind,
    pair: tuple[Telling, Telling],
) -> None:
    """Put a pair with those that share a telling with it: three sources may give three values."""
    places = {(t.passage, t.start): t for t in pair}
    for had, tellings in groups:
        if had == kind and places.keys() & tellings.keys():
            tellings.update(places)
            return
    groups.append((kind, places))


def _distinct(tellings: Iterable[Telling], pack: EvidencePack) -> Iterator[Telling]:
    """At most one telling of each origin and value, in order of time."""
    place = {item.key: n for n, item in enumerate(pack.items)}
    seen: set[tuple[str, str]] = set()
    for telling in sorted(tellings, key=lambda t: (place[t.item], t.passage, t.start)):
        voice = pack.item(telling.item).origin, telling.value.casefold()
        if voice not in seen:
            seen.add(voice)
            yield telling
