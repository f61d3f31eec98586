"""Twins: pairs of sentences of independent origins that state one fact, with planted differences.

Twins are found by shared words and a shared number, day or name, independently of the measured
rules (``verification.conflicts.values``). Further twins are made with the rewrites of the mutation
suite, as a reworded copy from another origin.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from evals.suites.mutation.names import PEOPLE, is_person
from evals.suites.mutation.numbers import WEEKDAYS, is_bounded, numbers, other_numbers
from evals.suites.mutation.paraphrases import REWRITES
from evals.suites.mutation.target import Target
from evals.suites.mutation.words import content, held, name_words, named
from summarizer.domain.claims import Claim
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import ItemKey, Passage, SourceItem
from summarizer.rendering.phrases import MONTHS
from summarizer.text.coreference import form
from summarizer.text.sentences import sentences

KINDS = ("number", "date", "who")
"""Kinds of values, as in ``Disagreement.kind``."""

BANDS = (("loose", 0.3), ("near", 0.45), ("close", 0.6), ("copied", 0.9))
"""Bands of similarity: minimum share of each sentence's content words that the other contains."""

FIGURES_ONLY = ("loose",)
"""Bands in which only shared numbers make twins, because sentences of one story often share a day
or a person without stating the same fact."""

MOST = 4
"""Maximum twins per kind and band from one story, so that long stories do not dominate."""

_DAY = re.compile(
    rf"\b(?P<weekday>{'|'.join(WEEKDAYS)})\b"
    rf"|\b(?:{'|'.join(MONTHS)}) (?P<day>\d{{1,2}})\b(?!,? ?\d)"
)
_TOLD_ON = re.compile(
    r"(?:\b(?:sa(?:id|ys|ying)|told|announced|reported|confirmed|stated|wrote|posted|tweeted|added)"
    r"|\b(?:statement|interview|telephone|phone|Twitter))\b[^,.;]{0,30}$"
)
"""Words before the day of a statement; such days are skipped."""

_STACKED = tuple(name for name in REWRITES if name not in ("surname", "synonym"))
"""Rewrites that can be combined; names and synonyms must not be changed twice."""

_CONTACT = re.compile(r"@|\b(?:phone|call|fax|tel)\b|\b\d{3,4}[\s-]\d{3,4}\b", re.IGNORECASE)

_UNIT_WORDS = 3
"""Number of words after a number that are searched for its unit."""


@dataclass(frozen=True)
class Value:
    """A number, day or name in a sentence; values with equal ``slot`` are the same value."""

    kind: str
    slot: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage, by its offsets there."""

    item: SourceItem
    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its words."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True)
class Twins:
    """Two sentences that give the same value.

    Args:
        kind: kind of the value.
        band: band of similarity, or ``reworded`` for a rewritten copy.
        first: the value in ``one``.
        second: the value in ``other``.
        way: rewrites that made ``other``; empty if a source wrote it.
    """

    kind: str
    band: str
    one: Sentence
    other: Sentence
    first: Value
    second: Value
    way: str = ""


def values(text: str, people: frozenset[str]) -> list[Value]:
    """Values of a sentence outside quotations, with slots that occur once.

    Args:
        text: the sentence.
        people: names of persons in the story.
    """
    if _CONTACT.search(text):
        return []
    target = Target(Claim(text=text), EvidencePack(items=(), passages=()))
    found = [
        Value("number", (f"{n.value:g}", unit), n.start, n.end)
        for n in numbers(text)
        if (unit := _unit(text, n.start, n.end))
    ]
    days = list(_DAY.finditer(text))
    found += [
        Value("date", (m.group(),), *_day(m))
        for m in days
        if len(days) == 1 and not _TOLD_ON.search(text[: m.start()])
    ]
    found += [Value("who", (n.text,), n.start, n.end) for n in named(text) if n.text in people]
    slots = [(v.kind, v.slot) for v in found]
    return [
        v for v in found if slots.count((v.kind, v.slot)) == 1 and not target.is_quoted(v.start)
    ]


def _day(match: re.Match[str]) -> tuple[int, int]:
    return match.span("weekday" if match["weekday"] else "day")


def _unit(text: str, start: int, end: int) -> str:
    """Unit of a number: its currency or percent sign, else a content word after it."""
    sign = re.search(r"[$€£]$", text[:start])
    if sign or re.match(r"\s?(?:%|per ?cent)", text[end:]):
        return sign.group() if sign else "%"
    behind = (min(content(word), default="") for word in text[end:].split()[:_UNIT_WORDS])
    return next(filter(None, behind), "")


def people_of(pack: EvidencePack) -> frozenset[str]:
    """Names of persons in the passages, of two or more words."""
    text = "\n".join(p.text for p in pack.passages)
    known = {n.text for p in pack.passages for n in named(p.text) if " " in n.text}
    return frozenset(n for n in known if form(n).is_person and is_person(n, text))


def found_in(pack: EvidencePack, rng: Random) -> list[Twins]:
    """Twins among the sources' sentences, sampled per kind and band."""
    people, items = people_of(pack), {item.key: item for item in pack.items}
    candidates = [
        (Sentence(items[p.item_key], p, span.start, span.end), values(text, people), content(text))
        for p in pack.passages
        for span in sentences(p.text)
        if len((text := p.text[span.start : span.end]).split()) >= 5
    ]
    every: list[Twins] = []
    for (one, mine, here), (other, theirs, there) in itertools.combinations(candidates, 2):
        if one.item.origin == other.item.origin:
            continue
        band = _band(min(held(here, there), held(there, here)))
        every += [
            Twins(a.kind, band, one, other, a, b)
            for a in mine
            for b in theirs
            if band and (a.kind, a.slot) == (b.kind, b.slot)
            if a.kind == "number" or band not in FIGURES_ONLY
        ]
    return list(_few(every, rng))


