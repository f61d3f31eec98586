"""Polarity: a claim may not negate what its passage affirms, nor say "legal" for "illegal".

Conservative: it speaks only when the claim and one cited sentence share most of their words, so
that the difference is what they say and not what they are about.  Where the claim runs word for
word along a cited sentence, each place where the two part is read by itself, so that a second
negation elsewhere in the sentence hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.sentences import Span, sentences
from summarizer.text.tokens import STOPWORDS, Token, listed, read, stem, tokens
from summarizer.verification.checks import comparison
from summarizer.verification.checks.word_alignment import Departure, departures
from summarizer.verification.evidence import Aligned, CitedEvidence, align

ALIKE = 0.7
"""Share of the claim's content that the cited sentence must hold before polarity is compared."""

SETTING = 5
"""Words on either side that make up the setting of a negated word."""

_CUES = frozenset(listed("not no never without none neither nor cannot cant nt"))
_LEAP = frozenset(
    listed(
        "be been being have has had do does did a an the any to it is was were are yet ever also"
    )
)
_NOT_ONLY = re.compile(r"\W*(?:only|just|necessarily|least|longer|doubt|one)\b", re.IGNORECASE)

_DENIAL = re.compile(
    r"\b(?:den(?:y|ie[sd]|ying)|refus\w+|fail\w*|lack\w*|reject\w*|unable|stop\w*|prevent\w*"
    r"|without|neither|nor|barely|hardly|no longer|instead|but|rather|despite)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(r"[,(–—-]\s*$")

_OPPOSITES = """accept reject|approve reject|allow ban|permit ban|allow forbid
|permit prohibit|allow prohibit|open close|true false|legal illegal|lawful unlawful
|guilty innocent|start end|begin end|hire fire|confirm deny|support oppose|agree disagree
|succeed fail|success failure|include exclude|present absent|safe dangerous|safe unsafe
|strong weak|positive negative|optimistic pessimistic|public private|praise criticise
|encourage discourage|likely unlikely|able unable|possible impossible|happy unhappy
|satisfied dissatisfied|arrive leave|enter exit|advantage disadvantage|profit loss
|remember forget|appear disappear|alive dead|admit deny|concede deny|acquit convict
|uphold overturn|affirm overturn|conceal disclose"""
"""Words of which only one can be true of one thing; directions are in ``comparison``.  Pairs that
tell one event from two ends ("buy" and "sell") are no opposites here."""

_FACING = """acknowledge deny|agree refuse|agree decline|accept refuse|accept decline
|welcome deplore|welcome condemn|easy hard|easier harder|simple difficult|join leave|launch end
|continue stop|keep drop|keep discard|add remove|gain lose|win lose|victory defeat|all none
|everyone nobody|always never|often rarely|everything nothing|some none|with without|for against
|inside outside|innocence guilt|healthy sick|rich poor|new old|wide narrow|heavy light|friend enemy
|fair unfair|clear unclear|known unknown|aware unaware|willing unwilling|necessary unnecessary
|related unrelated|expected unexpected|reliable unreliable|complete incomplete|correct incorrect
|accurate inaccurate|sufficient insufficient|adequate inadequate|capable incapable
|effective ineffective|honest dishonest|legal unlawful|lawful illegal|permit block|allow block
|allow prevent|raise lower|expand shrink|lift impose|tighten loosen|tighten ease|lock unlock
|publish withhold|reveal hide|release withhold|release detain|free jail|grant deny|grant refuse
|pass fail|back oppose|support criticise|defend attack|optimism pessimism|hire dismiss"""
"""Words that are opposites where one stands in the very place of the other, and not elsewhere."""

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
_OPPOSITE_THERE = _pairs(f"{_OPPOSITES}|{_FACING}")


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each sentence of the claim that turns the cited sentence most like it around."""
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        likely = [a for a in align(sentence, grounds.cited) if a.recall >= ALIKE]
        if not likely:
            continue
        found = (
            _departing(sentence, likely, grounds.text)
            or _negated(sentence, likely[0], grounds.text)
            or _turned(sentence, likely)
        )
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
    if _NOT_ONLY.match(text, cue.end) or _CONTRAST.search(text[: cue.start]):
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
    if _key(theirs.norm) in _OPPOSITE_THERE.get(_key(mine.norm), ()) or comparison.opposed(
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


def _negations(text: str) -> Iterator[tuple[Token, str]]:
    """Each cue of negation with the stem of the word that it negates."""
    words = tokens(text)
    for place, word in enumerate(words):
        cue = word.norm in _CUES or word.text.casefold().endswith(("n't", "n’t"))
        if not cue or _NOT_ONLY.match(text, word.end) or _CONTRAST.search(text[: word.start]):
            continue
        for following in words[place + 1 : place + 4]:
            if following.norm not in _LEAP:
                if following.norm not in STOPWORDS:
                    yield word, stem(following.norm)
                break


def _negated(sentence: str, other: Aligned, sources: str) -> tuple[Span, str] | None:
    """A word that only one of the two sentences negates, amid the same words in both."""
    if other.text.rstrip("\"'”’ ").endswith("?") or _denials(other.text) != _denials(sentence):
        return None
    mine = {negated: cue for cue, negated in _negations(sentence)}
    theirs = {negated for _, negated in _negations(other.text)}
    if mine and not theirs:
        return _claim_negates(sentence, other, mine, sources)
    if theirs and not mine:
        return _source_negates(sentence, other, theirs, sources)
    return None


def _claim_negates(
    sentence: str, other: Aligned, mine: dict[str, Token], sources: str
) -> tuple[Span, str] | None:
    somewhere = {negated for _, negated in _negations(sources)}
    for word, cue in mine.items():
        if word not in somewhere and _same_setting(word, sentence, other.text):
            reason = f'The claim says "{cue.text}"; the cited passage says the opposite.'
            return Span(cue.start, cue.end), reason
    return None


def _source_negates(
    sentence: str, other: Aligned, theirs: set[str], sources: str
) -> tuple[Span, str] | None:
    for word in sorted(theirs):
        if read(sources).stems.count(word) == 1 and _same_setting(word, sentence, other.text):
            at = next(t for t in tokens(sentence) if stem(t.norm) == word)
            reason = f'The cited passage negates "{at.text}"; the claim affirms it.'
            return Span(at.start, at.end), reason
    return None


def _same_setting(word: str, one: str, other: str) -> bool:
    """Whether a word stands in both sentences with at least two content words in common nearby."""
    return len(_setting(word, one) & _setting(word, other)) >= 2


def _setting(word: str, text: str) -> frozenset[str]:
    reading = read(text)
    if word not in reading.stems:
        return frozenset()
    place = reading.stems.index(word)
    near = range(max(0, place - SETTING), min(len(reading.stems), place + SETTING + 1))
    return frozenset(
        reading.stems[n] for n in near if n != place and reading.tokens[n].norm not in STOPWORDS
    )


def _denials(text: str) -> frozenset[str]:
    """Words that negate a whole clause and make counting of cues unsafe, without their endings."""
    return frozenset(m.group().casefold()[:4] for m in _DENIAL.finditer(text))


def _turned(sentence: str, likely: list[Aligned]) -> tuple[Span, str] | None:
    """A word in the claim whose opposite the passages use, and never the word itself."""
    here = {_key(t.norm) for t in tokens(sentence)}
    there = {_key(t.norm) for a in likely for t in tokens(a.text)}
    if any(True for _ in _negations(sentence)) or any(True for _ in _negations(likely[0].text)):
        return None
    for token in tokens(sentence):
        word = _key(token.norm)
        against = _OPPOSITE.get(word, frozenset()) & there
        if not against or word in there or against & here:
            continue
        told = next(t.text for a in likely for t in tokens(a.text) if _key(t.norm) in against)
        reason = f'The claim says "{token.text}"; the cited passage says "{told}".'
        return Span(token.start, token.end), reason
    return None
