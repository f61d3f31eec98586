"""Causation: a claim may only say "because" or "led to" where its passages link the two.

Temporal order ("after", "following") is no cause: a passage that only tells what came first doesn't
carry a claim of why.  Any word of cause in a cited sentence that speaks of either half, or in the
sentence next to it, counts as a link, whichever marker it is and in whichever direction it points:
"due to", "led to" and "forcing" are one here, and so are the weaker "over", "from", "so" and "to".
Where the halves come from passages that don't stand side by side, that word must stand in a
sentence that speaks of both (a strong word, where the claim doesn't cite that sentence), or point
back as "hence" and "which is why" do: one that a half brings along ("because the fault led to
fires") links nothing but what it linked there.
What a participle adds (", causing injuries and an inquiry") must stand in the cited passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.cache import cached_by_text
from summarizer.text.sentences import sentences
from summarizer.text.tokens import coverage, read
from summarizer.verification.evidence import CitedEvidence, CitedText

HALF = 0.6
"""Share of a half's content stems that one cited sentence must hold to be where it comes from."""

MEANT = 3
"""Content words that the two halves together must have to mean something definite."""

LINKED = 0.34
"""Share of a half's content from which a sentence with a word of cause may link the two."""

BOTH = 0.2
"""Share of each half's content in a sentence that speaks of both."""