def _band(alike: float) -> str:
    return next((name for name, least in reversed(BANDS) if alike >= least), "")


def reworded(pack: EvidencePack, rng: Random) -> list[Twins]:
    """Twins of a sentence and its reworded copy from another origin, sampled per kind."""
    people, items = people_of(pack), {item.key: item for item in pack.items}
    every = []
    for passage in pack.passages:
        for span in sentences(passage.text):
            one = Sentence(items[passage.item_key], passage, span.start, span.end)
            text, ways = _rewritten(one, pack, rng)
            if len(ways) < 2:
                continue
            other = _told_again(one, text)
            every += [
                Twins(a.kind, "reworded", one, other, a, b, ", ".join(ways))
                for a in values(one.text, people)
                for b in values(text, people)
                if (a.kind, a.slot) == (b.kind, b.slot)
            ]
    return list(_few(every, rng))


def _rewritten(one: Sentence, pack: EvidencePack, rng: Random) -> tuple[str, list[str]]:
    """A sentence after all applicable rewrites, with their names."""
    claim, ways = Claim(text=one.text, cites=(one.passage.id,)), list[str]()
    for name in _STACKED:
        rewrite = REWRITES[name]
        after = rewrite(Target(claim, pack), rng)
        if after is not None and after.text != claim.text:
            claim, ways = after, [*ways, name]
    return claim.text, ways


def _told_again(one: Sentence, text: str) -> Sentence:
    key = ItemKey("a1000000")  # after all of the story
    item = one.item.model_copy(
        update={"key": key, "origin": key, "outlet": "Another outlet", "text": text, "title": ""}
    )
    passage = Passage(item_key=key, n=1, start=0, end=len(text), text=text)
    return Sentence(item, passage, 0, len(text))


def _few(every: Sequence[Twins], rng: Random) -> Iterator[Twins]:
    groups: dict[tuple[str, str], list[Twins]] = {}
    for twins in every:
        groups.setdefault((twins.kind, twins.band), []).append(twins)
    for group in groups.values():
        yield from rng.sample(group, min(MOST, len(group)))


def planted(twins: Twins, pack: EvidencePack, rng: Random) -> Twins | None:
    """The twins with another value in the second sentence, which the story does not contain.

    ``None`` if there is no such value.
    """
    everything = "\n".join(p.text for p in pack.passages)
    value, sentence = twins.second, twins.other
    text, start, end = sentence.text, value.start, value.end
    words = _another(value.kind, text, start, end, everything, rng)
    if words is None:
        return None
    changed = text[:start] + words + text[end:]
    passage = sentence.passage
    whole = passage.text[: sentence.start] + changed + passage.text[sentence.end :]
    longer = len(words) - (end - start)
    new = passage.model_copy(update={"text": whole, "end": passage.end + longer})
    at = Value(value.kind, value.slot, start, start + len(words))
    other = Sentence(sentence.item, new, sentence.start, sentence.end + longer)
    return Twins(twins.kind, twins.band, twins.one, other, twins.first, at, twins.way)


def _another(
    kind: str, text: str, start: int, end: int, everything: str, rng: Random
) -> str | None:
    if kind == "who":
        new = [name for name in PEOPLE if not name_words(name) & name_words(everything)]
        return rng.choice(new) if new else None
    if kind == "date":
        old = text[start:end]
        days = WEEKDAYS if old in WEEKDAYS else [str(n) for n in range(1, 29)]
        near = [d for d in days if d != old and (d in WEEKDAYS or 1 < abs(int(d) - int(old)) < 8)]
        return rng.choice(near)
    (number,) = [n for n in numbers(text) if n.start == start]
    there = {n.value for n in numbers(everything)}
    if is_bounded(text[:start]):
        return None  # "at least 30" and "at least 39" may both be true
    for words in other_numbers(number, text[:start], rng):
        (other,) = numbers(words)
        if other.value not in there:
            return words
    return None
