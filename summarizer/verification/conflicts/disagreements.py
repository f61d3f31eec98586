"""Conflicts between the sources of an incident: several values of one slot, each with its passage.

Only independent origins are compared: a story and its copies count as one, and retracted or
replaced items not at all.  No value is averaged; the newest one is marked.  A value that a later
sentence takes back, and a count that has grown, are updates.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Disagreement, SourceValue
from summarizer.domain.items import Passage, PassageId, SourceItem
from summarizer.text import dates
from summarizer.text.boilerplate import trim
from summarizer.text.name_matching import mentions
from summarizer.text.names import Name, names
from summarizer.text.parse import parse
from summarizer.text.quantities import quantities
from summarizer.text.relative_days import absolute, style_of
from summarizer.text.sentences import Span, sentences
from summarizer.text.tokens import STOPWORDS, listed, read, stem, tokens
from summarizer.verification import speakers
from summarizer.verification.conflicts import values
from summarizer.verification.conflicts.alike import alike
from summarizer.verification.conflicts.corrections import (
    LASTING,
    Value,
    corrections,
    durations,
    restates,
)
from summarizer.verification.conflicts.measures import (
    Measure,
    clause,
    governor,
    is_disputed,
    measures,
    rises,
    to_read,
)
from summarizer.verification.evidence import CitedEvidence, CitedText, index_of
from summarizer.verification.recent_packs import remembered
from summarizer.verification.scene import scene_of

MOST_SENTENCES = 400
"""Most sentences compared in pairs; of longer evidence, the first passages of each item."""

ANCHORED = 2
"""Least content words, without names and units, that a sentence shares with the one that corrects
its value."""

RARE = 3
"""Digits from which one shared word is enough: "2,300", "4 hours and 12 minutes"."""

UNITS = frozenset(map(stem, listed("percent percentage point points hour minute second day year")))

COUNTED_ON = dt.timedelta(hours=6)
"""Time after which a higher count of victims, arrests or signatures is an update, no conflict."""


_HAPPENS = frozenset(listed("happen occur begin start break take erupt be"))
"""Verbs that say of an event no more than that it was."""


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
        for lasting in LASTING.finditer(self.passage.text):
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


_Place = tuple[PassageId, int]


@remembered
def find_conflicts(pack: EvidencePack) -> tuple[Disagreement, ...]:
    """The disagreements between passages of an evidence pack: a company against others first, then
    in its order.  Remembered for the last few packs."""
    said, groups, credits_ = _comparable(pack), list[_Group](), _Credits(pack)
    for one, other in ((said[a], said[b]) for a, b in alike([one.text for one in said])):
        if one.item.origin == other.item.origin:
            continue
        for found in values.differing(one.text, other.text, one.day, other.day):
            if _of_other_acts(one, other, found):
                continue
            pair = one.value_at(found.one), other.value_at(found.other)
            grown = _changed(one, other, found) or _counted_on(one, other, found)
            if not credits_.borrowed(pair):
                _join(groups, found.kind, pair, grown)
    for pair in _lasting(said):
        _join(groups, "number", pair)
    for old, new, grown in _measured(said, credits_):
        gone = frozenset((old.value,)) if grown else frozenset[str]()
        _join(groups, "number", (old, new), grown, gone)
    for old, new in _corrected(said):
        _join(groups, "number", (old, new), corrected=frozenset((old.value,)))
    grounds = index_of(pack).grounds(())
    told = (_disagreement(group, pack, grounds) for group in groups)
    kept = [one for one in told if one is not None]
    return tuple(sorted(kept, key=lambda one: (one.updated, not _has_party(one))))


@dataclass
class _Group:
    """Values that are given for one fact.

    Args:
        grown: whether every two of them are counts that have grown.
        corrected: values that a later sentence corrects or replaces.
    """

    kind: values.Kind
    tellings: dict[_Place, SourceValue]
    grown: bool
    corrected: frozenset[str]


def _corrected(said: Sequence[_Said]) -> Iterator[tuple[SourceValue, SourceValue]]:
    """Values that a sentence states and another one, not earlier, replaces by its own."""
    for later in said:
        for taken in corrections(later.text):
            for one in said:
                if one is later or not _not_after(one.item, later.item):
                    continue
                old = restates(one.text, taken)
                if old is not None and _are_of_one_fact(one.text, later.text, taken.old):
                    yield one.value_at(old.span), later.value_at(taken.new.span)


def _are_of_one_fact(one: str, other: str, value: Value) -> bool:
    """Whether two sentences share enough besides a value: names count only where it is rare."""
    shared = read(one).content_set & read(other).content_set
    if value.digits >= RARE:
        return any(map(str.isalpha, shared))
    named = {stem(word) for name in names(one) for word in name.words}
    return len({w for w in shared if w.isalpha() and w not in UNITS} - named) >= ANCHORED


def _lasting(said: Sequence[_Said]) -> Iterator[tuple[SourceValue, SourceValue]]:
    """Durations in several units behind one verb ("lasted 4 hours and 12 minutes"): of one incident
    nobody measures two things so exactly, whatever they are called."""
    found = [(one, value, _lead(one.text, value)) for one in said for value in durations(one.text)]
    for place, (one, value, lead) in enumerate(found):
        for other, second, second_lead in found[place + 1 :]:
            apart = one.item.origin != other.item.origin and value.amount != second.amount
            if apart and lead and lead == second_lead:
                yield one.value_at(value.span), other.value_at(second.span)


def _measured(
    said: Sequence[_Said], credits_: _Credits
) -> Iterator[tuple[SourceValue, SourceValue, bool]]:
    """Different numbers of one measure of the incident, the earlier first, each pair with whether
    the later one takes its place."""
    found = sorted(_measures(said), key=lambda pair: pair[0].item.seen_at)
    for place, (one, mine) in enumerate(found):
        for other, theirs in found[place + 1 :]:
            if (mine.axis, mine.kind) != (theirs.axis, theirs.kind) or values.compatible(
                mine.number, theirs.number
            ):
                continue
            parted = bool(mine.by and theirs.by and mine.by != theirs.by)
            if one.item.origin == other.item.origin:
                comparable = parted and one.item is other.item
            else:
                comparable = _of_one_story(one, other)
            pair = one.value_at(mine.at), other.value_at(theirs.at)
            if comparable and not credits_.borrowed(pair):
                yield *pair, _replaces(theirs, mine, other.item, one.item, parted)


def _measures(said: Sequence[_Said]) -> Iterator[tuple[_Said, Measure]]:
    """The measures of sentences; one that refers measures what the last one of its item did."""
    last: tuple[SourceItem, str] | None = None
    parse(to_read(one.text for one in said))  # together, which is faster
    for one in said:
        for found in measures(one.text):
            if found.axis:
                last = one.item, found.axis
                yield one, found
            elif last is not None and last[0] is one.item:
                yield one, found._replace(axis=last[1])


def _of_one_story(one: _Said, other: _Said) -> bool:
    """Whether two sentences share a name, or either names only what the other's item names too;
    and both share a word beside the number."""
    here, there = (frozenset(read(f"{s.item.title}\n{s.item.text}").stems) for s in (one, other))
    mine, theirs = (values.named(s.text) for s in (one, other))
    known = mine & theirs or not (mine - there and theirs - here)
    return bool(known and values.content_of(one.text) & values.content_of(other.text))


def _replaces(
    late: Measure, early: Measure, item: SourceItem, before: SourceItem, parted: bool
) -> bool:
    """Whether a measure of a later item takes the place of an earlier one: it says that it has
    changed, or is a higher count of what only grows.  Sums of money by two parties are a dispute.
    """
    if item.published_at is None or before.published_at is None:
        return False
    if late.changed and item.published_at > before.published_at:
        return True
    grown = (
        rises(late.axis)
        and late.number.value > early.number.value
        and not (parted and is_disputed(late.axis))
    )
    return grown and item.published_at - before.published_at >= COUNTED_ON


def _lead(text: str, value: Value) -> str:
    """Stem of the last content word before a value."""
    before = [t.norm for t in tokens(text[: value.span.start]) if t.norm not in STOPWORDS]
    return stem(before[-1]) if before else ""


def _not_after(one: SourceItem, other: SourceItem) -> bool:
    if one.published_at is None or other.published_at is None:
        return False
    return one.published_at <= other.published_at


def _disagreement(group: _Group, pack: EvidencePack, grounds: CitedEvidence) -> Disagreement | None:
    kept = list(_distinct(group.tellings.values(), pack))
    if len({telling.value.casefold() for telling in kept}) < 2:
        return None
    newest = _newest(kept, pack)
    texts = {ground.id: ground for ground in grounds.known}
    told = [
        telling.model_copy(
            update={
                "newest": newest is not None and telling.value == newest.value,
                "speaker": _speaker(telling, texts[telling.passage], grounds),
            }
        )
        for telling in kept
    ]
    back = _taken_back(told) if newest else frozenset()
    gone = back | group.corrected
    marked = tuple(
        telling.model_copy(update={"superseded": not telling.newest})
        if (newest and group.grown) or telling.value in gone
        else telling
        for telling in told
    )
    older = {telling.value for telling in told if not telling.newest}
    return Disagreement(
        kind=group.kind,
        tellings=marked,
        fact=_fact(next((t for t in told if t.newest), told[-1])),
        updated=newest is not None and (group.grown or older <= back),
    )


def _taken_back(tellings: Sequence[SourceValue]) -> frozenset[str]:
    """Values that somebody gave who gives the newest one too."""
    last = {_voice(telling) for telling in tellings if telling.newest}
    return frozenset(t.value for t in tellings if not t.newest and _voice(t) in last)


def _voice(telling: SourceValue) -> str:
    return (telling.speaker or telling.source).casefold()


def _newest(tellings: Sequence[SourceValue], pack: EvidencePack) -> SourceValue | None:
    """The value of the latest item; ``None`` where one is undated, or two values are as late."""
    times = {item.key: item.published_at for item in pack.items}
    dated = [(at, telling) for telling in tellings if (at := times[telling.item]) is not None]
    if len(dated) < len(tellings):
        return None
    latest = max(at for at, _ in dated)
    last = [telling for at, telling in dated if at == latest]
    return last[0] if len({telling.value for telling in last}) == 1 else None


def _speaker(telling: SourceValue, ground: CitedText, grounds: CitedEvidence) -> str:
    """Who gives a value, if it is not the source itself."""
    sentence = _sentence_of(telling)
    text = telling.text[sentence.start : sentence.end]
    found = speakers.speaker(read(text).content_set, ground, grounds)
    name = speakers.name_of(found)
    own = name is not None and speakers.same(name, Name(telling.source, 0, 0))
    if name is None:
        return "" if found == speakers.UNNAMED else found
    return "" if own else name.text


def _has_party(found: Disagreement) -> bool:
    """Whether somebody gives a value who is named in another's: a company against outsiders."""
    return any(
        one is not other and mentions(one.speaker or one.source, other.text)
        for one in found.tellings
        for other in found.tellings
    )