_FORWARD = (
    r"(?:which |that |this |and )?(?:led to|leads to|leading to|caused|causing|causes"
    r"|result(?:ed|s|ing) in|prompt(?:ed|s|ing)|spark(?:ed|s|ing)|trigger(?:ed|s|ing)"
    r"|forc(?:ed|es|ing)|provok(?:ed|es|ing)|br(?:ought|inging) about|g(?:ave|iving) rise to)"
)
_BACKWARD = (
    r"because(?: of)?|due to|as a (?:direct )?(?:result|consequence) of|owing to|thanks to"
    r"|(?:was |were |been |is |are )?(?:caused|triggered|sparked|prompted|provoked) by"
    r"|on account of|stemm(?:ed|ing) from|blamed on"
)
_MARKER = re.compile(rf"\b(?:(?P<back>{_BACKWARD})|(?P<on>{_FORWARD}))\b", re.IGNORECASE)
_LINK = re.compile(
    r"\b(?:because|due to|as a (?:\w+ )?(?:result|consequence)|consequen\w+|owing|thanks to|caus\w+"
    r"|led|leads?|leading|result\w*|prompt\w*|spark\w*|trigger\w*|forc(?:e[sd]?|ing)|provok\w*"
    r"|br(?:ought|ing\w*) about|rise to|stem\w*|blam\w+|reasons?|why|since|so|thus|hence|therefore"
    r"|thereby|from|over|mak(?:es?|ing)|made|driv\w+|drove|fuel\w*|contribut\w+|attribut\w+"
    r"|responsib\w+|respon(?:d\w*|se)|react\w*|link\w*|impact\w*|effects?|affect\w*|enabl\w+"
    r"|creat(?:e[sd]?|ing)|induc\w+|produc(?:e[sd]?|ing)|in order to|push\w*|kill\w*|injur\w+"
    r"|damag\w+|destroy\w*|for \w+ing|by \w+ing|amid|in protest|cit(?:e[sd]?|ing)|root(?:ed)?"
    r"|behind|compel\w*|coerc\w+|urg\w+|inspir\w+|motivat\w+|means?|meant|given)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:because|due to|as a (?:\w+ )?(?:result|consequence)|consequen\w+|owing|thanks to"
    r"|caus(?:ed?|ing)|causes(?! of)|led|leads? to|leading to|result(?:s|ed|ing)?"
    r"|prompt(?:s|ed|ing)?|spark\w*|trigger\w*"
    r"|forc(?:e[sd]|ing)|provok\w*|br(?:ought|ing\w*) about|rise to|stem\w*"
    r"|blam\w+|reasons?|why|thus|hence|therefore|thereby|driven|drove|fuel\w*|contribut\w+ to"
    r"|attribut\w+|respon(?:ds?|ded|ding|se) to|in order to|so that|compel\w*|motivat\w+"
    r"|triggered)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:hence|therefore|thus|why|consequently"
    r"|(?:was|is|were|are) the (?:\w+ )?(?:reason|cause)s?"
    r"|as a (?:\w+ )?(?:result|consequence)(?! of)|because of (?:this|that|it|them)"
    r"|so (?:he|she|it|they))\b",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r",\s+(?:thereby |thus |and )?(?:causing|sparking|prompting|triggering|leading to|resulting in"
    r"|forcing|provoking|drawing|raising|fuell?ing)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r",|\band\b|\bor\b|\bas well as\b", re.IGNORECASE)
_STOP = re.compile(
    r"[;:.]|\b(?:according to|said|says|while|but|after|before|when|which|who)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Cause:
    """A claimed cause: the words of its marker, and of the halves before and behind it."""

    start: int
    end: int
    before: frozenset[str]
    behind: frozenset[str]


@cached_by_text
def causes(sentence: str) -> tuple[Cause, ...]:
    """Every claimed cause of a sentence of which both halves say something."""
    return tuple(_causes(sentence))


def effects(sentence: str) -> bool:
    """Whether a sentence hangs an effect on what it says (", causing injuries")."""
    return _ADDED.search(sentence) is not None


def _causes(sentence: str) -> Iterator[Cause]:
    for match in _MARKER.finditer(sentence):
        before = read(_tail(sentence[: match.start()])).content_set
        behind = read(_STOP.split(sentence[match.end() :], maxsplit=1)[0]).content_set
        if before and behind - before and len(before | behind) >= MEANT:
            yield Cause(match.start(), match.end(), before, behind - before)


def _tail(before: str) -> str:
    """The clause before a marker; commas stay, as an aside may part a subject from its verb."""
    pieces = [p for p in re.split(r"[;:]", before) if p.strip()]
    return pieces[-1] if pieces else ""


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each cause that the claim states and no cited passage does, and each added effect."""
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        found = [_unlinked(c, sentence, span.start, grounds) for c in causes(sentence)]
        added = _added(sentence, span.start, grounds)
        failures += added or [f for f in found if f][:1]
    return failures


def _unlinked(cause: Cause, sentence: str, offset: int, grounds: CitedEvidence) -> Failure | None:
    """A failure when both halves stand in cited passages and no word of cause is near them."""
    told = [t for ground in grounds.cited for t in _told(cause, ground)]
    if not told:
        return None
    first, second = max(told, key=_Told.of_before), max(told, key=_Told.of_behind)
    if min(first.before, second.behind) < HALF:
        return None
    if _apart(first.ground, second.ground):
        beside = [t for c in grounds.cited for g in _next_to(c, grounds) for t in _told(cause, g)]
        linked = any(_links_apart(t, _LINK) for t in told) or any(
            _links_apart(t, _STRONG) for t in beside
        )
    else:
        linked = any(_links_beside(t) for t in told) or any(
            _LINK.search(g.text) for c in grounds.cited for g in _next_to(c, grounds)
        )
    if linked:
        return None
    words = sentence[cause.start : cause.end]
    return Failure(
        check="causation",
        reason=f'The claim says "{words}"; the cited passages tell both, but not that one is why '
        "the other happened.",
        start=offset + cause.start,
        end=offset + cause.end,
        better=grounds.better(sentence, lambda g: _links(cause, g)),
        label=VerdictLabel.PARTLY,
    )


@dataclass(frozen=True)
class _Told:
    """A cited sentence with the share of each half's content that it holds."""

    ground: CitedText
    text: str
    before: float
    behind: float

    def of_before(self) -> float:
        """The share of what stands before the marker."""
        return self.before

    def of_behind(self) -> float:
        """The share of what stands behind it."""
        return self.behind


def _told(cause: Cause, ground: CitedText) -> list[_Told]:
    return [
        _Told(ground, text, coverage(cause.before, content), coverage(cause.behind, content))
        for text, content in _sentences(ground)
    ]


def _links_beside(told: _Told) -> bool:
    """Whether a cited sentence may link halves that stand side by side."""
    return max(told.before, told.behind) >= LINKED and _LINK.search(told.text) is not None


def _links_apart(told: _Told, words: re.Pattern[str]) -> bool:
    """Whether a sentence may link halves that don't: it speaks of both, or of one with a word that
    points back to the other."""
    if min(told.before, told.behind) >= BOTH:
        return words.search(told.text) is not None
    one = max(told.before, told.behind)
    return one >= LINKED and _POINTS_BACK.search(told.text) is not None


def _apart(one: CitedText, other: CitedText) -> bool:
    """Whether two passages are of two items, or don't stand side by side."""
    return one.item != other.item or abs(one.n - other.n) > 1


def _next_to(ground: CitedText, grounds: CitedEvidence) -> list[CitedText]:
    """The passages right before and behind one, unless they are cited themselves."""
    cited = {g.id for g in grounds.cited}
    return [
        g
        for g in grounds.known
        if g.item == ground.item and abs(g.n - ground.n) == 1 and g.id not in cited
    ]


def _links(cause: Cause, ground: CitedText) -> bool:
    return any(
        _LINK.search(text)
        and min(coverage(cause.before, content), coverage(cause.behind, content)) >= LINKED
        for text, content in _sentences(ground)
    )


def _sentences(ground: CitedText) -> list[tuple[str, frozenset[str]]]:
    reading = read(ground.text)
    return [
        (ground.text[span.start : span.end], content)
        for span, content in zip(reading.spans, reading.sentence_contents, strict=True)
    ]


def _added(sentence: str, offset: int, grounds: CitedEvidence) -> list[Failure]:
    """Fail the first effect behind a participle of which the cited passages hold nothing."""
    for match in _ADDED.finditer(sentence):
        tail = _STOP.split(sentence[match.end() :], maxsplit=1)[0]
        for start, words in _parts(tail):
            if missing := _unknown(words, grounds):
                where = offset + match.end() + start
                return [_addition(words, missing, where, sentence, grounds)]
    return []


def _parts(tail: str) -> Iterator[tuple[int, str]]:
    """What a participle adds, one thing at a time, with where each starts."""
    cuts = [0, *(n for m in _SEPARATOR.finditer(tail) for n in m.span()), len(tail)]
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        piece = tail[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), piece.strip()


def _unknown(words: str, grounds: CitedEvidence) -> frozenset[str]:
    """The content of an effect, when most of it and its last word stand nowhere in the passages."""
    content = read(words).content
    if not content:
        return frozenset()
    there = read(grounds.text).content_set
    near = {c[:5] for c in there}
    missing = [c for c in content if c not in there and c[:5] not in near]
    if content[-1] not in missing or len(missing) * 2 < len(content):
        return frozenset()
    return frozenset(missing)


def _addition(
    words: str, missing: frozenset[str], start: int, sentence: str, grounds: CitedEvidence
) -> Failure:
    return Failure(
        check="causation",
        reason=f'No cited passage says anything of "{words}".',
        start=start,
        end=start + len(words),
        better=grounds.better(sentence, lambda g: missing <= read(g.text).content_set),
        label=VerdictLabel.PARTLY,
    )
