"""Merged incidents: a claim may not glue facts of passages that speak of different things.

It fires only where a fact (a number, a date, or what was done) stands in cited passages of one
item, the names of the claim in cited passages of another, no cited passage holds both, and the two
items share no name at all: no actor, no place.  A claim that names the actors of both sides
compares them and passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text import dates, quantities
from summarizer.text.name_matching import known
from summarizer.text.names import Name, names
from summarizer.text.sentences import sentences
from summarizer.text.tokens import STOPWORDS, read, stem
from summarizer.verification.checks import dates as check_dates
from summarizer.verification.evidence import CitedEvidence, CitedText

DONE = 2
"""Content stems found only in another item from which a clause counts as told by that item."""


@dataclass(frozen=True)
class Part:
    """A fact in a claim: where it stands, in words, and which cited grounds hold it."""

    start: int
    end: int
    text: str
    holders: tuple[CitedText, ...]


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each sentence of the claim that puts the names of one item to the facts of another."""
    if len({g.item for g in grounds.cited}) < 2:
        return []
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        found = _glued(sentence, grounds)
        if found is None:
            continue
        name, fact = found
        failures.append(
            Failure(
                check="merging",
                reason=f'"{name.text}" is from {_ids(name)}, "{fact.text}" from {_ids(fact)}; '
                "these speak of different things and share no actor and no place.",
                start=span.start + fact.start,
                end=span.start + fact.end,
                better=grounds.better(claim, partial(_joins, name, fact)),
                label=VerdictLabel.UNSUPPORTED,
            )
        )
    return failures


def _ids(part: Part) -> str:
    return " and ".join(g.id for g in part.holders)


def _joins(name: Part, fact: Part, ground: CitedText) -> bool:
    return known(Name(name.text, 0, 0), ground.text) and read(fact.text).norms <= (
        read(ground.text).norms
    )


def _glued(sentence: str, grounds: CitedEvidence) -> tuple[Part, Part] | None:
    """A name and a fact of a sentence that come from items with nothing in common."""
    whom = [part for part in _names(sentence, grounds) if part.holders]
    for fact in _facts(sentence, grounds):
        if not fact.holders:
            continue
        apart = [name for name in whom if _apart(name, fact, grounds)]
        if apart and len(apart) == len(whom):
            return apart[0], fact
    return None


def _apart(name: Part, fact: Part, grounds: CitedEvidence) -> bool:
    """Whether the holders of two parts are of different items that share no name."""
    mine, theirs = ({g.item for g in part.holders} for part in (name, fact))
    if mine & theirs:
        return False
    here, there = (" \n".join(_texts(items, grounds)) for items in (mine, theirs))
    if not names(there) or not names(here):
        return False
    return not any(known(n, here) for n in names(there)) and not any(
        known(n, there) for n in names(here)
    )


def _texts(items: set[str], grounds: CitedEvidence) -> list[str]:
    """All that is known of some items."""
    return [t for g in grounds.known if g.item in items for t in (g.text, g.title) if t]


def _names(sentence: str, grounds: CitedEvidence) -> Iterator[Part]:
    for name in names(sentence):
        holders = tuple(g for g in grounds.cited if known(name, g.text))
        if name.sure or not any(_is_word(name, g.text) for g in grounds.known):
            yield Part(name.start, name.end, name.text, holders)


def _is_word(name: Name, text: str) -> bool:
    """Whether a text writes the name small: then its capital only starts a sentence."""
    return re.search(rf"\b{re.escape(name.text.casefold())}\b", text) is not None


def _facts(sentence: str, grounds: CitedEvidence) -> Iterator[Part]:
    for quantity in quantities.quantities(sentence):
        text = sentence[quantity.start : quantity.end].strip()
        yield Part(
            quantity.start,
            quantity.end,
            text,
            tuple(
                g
                for g in grounds.cited
                if any(_equal(quantity, q) for q in quantities.quantities(g.text))
            ),
        )
    for when in dates.mentions(sentence):
        if when.relative is None:
            text = sentence[when.start : when.end]
            holders = tuple(g for g in grounds.cited if check_dates.names_date(when, g))
            yield Part(when.start, when.end, text, holders)
    yield from _deeds(sentence, grounds.cited)


def _equal(mine: quantities.Quantity, theirs: quantities.Quantity) -> bool:
    return abs(mine.value - theirs.value) <= 1e-9 * max(1.0, mine.value)


def _deeds(sentence: str, cited: Sequence[CitedText]) -> Iterator[Part]:
    """What only one item tells of the sentence, when that is more than a stray word."""
    reading = read(sentence)
    named = {stem(w) for n in names(sentence) for w in n.words}
    for item in dict.fromkeys(g.item for g in cited):
        here = frozenset[str]().union(*(read(g.text).content_set for g in cited if g.item == item))
        elsewhere = frozenset[str]().union(
            *(read(g.text).content_set for g in cited if g.item != item)
        )
        places = [
            n
            for n, s in enumerate(reading.stems)
            if s in here
            and s not in elsewhere
            and s not in named
            and reading.tokens[n].norm not in STOPWORDS
        ]
        if len(places) >= DONE:
            start, end = reading.tokens[places[0]].start, reading.tokens[places[-1]].end
            stems = {reading.stems[n] for n in places}
            holders = tuple(g for g in cited if g.item == item and stems & read(g.text).content_set)
            yield Part(start, end, sentence[start:end], holders)