LONG = 24
"""Words of a sentence of which only the clause of the value is shown: its passages stand beside it
in full."""


def _fact(telling: SourceValue) -> str:
    """The sentence of a value, an ellipsis in its place; of a long one, the clause of the value.

    Days that the sentence counts from its own are given as dates.
    """
    span = _sentence_of(telling)
    text = telling.text
    whole = trim(f"{text[span.start : telling.start]}…{text[telling.end : span.end]}")
    if len(whole.split()) > LONG:
        at = Span(telling.start - span.start, telling.end - span.start)
        whole = clause(text[span.start : span.end], at) or whole
    dated = absolute(whole, telling.day, style_of(text)) or whole
    spaced = " … ".join(part.strip() for part in dated.split("…")).strip(" .,;")
    return re.sub(r" ([.,;])", r"\1", spaced[:1].upper() + spaced[1:])


def _sentence_of(telling: SourceValue) -> Span:
    spans = sentences(telling.text)
    return next((s for s in spans if s.start <= telling.start < s.end), Span(0, len(telling.text)))


def _changed(one: _Said, other: _Said, found: values.Differing) -> bool:
    """Whether either sentence says that its number has changed."""
    return found.kind == "number" and (
        values.changed(one.text, found.one) or values.changed(other.text, found.other)
    )


