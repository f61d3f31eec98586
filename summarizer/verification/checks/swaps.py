"""Exchange: a number or name that the passages give, said of another's thing.

"417 of the 1,200 sentences" and "1,200 of the 417 sentences" hold the same numbers, which is all
that ``numbers`` asks.  Here the words right around each number are held against those around it in
the cited sentence: a claim fails when they fit the other number of the pair, and not its own.  And
where a claim runs word for word along a cited sentence, it fails when it has another name in the
place of a name.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.cache import cached_by_text
from summarizer.text.name_matching import known
from summarizer.text.names import Name, names
from summarizer.text.quantities import Quantity, quantities
from summarizer.text.sentences import sentences
from summarizer.text.tokens import STOPWORDS, Token, coverage, read, stem, tokens
from summarizer.verification.checks.word_alignment import departures, runs_along
from summarizer.verification.evidence import CitedEvidence

ALIKE = 0.6
"""Share of the claim's content, numbers apart, that a cited sentence must hold before places are
compared."""

REACH = 4
"""Words on either side of a number that make up its place."""

CROSSED, AHEAD = 3, 2
"""Words in a row that the two exchanged places must share, and by how many more than their own; two
of them must carry meaning."""


@dataclass(frozen=True)
class _Placed:
    """A number with the words before it, nearest first, and those behind it; numbers are ``#``."""

    quantity: Quantity
    before: tuple[str, ...]
    behind: tuple[str, ...]

    def shared(self, other: _Placed) -> list[str]:
        """Words in a row, outward from the number, that two places have in common."""
        return _run(self.before, other.before) + _run(self.behind, other.behind)


def _run(one: Sequence[str], other: Sequence[str]) -> list[str]:
    pairs = zip(one, other, strict=False)
    return [word for word, _ in itertools.takewhile(lambda p: p[0] == p[1], pairs)]


@cached_by_text
def _placed(text: str) -> tuple[_Placed, ...]:
    found = [q for q in quantities(text) if not q.glued]
    words = [_word(t.norm, t.start, found) for t in tokens(text)]
    starts = [t.start for t in tokens(text)]
    placed = []
    for quantity in found:
        ahead = [w for w, s in zip(words, starts, strict=True) if s < quantity.start]
        after = [w for w, s in zip(words, starts, strict=True) if s >= quantity.end]
        placed.append(_Placed(quantity, tuple(ahead[::-1][:REACH]), tuple(after[:REACH])))
    return tuple(placed)


def _word(norm: str, start: int, found: Sequence[Quantity]) -> str:
    return "#" if any(q.start <= start < q.end for q in found) else norm


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail the first pair of numbers in each sentence that stand in one another's places, and the
    first name that stands in the place of another."""
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        failures += _numbers_exchanged(sentence, span.start, grounds)
        failures += _name_displaced(sentence, span.start, grounds)
    return failures


def _numbers_exchanged(sentence: str, offset: int, grounds: CitedEvidence) -> list[Failure]:
    mine = _placed(sentence)
    if len(mine) < 2:
        return []
    likely = [_placed(text) for text in _like(sentence, grounds)]
    pair = next(_exchanged(mine, likely), None)
    return [] if pair is None else [_failure(sentence, offset, *pair)]


def _like(sentence: str, grounds: CitedEvidence) -> Iterator[str]:
    """The cited sentences that hold most of the claim's content, numbers apart."""
    found = quantities(sentence)
    words = [
        stem(t.norm)
        for t in tokens(sentence)
        if t.norm not in STOPWORDS and _word(t.norm, t.start, found) != "#"
    ]
    for ground in grounds.cited:
        reading = read(ground.text)
        for span, content in zip(reading.spans, reading.sentence_contents, strict=True):
            if coverage(frozenset(words), content) >= ALIKE:
                yield ground.text[span.start : span.end]


def _exchanged(
    mine: Sequence[_Placed], likely: Sequence[Sequence[_Placed]]
) -> Iterator[tuple[Quantity, Quantity]]:
    for one, other in itertools.combinations(mine, 2):
        if one.quantity.value == other.quantity.value:
            continue
        fits = [_crossed(one, other, theirs) for theirs in likely]
        known = [fit for fit in fits if fit is not None]
        if known and all(known):
            yield one.quantity, other.quantity


