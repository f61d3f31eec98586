"""Additions: a stretch of a drafted sentence of which the passages that it cites say nothing.

The drafter chose the passages for the sentence, so whatever hangs on it ("because of falling
sales", "at a hotel near the airport") must be told there, or in what a reader takes for granted
with a passage: the sentence before and behind it, the head of its item and the title.  A stretch
runs between two breaks of the sentence and holds words that stand there in no form.  How little
each of them comes near in meaning to any word there, how the stretch is tied on and how many they
are decides; a word of one's own is no addition.  Where the rest is copied word for word, little is
enough: who copies needs no words of his own.

Only for claims that cite passages.  Against whole sources a stretch nearly always finds its words
somewhere.  Names and numbers have checks of their own and count for nothing here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text import dates, quantities
from summarizer.text.cache import cached_by_text
from summarizer.text.names import names
from summarizer.text.sentences import sentences
from summarizer.text.tokens import STOPWORDS, Token, listed, read, stem, tokens
from summarizer.verification.evidence import CitedEvidence, CitedText

Nearness = Callable[[str, Sequence[str]], Sequence[float]]
"""For a sentence and texts: how near each of its ``tokens`` comes in meaning to a word there."""

BIAS = -10.8
PER_WORD, DISTANCE, KNOWN = 0.8, 13.5, -2.0
COMMA, HANGING, JOINED, BARE, AHEAD = 1.2, 1.5, -1.3, -2.5, 0.8
"""How much speaks for an addition: each strange word (five at most count), their mean distance
from the passages, each word that is known, a comma before, a word that hangs something on, one that
joins parts of one statement, no such word at all, and that the sentence goes on behind the stretch.