def _of_other_acts(one: _Said, other: _Said, found: values.Differing) -> bool:
    """Whether two days are of different verbs ("convicted on Tuesday", "sentenced on Thursday"), or
    two counts depend on them, and measure different things or are far apart: "300 pupils were sent
    home", "two dozen pupils were treated"."""
    spans = (one.text, found.one), (other.text, found.other)
    verbs = {governor(*span) for span in spans}
    if found.kind == "who" or len(verbs) == 1:
        return False
    if found.kind == "date":
        return not verbs & {""} and not verbs <= _HAPPENS
    axes = {m.axis for text, at in spans for m in measures(text) if m.at == at and m.axis}
    counts = [q for text, at in spans for q in quantities(text) if q.start == at.start]
    if len(counts) != 2 or any(q.kind for q in counts):
        return False
    least, most = sorted(q.value for q in counts)
    return len(axes) > 1 or most > values.LOOSELY_TIMES * least


def _counted_on(one: _Said, other: _Said, found: values.Differing) -> bool:
    """Whether a count that rises with time, as of victims, is higher in the later item."""
    times = one.item.published_at, other.item.published_at
    if found.kind != "number" or times[0] is None or times[1] is None:
        return False
    if abs(times[0] - times[1]) < COUNTED_ON:
        return False
    counts = [
        next((q.value for q in quantities(said.text) if q.start == at.start), 0)
        for said, at in ((one, found.one), (other, found.other))
    ]
    rises = (counts[0] < counts[1]) == (times[0] < times[1])
    return rises and values.grows(one.text, found.one) and values.grows(other.text, found.other)


