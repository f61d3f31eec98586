"""Comparison and direction: "rose" is not "fell", "more than 40" not "fewer than 40".

Words that tell a direction lie on an axis (trend, size, order, outcome …), on one of its two sides.
A claim fails when the clause of a cited sentence that is most like the clause of its word stands
on the other side.  It stays silent when a clause about as like stands on the claim's side, when
either is negated, and when the same is told from its other end ("A beat B", "B lost to A").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.cache import cached_by_text
from summarizer.text.quantities import Quantity, quantities
from summarizer.text.sentences import Span, clauses, sentences
from summarizer.text.tokens import STOPWORDS, listed, read, stem
from summarizer.verification.evidence import CitedEvidence, CitedText, align

ALIKE = 0.5
"""Share of the claim's content that a cited sentence must hold before directions are compared."""

REACH = 6
"""Words on either side of a direction word, within its clause, that say what it is about."""

COMMON = 2
"""Content words that two clauses must share to be about the same thing."""

_AXES = {
    "trend": (
        "rise increase grow climb jump surge soar rocket spike double triple improve expand widen"
        " strengthen accelerate upgrade raise up upward upwards rebound higher growth",
        "fall drop decrease decline plunge tumble sink slump shrink narrow weaken slow downgrade"
        " lower cut reduce slide dip halve plummet worsen down downward downwards dwindle",
    ),
    "size": ("bigger larger greater longer taller heavier", "smaller shorter lighter tinier"),
    "count": ("more", "less fewer"),
    "level": ("high", "low"),
    "age": ("older oldest eldest", "younger youngest newest"),
    "speed": ("faster quicker fastest quickest sooner", "slower slowest"),
    "price": ("costlier dearer pricier", "cheaper cheapest"),
    "rank": ("best better highest largest biggest most", "worst worse lowest smallest least"),
    "part": ("majority maximum", "minority minimum"),
    "order": ("first", "last final"),
    "time": ("early earlier earliest", "late later latest"),
    "sequence": ("before", "after following"),
    "place": ("above", "below beneath"),
    "outcome": ("win winner victory", "lose loser defeat loss"),
    "having": ("gain", "lose shed"),
}
_EXACT = frozenset(
    listed(
        "higher lower bigger larger greater longer taller heavier smaller shorter lighter older"
        " younger faster quicker sooner slower costlier dearer pricier cheaper better worse earlier"
        " later oldest eldest youngest newest fastest quickest slowest cheapest highest largest"
        " biggest lowest smallest earliest latest best worst up down upward upwards downward"
        " downwards more less fewer most least first last final before after above below beneath"
        " early late high low following maximum minimum"
    )
)
_BEHIND = frozenset({"sequence", "place"})
"""Axes on which the word's object decides: "before the vote" is not "after the vote"."""

_TEMPORAL_LAST = re.compile(
    r"\W{1,5}(?:\w{1,40}\W{1,5})?(?:week|month|year|night|summer|winter|spring|autumn|fall|season|quarter|time"
    r"|decade|century|(?:mon|tues|wednes|thurs|fri|satur|sun)day|minute|name)s?\b",
    re.IGNORECASE,
)
_IDIOM = re.compile(r"\b(?:at (?:the )?(?:least|most|first|last|best|worst)|more or less)$", re.I)
_NEGATION = frozenset(listed("not no never without nor neither hardly barely cannot than"))
_BOUND = re.compile(
    r"\b(?:(?P<over>more than|greater than|higher than|over|above|at least|exceed\w*|upwards? of"
    r"|no (?:fewer|less) than|not less than|a minimum of|beyond|just over)"
    r"|(?P<under>less than|fewer than|lower than|under|below|at most|up to|no more than"
    r"|not more than|a maximum of|nearly|almost|just (?:under|below)|as (?:few|little) as))"
    r"\W{1,3}(?:an?\s|the\s)?$",
    re.IGNORECASE,
)