def _crossed(one: _Placed, other: _Placed, theirs: Sequence[_Placed]) -> bool | None:
    """Whether a sentence has the two the other way round; ``None`` if it lacks either."""
    first = [t for t in theirs if t.quantity.value == one.quantity.value]
    second = [t for t in theirs if t.quantity.value == other.quantity.value]
    if not first or not second:
        return None
    own = [*_longest(one, first), *_longest(other, second)]
    crossed = [*_longest(one, second), *_longest(other, first)]
    meaning = {word for word in crossed if word != "#" and word not in STOPWORDS}
    return len(crossed) >= max(CROSSED, len(own) + AHEAD) and len(meaning) >= 2


def _longest(place: _Placed, there: Sequence[_Placed]) -> list[str]:
    return max((place.shared(other) for other in there), key=len)


def _failure(sentence: str, offset: int, one: Quantity, other: Quantity) -> Failure:
    words = [sentence[q.start : q.end].strip() for q in (one, other)]
    return Failure(
        check="exchange",
        reason=f'The claim exchanges "{words[0]}" and "{words[1]}": the cited passage has each in '
        "the place of the other.",
        start=offset + one.start,
        end=offset + other.end,
        label=VerdictLabel.CONTRADICTED,
    )


def _name_displaced(sentence: str, offset: int, grounds: CitedEvidence) -> list[Failure]:
    """Fail a name that every cited sentence which runs along the claim has another name for."""
    mine = [name for name in names(sentence) if name.sure]
    if not mine:
        return []
    along = [text for text in _cited_sentences(grounds) if runs_along(sentence, text)]
    told = [dict(_displacements(sentence, mine, text)) for text in along]
    for name in mine:
        if told and all(name in found for found in told):
            return [_displaced(name, told[0][name], offset)]
    return []


def displaced(sentence: str, other: str) -> list[tuple[Name, Name]]:
    """Names of a sentence with those that stand in their places in another which it runs along."""
    mine = [name for name in names(sentence) if name.sure]
    if not mine or not runs_along(sentence, other):
        return []
    return list(_displacements(sentence, mine, other))


def _cited_sentences(grounds: CitedEvidence) -> Iterator[str]:
    for ground in grounds.cited:
        for span in read(ground.text).spans:
            yield ground.text[span.start : span.end]


def _displacements(sentence: str, mine: Sequence[Name], text: str) -> Iterator[tuple[Name, Name]]:
    """Names of the claim with those that a cited sentence has in their places."""
    theirs = [name for name in names(text) if name.sure]
    for place in departures(sentence, text):
        if not place.mine or not place.theirs:
            continue
        here = [n for n in mine if place.mine[0].start < n.end and n.start < place.mine[-1].end]
        there = [
            n for n in theirs if place.theirs[0].start < n.end and n.start < place.theirs[-1].end
        ]
        if len(here) != 1 or len(there) != 1 or not _others(here[0], there[0]):
            continue
        if _within(place.mine, here[0]) and _within(place.theirs, there[0]):
            yield here[0], there[0]


def _within(words: Sequence[Token], name: Name) -> bool:
    """Whether a departure is the name, with an initial perhaps, and nothing besides."""
    return all(
        w.norm in STOPWORDS or len(w.norm) == 1 or name.start <= w.start < name.end for w in words
    )


def _others(one: Name, other: Name) -> bool:
    """Whether two names share no word and neither is a form of the other."""
    if set(one.words) & set(other.words) or not one.words or not other.words:
        return False
    return not known(one, other.text) and not known(other, one.text)


def _displaced(mine: Name, theirs: Name, offset: int) -> Failure:
    return Failure(
        check="exchange",
        reason=f'The claim says "{mine.text}" where the cited passage says "{theirs.text}".',
        start=offset + mine.start,
        end=offset + mine.end,
        label=VerdictLabel.CONTRADICTED,
    )
