"""Conflicts between the sources of an incident: several values of one slot, each with its passage.

Only independent origins are compared: a story and its copies count as one, and retracted or
replaced items not at all.  No value is averaged or preferred.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Disagreement, SourceValue
from summarizer.domain.items import Passage, PassageId, SourceItem
from summarizer.monitoring import value_conflicts
from summarizer.text import dates
from summarizer.text.names import names
from summarizer.text.quantities import quantities
from summarizer.text.retractions import find_retractions
from summarizer.text.sentences import Span, sentences

MOST_SENTENCES = 400
"""Most sentences compared in pairs; of longer evidence, the first passages of each item."""

COUNTED_ON = dt.timedelta(hours=6)
"""Time after which a higher count of victims, arrests or signatures is an update, no conflict."""


@dataclass(frozen=True)
class _Said:
    """A sentence of a passage that has a figure, a date or a name."""

    item: SourceItem
    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        return self.passage.text[self.span.start : self.span.end]

    @property
    def day(self) -> dt.date | None:
        return self.item.published_at.date() if self.item.published_at else None

    def value_at(self, at: Span) -> SourceValue:
        start, end = self.span.start + at.start, self.span.start + at.end
        for lasting in _LASTING.finditer(self.passage.text):
            if lasting.start() <= start and end <= lasting.end():
                start, end = lasting.span()
        value = self.passage.text[start:end]
        start += len(value) - len(value.lstrip())
        return SourceValue(
            value=value.strip(),
            item=self.item.key,
            source=self.item.source_name,
            passage=self.passage.id,
            text=self.passage.text,
            start=start,
            end=start + len(value.strip()),
            day=self.day,
        )


_LASTING = re.compile(
    r"\b\d+ (?:years?|months?|weeks?|days?|hours?|minutes?)\b"
    r"(?:,? (?:and )?\d+ (?:months?|weeks?|days?|hours?|minutes?|seconds?)\b)+"
)
"""A duration in several units ("2 hours and 5 minutes"), which is one value."""

_Place = tuple[PassageId, int]


def find_conflicts(pack: EvidencePack) -> tuple[Disagreement, ...]:
    """The disagreements between passages of an evidence pack, in its order."""
    said = _comparable(pack)
    groups: list[tuple[value_conflicts.Kind, dict[_Place, SourceValue]]] = []
    for place, one in enumerate(said):
        for other in said[place + 1 :]:
            if one.item.origin == other.item.origin:
                continue
            for found in value_conflicts.differing(one.text, other.text, one.day, other.day):
                pair = one.value_at(found.one), other.value_at(found.other)
                updated = _changed(one, other, found) or _counted_on(one, other, found)
                if not (updated or _borrowed(pair, pack)):
                    _join(groups, found.kind, pair)
    return tuple(
        Disagreement(kind=kind, tellings=tuple(kept))
        for kind, tellings in groups
        if len(kept := list(_distinct(tellings.values(), pack))) > 1
    )


def _changed(one: _Said, other: _Said, found: value_conflicts.Differing) -> bool:
    """Whether either sentence says that its number has changed."""
    return found.kind == "number" and (
        value_conflicts.changed(one.text, found.one)
        or value_conflicts.changed(other.text, found.other)
    )


def _counted_on(one: _Said, other: _Said, found: value_conflicts.Differing) -> bool:
    """Whether a count that rises with time, as of victims, is higher in the later item."""
    times = one.item.published_at, other.item.published_at
    if found.kind != "number" or times[0] is None or times[1] is None:
        return False
    if abs(times[0] - times[1]) < COUNTED_ON:
        return False
    values = [
        next((q.value for q in quantities(said.text) if q.start == at.start), 0)
        for said, at in ((one, found.one), (other, found.other))
    ]
    rises = (values[0] < values[1]) == (times[0] < times[1])
    return (
        rises
        and value_conflicts.grows(one.text, found.one)
        and value_conflicts.grows(other.text, found.other)
    )


def _borrowed(pair: tuple[SourceValue, SourceValue], pack: EvidencePack) -> bool:
    """Whether either value is attributed to another source of the pack that gives it itself."""
    return any(
        _passes_on(telling, source) and telling.value in source.text
        for telling in pair
        for source in pack.items
        if source.key != telling.item
    )


def _passes_on(telling: SourceValue, source: SourceItem) -> bool:
    """Whether the passage of a value attributes it to another source by name."""
    name = source.source_name.casefold().removeprefix("the ")
    if name == telling.source.casefold().removeprefix("the "):
        return False
    named = re.escape(name)
    credit = rf"\b(?:according to|reported by|told|cited by|quoted by) (?:the )?{named}\b"
    said = rf"\b{named},?(?: \w+)? (?:said|says|reported|reports|wrote|writes|put|puts|gave)\b"
    return re.search(f"{credit}|{said}", telling.text.casefold()) is not None


def _comparable(pack: EvidencePack) -> list[_Said]:
    items = {item.key: item for item in pack.items}
    gone = {key for taking in find_retractions(pack.items) for key in taking.of}
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
    groups: list[tuple[value_conflicts.Kind, dict[_Place, SourceValue]]],
    kind: value_conflicts.Kind,
    pair: tuple[SourceValue, SourceValue],
) -> None:
    """Add a pair to the group that shares a value with it: three sources may give three values."""
    places = {(t.passage, t.start): t for t in pair}
    for had, tellings in groups:
        if had == kind and places.keys() & tellings.keys():
            tellings.update(places)
            return
    groups.append((kind, places))


def _distinct(tellings: Iterable[SourceValue], pack: EvidencePack) -> Iterator[SourceValue]:
    """At most one value of each origin and wording, in order of time."""
    place = {item.key: n for n, item in enumerate(pack.items)}
    seen: set[tuple[str, str]] = set()
    for telling in sorted(tellings, key=lambda t: (place[t.item], t.passage, t.start)):
        voice = pack.item(telling.item).origin, telling.value.casefold()
        if voice not in seen:
            seen.add(voice)
            yield telling