def _sides() -> dict[str, frozenset[tuple[str, int]]]:
    found: dict[str, set[tuple[str, int]]] = {}
    for axis, pair in _AXES.items():
        for side, words in enumerate(pair):
            for word in words.split():
                found.setdefault(_key(word), set()).add((axis, side))
    return {word: frozenset(sides) for word, sides in found.items()}


def _key(norm: str) -> str:
    """Comparatives stay apart ("later" is not "late"); other forms share their stem."""
    return f"={norm}" if norm in _EXACT else stem(norm)


_SIDES = _sides()


def opposed(one: str, other: str) -> bool:
    """Whether two folded words lie on different sides of one axis."""
    mine, theirs = _SIDES.get(_key(one), frozenset()), _SIDES.get(_key(other), frozenset())
    return any(
        axis == other_axis and side != far for axis, side in mine for other_axis, far in theirs
    )


@dataclass(frozen=True)
class Direction:
    """A word that tells a direction.

    Args:
        axis: on which it lies, with ``side`` 0 or 1.
        about: content stems near it, within its clause.
        ahead: those before it: as a rule what rises, falls, wins.
        object: the first content stem behind it.
        negated: turned around by a word of negation.
        compared: "than" follows, so that the two sides may be told in either order.
    """

    start: int
    end: int
    axis: str
    side: int
    about: frozenset[str]
    ahead: frozenset[str]
    object: str | None
    negated: bool
    compared: bool


@cached_by_text
def directions(sentence: str) -> tuple[Direction, ...]:
    """Every word of direction in a sentence, once for each axis that it may lie on."""
    return tuple(_directions(sentence))


def _directions(sentence: str) -> Iterator[Direction]:
    reading = read(sentence)
    for place, token in enumerate(reading.tokens):
        sides = _SIDES.get(_key(token.norm))
        if not sides or _IDIOM.search(sentence[: token.end]):
            continue
        if token.norm == "last" and _TEMPORAL_LAST.match(sentence, token.end):
            continue
        clause = next(
            (c for c in clauses(sentence) if c.start <= token.start < c.end), Span(0, len(sentence))
        )
        near = [n for n in range(place - REACH, place + REACH + 1) if n != place]
        inside = [
            n
            for n in near
            if 0 <= n < len(reading.tokens) and clause.start <= reading.tokens[n].start < clause.end
        ]
        content = [n for n in inside if reading.tokens[n].norm not in STOPWORDS]
        behind = [n for n in content if n > place]
        head = {reading.tokens[n].norm for n in inside if place - 3 <= n < place}
        then = {reading.tokens[n].norm for n in inside if n > place}
        for axis, side in sides:
            yield Direction(
                token.start,
                token.end,
                axis,
                side,
                frozenset(reading.stems[n] for n in content),
                frozenset(reading.stems[n] for n in content if n < place),
                reading.stems[behind[0]] if behind else None,
                bool(head & _NEGATION) or "n't" in sentence[clause.start : token.start],
                "than" in then,
            )


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each word of direction, and each bound of a number, that the passages turn around."""
    failures = _bounds(claim, grounds)
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        if directions(sentence):
            failures += [
                found
                for found in _turned(sentence, span.start, claim, grounds)
                if not any(_overlap(found, bound) for bound in failures)
            ]
    return failures


def _overlap(one: Failure, other: Failure) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)


def _turned(sentence: str, offset: int, claim: str, grounds: CitedEvidence) -> list[Failure]:
    likely = [a.text for a in align(sentence, grounds.cited) if a.recall >= ALIKE]
    if not likely:
        return []
    words = read(sentence).content_set
    failed: dict[int, Failure] = {}
    for mine in directions(sentence):
        other = _opposed(mine, likely, words)
        if other is None or mine.start in failed:
            continue
        said = sentence[mine.start : mine.end]
        failed[mine.start] = Failure(
            check="comparison",
            reason=f'The claim says "{said}"; the cited passage says "{other}".',
            start=offset + mine.start,
            end=offset + mine.end,
            better=grounds.better(claim, partial(_tells, mine)),
            label=VerdictLabel.CONTRADICTED,
        )
    return list(failed.values())[:1]


def _tells(mine: Direction, ground: CitedText) -> bool:
    """Whether a ground says what the claim says, on the claim's side."""
    return any(
        d.axis == mine.axis and d.side == mine.side and _matches(mine, d) >= COMMON
        for span in sentences(ground.text)
        for d in directions(ground.text[span.start : span.end])
    )