Rounded from a logistic regression on 2026-11-24: 1,266 sentences that people found supported
(RAGTruth summaries, BUMP, WiCE) against 700 of the RAGTruth ones with one of 66 written stretches
put in, each citing the three source sentences that together hold most of it."""

SUSPECT, SUSPECT_IF_COPIED = 0.4, -3.0
"""Log-odds from which a stretch is an addition.  At these, 3.3% of supported RAGTruth sentences,
3.1% of BUMP's, 4.1% of WiCE's and 14.7% of SummEdits' are called so, and of unsupported ones 13.2%,
2.2%, 10.9% and 13.5% (``docs/decisions/0011-additions.md``)."""

COPIED = 0.6
"""Share of the three-word sequences of the rest of the sentence from which it counts as copied."""

MOST_COUNTED = 5

_BREAK = re.compile(
    r"[,;:()\"“”]|\s[-–—]+\s|—|\b(?:and|but|or|while|whereas|although|though|which|who|whom|whose"
    r"|that|where|after|before|when|as|if|because|since|so|until|unless|to|in|on|at|by|for|from"
    r"|with|without|of|over|under|during|despite|amid|following|about|against|between|into|through"
    r"|via|due|owing|according|leading|causing|prompting|using|than)\b",
    re.IGNORECASE,
)
_LEAD = r"^[\s,;(\"“—–-]*"
_HANGING = re.compile(
    _LEAD + r"(?:because|since|due|owing|so that|so as|as a result|thanks|after|before|while|when"
    r"|until|during|following|amid|despite|although|though|without|under|over|in order)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(
    _LEAD + r"(?:and|but|or|of|to|than|about|from|between|against|into|through)\b", re.IGNORECASE
)
_TIED = re.compile(
    _LEAD + r"(?:which|who|in|on|at|with|for|by|via|as|according|that|where|\w+ing)\b",
    re.IGNORECASE,
)
_OF_REPORTS = frozenset(
    listed(
        """
        article articles text passage author report reports reported reporting mention mentioned
        mentions state stated states include includes including included discuss discusses
        discussed describe described describes note notes noted add added adds tell told claim
        claims claimed announce announced explain explained addition additionally overall however
        meanwhile furthermore
        """
    )
)
"""Words by which one tells that something is told."""


@dataclass(frozen=True)
class Stretch:
    """A part of a sentence between two breaks that may be an addition.

    Args:
        strange: its words that stand in no form in the passages.
        weight: what speaks for an addition but for the distance of its words, as log-odds.
        copied: whether the rest of the sentence is taken over word for word.
    """

    start: int
    end: int
    strange: tuple[Token, ...]
    weight: float
    copied: bool


def check(
    claim: str, grounds: CitedEvidence, nearness: Nearness, copied_only: bool = False
) -> list[Failure]:
    """Fail the stretch of each sentence that looks most like an addition, if any does.

    Args:
        claim: a drafted sentence, or several.
        grounds: what it cites.
        nearness: asked for a sentence only if a stretch of it may be an addition.
        copied_only: speak only where the rest of the sentence is copied; for claims that go beyond
            their passages, or put them in words of their own, by design.
    """
    context = surroundings(grounds)
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        found = [s for s in stretches(sentence, context, grounds) if s.copied or not copied_only]
        if not found:
            continue
        near = dict(
            zip((t.start for t in tokens(sentence)), nearness(sentence, context), strict=True)
        )
        worst = max(found, key=lambda s: _suspicion(s, near))
        if _suspicion(worst, near) > 0:
            failures.append(_failure(sentence, worst, span.start, grounds))
    return failures


def surroundings(grounds: CitedEvidence) -> tuple[str, ...]:
    """The cited passages with what a reader takes for granted with them, without repeats."""
    texts: dict[str, None] = {}
    for cited in grounds.cited:
        near = (g for g in grounds.known if g.item == cited.item and _beside(g, cited))
        texts |= dict.fromkeys((cited.text, *(g.text for g in near), cited.title))
    return tuple(text for text in texts if text.strip())


def _beside(ground: CitedText, cited: CitedText) -> bool:
    return abs(ground.n - cited.n) == 1 or ground.n == 1


def stretches(sentence: str, context: Sequence[str], grounds: CitedEvidence) -> list[Stretch]:
    """Every stretch with a strange word that could be an addition, were its words far enough."""
    pieces = _pieces(sentence, context)
    cited = frozenset().union(*(_trigrams(g.text) for g in grounds.cited))
    found = []
    for first, end in _bounds(pieces):
        inside = [kind for piece in pieces[first:end] for kind in piece.kinds]
        strange = tuple(t for p in pieces[first:end] for t in p.strange)
        known = inside.count("known")
        around = [*pieces[:first], *pieces[end:]]
        if not strange or known > 1 or known >= len(strange) or not any(p.kinds for p in around):
            continue
        weight = _weight(pieces, first, end, len(strange), known)
        start, stop = pieces[first].start, pieces[end - 1].end
        copied = _copied((sentence[:start], sentence[stop:]), cited)
        if weight + DISTANCE > (SUSPECT_IF_COPIED if copied else SUSPECT):
            found.append(Stretch(start, stop, strange, weight, copied))
    return found


@dataclass(frozen=True)
class _Piece:
    """What stands between two neighbouring breaks; a break belongs to what it opens.

    Args:
        kinds: of its words that count: ``strange``, ``known`` or ``checked`` (names, numbers).
    """

    text: str
    start: int
    end: int
    kinds: tuple[str, ...]
    strange: tuple[Token, ...]

    @property
    def opens(self) -> bool:
        """Whether it begins with a mark that parts clauses."""
        return self.text.lstrip()[:1] in (",", ";", "(", ")")


def _pieces(sentence: str, context: Sequence[str]) -> list[_Piece]:
    stems = frozenset().union(*(read(text).stems for text in context))
    heads = {s[:5] for s in stems if len(s) >= 4}
    checked = [(n.start, n.end) for n in names(sentence) if n.sure]
    checked += [(q.start, q.end) for q in quantities.quantities(sentence)]
    checked += [(w.start, w.end) for w in dates.mentions(sentence)]
    cuts = sorted({0, *(m.start() for m in _BREAK.finditer(sentence)), len(sentence)})
    pieces = []
    for start, end in itertools.pairwise(cuts):
        counted = [t for t in tokens(sentence) if start <= t.start < end and _counts(t)]
        kinds = [_kind(t, stems, heads, checked) for t in counted]
        strange = [t for t, kind in zip(counted, kinds, strict=True) if kind == "strange"]
        pieces.append(_Piece(sentence[start:end], start, end, tuple(kinds), tuple(strange)))
    return pieces


def _counts(token: Token) -> bool:
    return (
        token.norm not in STOPWORDS
        and token.norm not in _OF_REPORTS
        and (len(token.norm) > 2 or token.norm.isdigit())
    )


def _kind(
    token: Token,
    stems: frozenset[str],
    heads: set[str],
    checked: Sequence[tuple[int, int]],
) -> str:
    if any(start <= token.start < end for start, end in checked):
        return "checked"
    root = stem(token.norm)
    return "known" if root in stems or (len(root) >= 4 and root[:5] in heads) else "strange"


def _bounds(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """Where a stretch may begin and end: it runs to the end of the sentence, or stands between
    marks, or ahead of the first one."""
    count = len(pieces)
    closing = [n for n in range(1, count) if pieces[n].opens]
    for first in range(1, count):
        yield first, count
        if _after_mark(pieces, first):
            yield from ((first, end) for end in closing if end > first)
    if pieces and (_HANGING.match(pieces[0].text) or _TIED.match(pieces[0].text)):
        yield from ((0, end) for end in closing)


def _after_mark(pieces: Sequence[_Piece], n: int) -> bool:
    return pieces[n].opens or (n > 0 and pieces[n - 1].text.strip() in (",", ";"))


def _weight(pieces: Sequence[_Piece], first: int, end: int, strange: int, known: int) -> float:
    opener = pieces[first].text
    if not opener.strip(" ,;") and first + 1 < end:
        opener = pieces[first + 1].text
    weight = BIAS + PER_WORD * min(strange, MOST_COUNTED) + KNOWN * known
    weight += COMMA * (first > 0 and _after_mark(pieces, first)) + AHEAD * (end < len(pieces))
    if _HANGING.match(opener):
        return weight + HANGING
    if _JOINED.match(opener):
        return weight + JOINED
    return weight if _TIED.match(opener) else weight + BARE


def _copied(rest: Sequence[str], cited: frozenset[tuple[str, ...]]) -> bool:
    mine = [gram for part in rest for gram in _trigrams(part)]
    return bool(mine) and sum(gram in cited for gram in mine) >= COPIED * len(mine)


@cached_by_text
def _trigrams(text: str) -> frozenset[tuple[str, ...]]:
    norms = [token.norm for token in tokens(text)]
    return frozenset(zip(norms, norms[1:], norms[2:], strict=False))


def _suspicion(stretch: Stretch, near: dict[int, float]) -> float:
    """By how much a stretch is beyond what may pass."""
    distance = sum(1 - near[t.start] for t in stretch.strange) / len(stretch.strange)
    limit = SUSPECT_IF_COPIED if stretch.copied else SUSPECT
    return stretch.weight + DISTANCE * distance - limit


def _failure(sentence: str, stretch: Stretch, offset: int, grounds: CitedEvidence) -> Failure:
    words = sentence[stretch.start : stretch.end].strip(' ,;.()"“”')
    start = sentence.index(words, stretch.start)
    wanted = {stem(t.norm) for t in stretch.strange}
    return Failure(
        check="additions",
        reason=f'The cited passages say nothing of "{words}".',
        start=offset + start,
        end=offset + start + len(words),
        better=grounds.better(sentence, lambda g: wanted <= read(g.text).content_set),
        label=VerdictLabel.PARTLY,
    )