class _Credits:
    """To which other sources the passages of a pack attribute what they give, read once each."""

    def __init__(self, pack: EvidencePack) -> None:
        self._sources: dict[str, list[SourceItem]] = {}
        for item in pack.items:
            self._sources.setdefault(_outlet(item.source_name), []).append(item)
        self._credited: dict[str, tuple[str, ...]] = {}

    def borrowed(self, pair: tuple[SourceValue, SourceValue]) -> bool:
        """Whether either value is attributed to another source of the pack that gives it itself."""
        return any(
            telling.value in source.text
            for telling in pair
            for name in self._of(telling.text)
            if name != _outlet(telling.source)
            for source in self._sources[name]
        )

    def _of(self, text: str) -> tuple[str, ...]:
        if text not in self._credited:
            folded = text.casefold()
            self._credited[text] = tuple(n for n in self._sources if _credits(folded, n))
        return self._credited[text]


def _outlet(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _credits(text: str, name: str) -> bool:
    """Whether a text attributes what it gives to a source; both in lower case."""
    if name not in text:
        return False
    named = re.escape(name)
    credit = rf"\b(?:according to|reported by|told|cited by|quoted by) (?:the )?{named}\b"
    said = rf"\b{named},?(?: \w+)? (?:said|says|reported|reports|wrote|writes|put|puts|gave)\b"
    return re.search(f"{credit}|{said}", text) is not None


def _comparable(pack: EvidencePack) -> list[_Said]:
    items = {item.key: item for item in pack.items}
    gone = {key for taking in scene_of(pack).retractions if taking.whole for key in taking.of}
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
    asks = text.rstrip("\"'”’ ").endswith("?")
    return not asks and bool(quantities(text) or dates.mentions(text) or names(text))


def _join(
    groups: list[_Group],
    kind: values.Kind,
    pair: tuple[SourceValue, SourceValue],
    grown: bool = False,
    corrected: frozenset[str] = frozenset(),
) -> None:
    """Join a pair with the groups that share a value with it: three sources may give three."""
    joined = _Group(kind, {(t.passage, t.start): t for t in pair}, grown, corrected)
    place = len(groups)
    for n, group in reversed(list(enumerate(groups))):
        if group.kind == kind and joined.tellings.keys() & group.tellings.keys():
            joined.tellings |= group.tellings
            joined.grown = joined.grown and group.grown
            joined.corrected |= group.corrected
            groups.pop(n)
            place = n
    groups.insert(place, joined)


def _distinct(tellings: Iterable[SourceValue], pack: EvidencePack) -> Iterator[SourceValue]:
    """At most one value of each origin and wording, in order of time."""
    place = {item.key: n for n, item in enumerate(pack.items)}
    seen: set[tuple[str, str]] = set()
    for telling in sorted(tellings, key=lambda t: (place[t.item], t.passage, t.start)):
        voice = pack.item(telling.item).origin, telling.value.casefold()
        if voice not in seen:
            seen.add(voice)
            yield telling