def _opposed(mine: Direction, likely: Sequence[str], words: frozenset[str]) -> str | None:
    """The word of the passages that turns the claim's around, if it is the only one to fit."""
    if mine.negated:
        return None
    against, spoken, others = 0, "", 0
    for text in likely:
        for theirs in directions(text):
            if theirs.axis != mine.axis:
                continue
            common = _matches(mine, theirs)
            if theirs.side == mine.side:
                if not theirs.ahead - words or len(mine.about & theirs.about) >= COMMON:
                    return None
                others = max(others, common)
            elif theirs.negated:
                return None
            elif common > against:
                against, spoken = common, text[theirs.start : theirs.end]
    return spoken if against >= max(COMMON, others + COMMON) else None


def _matches(mine: Direction, theirs: Direction) -> int:
    """How many words two directions share nearby; 0 when they are about different things."""
    if mine.axis in _BEHIND and mine.object != theirs.object:
        return 0
    if mine.compared or theirs.compared:
        return len(mine.about & theirs.about) if mine.ahead & theirs.ahead else 0
    if mine.axis in ("outcome", "having", "rank", "trend") and not mine.ahead & theirs.ahead:
        return len(mine.about & theirs.about) if not mine.ahead or not theirs.ahead else 0
    return len(mine.about & theirs.about)


@dataclass(frozen=True)
class Bound:
    """A number and the bound before it: ``over`` says whether it is a lower one."""

    quantity: Quantity
    over: bool
    start: int
    words: str


@cached_by_text
def bounded(text: str) -> tuple[Bound, ...]:
    """The numbers of a text that a bound stands before."""
    found = []
    for quantity in quantities(text):
        head = text[max(0, quantity.start - 24) : quantity.start + 1]
        lead = head[:-1] if not head[-1:].isspace() else head
        if match := _BOUND.search(lead if lead.endswith(" ") else lead + " "):
            start = quantity.start - len(head[:-1]) + match.start()
            found.append(Bound(quantity, bool(match["over"]), start, match.group().strip()))
    return tuple(found)


def _bounds(claim: str, grounds: CitedEvidence) -> list[Failure]:
    failures = []
    for mine in bounded(claim):
        same = [
            b for g in grounds.cited for b in bounded(g.text) if _equal(b.quantity, mine.quantity)
        ]
        if not same or any(b.over == mine.over for b in same):
            continue
        number = claim[mine.quantity.start : mine.quantity.end].strip()
        failures.append(
            Failure(
                check="comparison",
                reason=f'The claim says "{mine.words} {number}"; the cited passage says '
                f'"{same[0].words}".',
                start=mine.start,
                end=mine.quantity.end,
                better=grounds.better(claim, partial(_has_bound, mine)),
                label=VerdictLabel.CONTRADICTED,
            )
        )
    return failures


def _has_bound(mine: Bound, ground: CitedText) -> bool:
    return any(
        b.over == mine.over and _equal(b.quantity, mine.quantity) for b in bounded(ground.text)
    )


def _equal(one: Quantity, other: Quantity) -> bool:
    if abs(one.value - other.value) > 1e-9 * max(1.0, one.value):
        return False
    shared = set(one.nouns) & set(other.nouns)
    return bool(shared) or not one.nouns or not other.nouns or one.kind == other.kind != ""
