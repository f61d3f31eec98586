"""Polarity: a claim may not negate what its passage affirms, nor say "legal" for "illegal".

Conservative: it speaks only when the claim and one cited sentence share most of their words, so
that the difference is what they say and not what they are about, and the claim runs word for word
along it.  Each place where the two part is read by itself, so that a second negation elsewhere in
the sentence hides nothing.
"""

from __future__ import annotations

import re

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.sentences import Span, sentences
from summarizer.text.tokens import STOPWORDS, Token, listed, read, stem, tokens
from summarizer.verification.checks import comparison
from summarizer.verification.checks.word_alignment import Departure, departures
from summarizer.verification.evidence import Aligned, CitedEvidence, align

ALIKE = 0.7
"""Share of the claim's content that the cited sentence must hold before polarity is compared."""

_CUES = frozenset(listed("not no never without none neither nor cannot cant nt"))
_LEAP = frozenset(
    listed(
        "be been being have has had do does did a an the any to it is was were are yet ever also"
    )
)
_NOT_ONLY = re.compile(r"\W{0,5}(?:only|just|necessarily|least|longer|doubt|one)\b", re.IGNORECASE)

_CONTRAST = re.compile(r"[,(–—-]\s*$")

_OPPOSITES = """accept reject|approve reject|allow ban|permit ban|allow forbid|permit prohibit
|allow prohibit|open close|true false|legal illegal|lawful unlawful|guilty innocent|start end
|begin end|hire fire|confirm deny|support oppose|agree disagree|succeed fail|success failure
|include exclude|present absent|safe dangerous|safe unsafe|strong weak|positive negative
|optimistic pessimistic|public private|praise criticise|encourage discourage|likely unlikely
|able unable|possible impossible|happy unhappy|satisfied dissatisfied|arrive leave|enter exit
|advantage disadvantage|profit loss|remember forget|appear disappear|alive dead|admit deny
|concede deny|acquit convict|uphold overturn|affirm overturn|conceal disclose|acknowledge deny
|agree refuse|agree decline|accept refuse|accept decline|welcome deplore|welcome condemn
|easy hard|easier harder|simple difficult|join leave|launch end|continue stop|keep drop
|keep discard|add remove|gain lose|win lose|victory defeat|all none|everyone nobody|always never
|often rarely|everything nothing|some none|with without|for against|inside outside
|innocence guilt|healthy sick|rich poor|new old|wide narrow|heavy light|friend enemy|fair unfair
|clear unclear|known unknown|aware unaware|willing unwilling|necessary unnecessary
|related unrelated|expected unexpected|reliable unreliable|complete incomplete|correct incorrect
|accurate inaccurate|sufficient insufficient|adequate inadequate|capable incapable
|effective ineffective|honest dishonest|legal unlawful|lawful illegal|permit block|allow block
|allow prevent|raise lower|expand shrink|lift impose|tighten loosen|tighten ease|lock unlock
|publish withhold|reveal hide|release withhold|release detain|free jail|grant deny|grant refuse
|pass fail|back oppose|support criticise|defend attack|optimism pessimism|hire dismiss"""
"""Words that are opposites where one stands in the very place of the other; directions are in
``comparison``.  Pairs that tell one event from two ends ("buy" and "sell") are no opposites."""

_DENYING = frozenset(
    stem(word)
    for word in listed("deny denied refuse fail lack reject unable stop prevent hardly avoid")
)
"""Stems of words that can stand for a "not"."""


def _pairs(table: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in table.split("|"):
        one, other = row.split()
        found.setdefault(_key(one), set()).add(_key(other))
        found.setdefault(_key(other), set()).add(_key(one))
    return {word: frozenset(others) for word, others in found.items()}


def _key(norm: str) -> str:
    """Forms of one word share their stem."""
    return norm if norm in STOPWORDS else stem(norm)


_OPPOSITE = _pairs(_OPPOSITES)


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each sentence of the claim that turns the cited sentence most like it around."""
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        likely = [a for a in align(sentence, grounds.cited) if a.recall >= ALIKE]
        if not likely:
            continue
        found = _departing(sentence, likely, grounds.text)
        if found is None:
            continue
        where, reason = found
        failures.append(
            Failure(
                check="negation",
                reason=reason,
                start=span.start + where.start,
                end=span.start + where.end,
                label=VerdictLabel.CONTRADICTED,
            )
        )
    return failures


def _departing(sentence: str, likely: list[Aligned], sources: str) -> tuple[Span, str] | None:
    """A "not" put in or left out, or a word exchanged for its opposite, amid the same words."""
    for other in likely:
        if other.text.rstrip("\"'”’ ").endswith("?"):
            continue
        denied = _denying(sentence) != _denying(other.text)
        for place in departures(sentence, other.text):
            flipped = None if denied else _flipped(place, sentence, other.text)
            reason = flipped or _exchanged(place)
            if reason and not _told(place, sentence, sources):
                return Span(place.at.start, place.at.end), reason
    return None


def _flipped(place: Departure, sentence: str, other: str) -> str | None:
    """Whether only one side of a departure negates, and neither says much else."""
    mine, theirs = (_cues(side) for side in (place.mine, place.theirs))
    if bool(mine) == bool(theirs) or len(mine) + len(theirs) != 1:
        return None
    said, told = (
        {stem(w.norm) for w in side if w.norm not in _CUES | _LEAP and w.norm not in STOPWORDS}
        for side in (place.mine, place.theirs)
    )
    if said != told:
        return None
    (cue,) = mine or theirs
    text = sentence if mine else other
    if _NOT_ONLY.match(text, cue.end) or _contrasts(text, cue.start):
        return None
    if mine:
        return f'The claim says "{cue.text}"; the cited passage says the opposite.'
    return f'The cited passage says "{cue.text}" here; the claim leaves it out.'


def _cues(words: tuple[Token, ...]) -> list[Token]:
    return [w for w in words if w.norm in _CUES and w.norm != "without"]


def _denying(text: str) -> frozenset[str]:
    return _DENYING & frozenset(read(text).stems)


def _exchanged(place: Departure) -> str | None:
    """Whether one word stands where the passage has its opposite."""
    sides = [[w for w in side if w.norm not in _LEAP] for side in (place.mine, place.theirs)]
    if any(len(side) != 1 for side in sides):
        return None
    (mine,), (theirs,) = sides
    if _key(theirs.norm) in _OPPOSITE.get(_key(mine.norm), ()) or comparison.opposed(
        mine.norm, theirs.norm
    ):
        return f'The claim says "{mine.text}"; the cited passage says "{theirs.text}".'
    return None


def _told(place: Departure, sentence: str, sources: str) -> bool:
    """Whether the passages elsewhere have the claim's own words at that place."""
    start = place.at.start if not place.mine else place.mine[0].start
    words = [t.norm for t in tokens(sentence)]
    first = next(n for n, t in enumerate(tokens(sentence)) if t.start >= start)
    size = max(1, len(place.mine))
    near = words[max(0, first - 2) : first + size + 2]
    there = [t.norm for t in tokens(sources)]
    return any(there[n : n + len(near)] == near for n in range(len(there) - len(near) + 1))


def _contrasts(text: str, at: int) -> bool:
    """Whether a mark of contrast stands right before an offset."""
    return _CONTRAST.search(text[max(at - 8, 0) : at]) is not None
