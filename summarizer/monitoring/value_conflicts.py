"""Slots: two sentences that tell of one thing and give it different values.

"41 people were hurt" and "44 people were hurt" fill one slot; "41 people were hurt" and "12 people
were arrested" fill two.  Nothing is averaged and nothing is decided here: both values are handed
back with where they stand.  A pair is passed over wherever the sentences may speak of different
times, subjects, parts or mere possibilities, since a false alarm between two sources costs more
than a miss.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer.monitoring import comparability, people_conflicts
from summarizer.text import dates
from summarizer.text import quantities as text_quantities
from summarizer.text.cache import cached_by_text
from summarizer.text.names import names
from summarizer.text.quantities import CURRENCY, Quantity, quantities
from summarizer.text.sentences import Span
from summarizer.text.tokens import STOPWORDS, coverage, listed, read, stem, tokens
from summarizer.verification.checks import swaps

ALIKE = 0.5
"""Share of the content of either sentence, without figures and dates, that the other must hold."""

LOOSELY, LOOSELY_NEAR, LOOSELY_TIMES = 0.3, 3, 4
"""Less is enough for numbers with three words around them in common of which neither is more than
four times the other.  On 540 stories of others' news this found four and three photographs, and a
start that was delayed by 35 and about 30 minutes, and nothing wrong (2026-11-24)."""

DATED_ALIKE = 0.6
"""The same where a date is what differs: much is told of every day."""

FORETOLD_ALIKE = 0.8
"""The same where both numbers are of what is only offered, asked for or expected."""

NEAR = 4
"""Content words on either side of a number that say what it is of."""

NEAR_ALIKE = 0.6
"""Share of the fewer of them that both numbers must have; two at least."""

_UNREAL = re.compile(
    r"\b(?:will|would|could|(?-i:may)|might|should|can|expect\w*|plan(?:s|n\w+)?"
    r"|project(?:ed|s)?|forecast\w*|estimat\w*"
    r"|target\w*|aim(?:s|ed|ing)?"
    r"|offer\w*|s(?:eeks?|ought|eeking)|demand\w*|ask\w*|if|goal|propos\w*|up to"
    r"|capacity|maximum|minimum|potential\w*|at risk|feared?|feel\w*|hop(?:e[sd]?|ing)|not|never|no"
    r"|den(?:y|ie[sd])|n['’]t)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words of what is not so, or not yet: a number among them is none of what happened."""

_DENIALS = frozenset(("not", "never", "no", "n't", "n’t", "if", "up to", "maximum", "minimum"))

_SUPERSEDED = re.compile(
    r"(?:\bnot|\brather than|\binstead of|\b(?:up|down|revised(?: (?:up|down)wards?)?|corrected"
    r"|raised|lowered|changed) from|\b(?:an? |the |its )?(?:earlier|initial|first|previous|prior)"
    r"(?:ly)? (?:figure|count|toll|number|report|estimate|version|statement)s?(?: of| said| gave"
    r"| put (?:it|the \w+) at)?|\b(?:originally|initially|earlier|previously|wrongly|incorrectly"
    r"|mistakenly) (?:said|reported|gave|stated|put|listed)(?: that)?(?: \w+){0,3})\s+"
    r"(?:about |some |the |an? )?$",
    re.IGNORECASE,
)
"""What stands before a number that is told only to be taken back."""

_RANGE = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_RANGE_GOES_ON = re.compile(
    rf"^\s?(?:[-–—]|to|or|of|in|out of)\s?(?:the\s|every\s)?[{CURRENCY}]?\d", re.I
)
_TO = re.compile(rf"\s?(?:[-–—]|to)\s?[{CURRENCY}]?")
_RANGE_BEGAN = re.compile(
    r"(?:\d\s?(?:[-–—]|to|or|of|in|out of)(?:\s(?:the|every))?|\bbetween \S+ and)$", re.IGNORECASE
)


_FIRST_TOLD = re.compile(r"\bfirst (?:reported|said|thought|announced|told|stated)\b", re.I)
"""No rank: "44 people, not 41 as first reported"."""

_CHANGED = re.compile(
    r"\b(?:r(?:ose|isen|ises?|ising)|climb(?:ed|s|ing)?|gr(?:ew|own|ows|owing)|increas(?:ed|es|ing)"
    r"|jump(?:ed|s)|f(?:ell|allen|alls)|dropp?(?:ed|s)|decreas(?:ed|es)|shr[aiu]nk|reach(?:ed|es)"
    r"|revis(?:ed|es)|updat(?:ed|es)|now)\s+(?:\w+\s+){0,2}?(?:to|at|stands at|is)?\s*"
    r"(?:about |at least |more than |some |nearly )?$",
    re.IGNORECASE,
)
"""What stands before a number that has changed: another one was true before."""

_AGE = re.compile(r"[-\s]years?[-\s]old\b|-year-olds?\b", re.IGNORECASE)
"""Ages are of people, who are many in one story."""

_SO_FAR = re.compile(r"\s+of (?:the )?(?:precincts|votes?|ballots|results)\b", re.IGNORECASE)
"""What is counted while one writes."""


_TOLD_ON = re.compile(
    r"\b(?:said|says|announced|announces|reported|confirmed|stated|wrote|posted|added|tweeted"
    r"|told (?:\w+ ){1,3}|statement|interview)\s+(?:late |early )?(?:on )?(?:late |early )?$",
    re.IGNORECASE,
)
"""What stands before a day on which something was told, and not done."""

_GROWS = frozenset(
    map(
        stem,
        listed(
            "killed dead died deaths death toll injured hurt wounded injuries missing arrested"
            " detained arrests infected infections cases evacuated displaced homeless stranded"
            " rescued signed signatures complaints victims"
        ),
    )
)
_SHARED_ACT = re.compile(
    r"\s+(?:also |later )?(?:thank\w*|prais\w+|critici[sz]\w+|welcom\w+|visit\w*|sign(?:s|ed)?"
    r"|join\w*|support\w*|m(?:et|eets)|call\w*|ask\w*|vot\w+|attend\w*|condemn\w*|back(?:s|ed)"
    r"|oppos\w+|urg\w+|saw|sees|watch\w+|heard|testif\w+|sued|sues|donat\w+|spoke|left|arrived"
    r"|was (?:hurt|injured|killed|arrested|charged)|died)\b",
    re.IGNORECASE,
)
"""What several may have done each for themselves: two names fill two slots."""

_AMONG = re.compile(r"\s*(?:,|and|or)\s+(?:others?\b|[A-Z]|several|two|three|many|a )")
_AMONG_BEFORE = re.compile(r"\b(?:and|or|among them|including|such as|with)\s+$")

_LEADS = re.compile(
    r"(?:\b(?:at (?:least|most)|more than|fewer than|less than|over|under|above|below|nearly|almost"
    r"|about|around|some|roughly|up to|as many as|only|just)\s*)$",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\s*(?:,[^,]{1,60},)?\s*(?:also |later )?(?:said|says|told|wrote|posted|report\w*|argu\w+"
    r"|added|claim\w*|announc\w+|call\w+|describ\w+|confirm\w*|declin\w+)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:said|says|according to|told|(?:said|told|written|reported) by)\s+$", re.IGNORECASE
)


Kind = Literal["number", "date", "who"]


@dataclass(frozen=True)
class Differing:
    """One slot with its two values.

    Args:
        one: where the first sentence has its value.
        other: where the second has its own.
    """

    kind: Kind
    one: Span
    other: Span


def differing(
    one: str, other: str, published: dt.date | None = None, other_published: dt.date | None = None
) -> list[Differing]:
    """The slots of two sentences that have different values, numbers first.

    Args:
        one: a sentence.
        other: a sentence that somebody else wrote.
        published: day of the first, by which its weekdays are read; ``None`` when unknown.
        other_published: day of the second.
    """
    people = [Differing("number", *pair) for pair in people_conflicts.ages(one, other)]
    people += [Differing("who", *pair) for pair in people_conflicts.speakers(one, other)]
    close = _alike(one, other, ALIKE)
    if people or not (close or _alike(one, other, LOOSELY)):
        return people
    if _apart(one, other):
        return list(_who(one, other)) if close else []
    days = _days(one, published), _days(other, other_published)
    years = published.year if published else None, other_published.year if other_published else None
    found = list(_numbers(one, other, days, years))
    if not close:
        return [pair for pair in found if _surely(one, other, pair)]
    found = found or list(_ranges(one, other, days))
    return found or list(_dates(one, other, published, other_published))


def says(text: str) -> tuple[Quantity, ...]:
    """The numbers that a sentence states, without those it takes back ("44, not 41")."""
    return tuple(q for q in quantities(text) if not _SUPERSEDED.search(text[: q.start]))


# --- Numbers ---------------------------------------------------------------------------------


def _numbers(
    one: str,
    other: str,
    days: tuple[frozenset[dt.date], frozenset[dt.date]],
    years: tuple[int | None, int | None],
) -> Iterator[Differing]:
    if (
        (all(days) and not days[0] & days[1])
        or comparability.clocks_differ(one, other)
        or comparability.periods_differ(one, other, years)
    ):
        return
    mine, theirs = _comparable(one), _comparable(other)
    every, others = says(one), says(other)
    for quantity in mine:
        if _told_there(quantity, every, others):
            continue
        rivals = [
            q
            for q in theirs
            if _same_slot(one, quantity, other, q) and not _told_there(q, others, every)
        ]
        if len(rivals) == 1:
            yield Differing("number", _span(quantity), _span(rivals[0]))


def _ranges(
    one: str, other: str, days: tuple[frozenset[dt.date], frozenset[dt.date]]
) -> Iterator[Differing]:
    """One end of a range or score of two, where the other end is the same: "4 to 12 per cent",
    "4 to 17 per cent"."""
    mine, theirs = _pairs(one), _pairs(other)
    if len(mine) != 1 or len(theirs) != 1 or (all(days) and not days[0] & days[1]):
        return
    (first, last), (low, high) = mine[0], theirs[0]
    same = text_quantities.same(first, low), text_quantities.same(last, high)
    if sum(same) == 1 and first.kind == low.kind and _same_slot(one, last, other, high):
        here, there = (first, low) if same[1] else (last, high)
        yield Differing("number", _span(here), _span(there))


def _pairs(text: str) -> list[tuple[Quantity, Quantity]]:
    """The ranges of a sentence that count something."""
    return [
        (a, b)
        for a, b in itertools.pairwise(says(text))
        if _TO.fullmatch(text[a.end : b.start]) and "clock" not in (a.kind, b.kind)
    ]


def _told_there(quantity: Quantity, here: Sequence[Quantity], there: Sequence[Quantity]) -> bool:
    """Whether the other sentence may give a number too, as often as its own does: of "five years
    and five strokes" and "five years and nine strokes" one five is left over."""
    return sum(_one(quantity, q) for q in there) >= max(1, sum(_one(quantity, q) for q in here))


def _span(quantity: Quantity) -> Span:
    return Span(quantity.start, quantity.end)


def _comparable(text: str) -> list[Quantity]:
    return [
        q
        for q in says(text)
        if not q.glued
        and q.kind not in ("ordinal", "clock")
        and q.value > (1 if q.spelled else 0)
        and not _RANGE.search(text[: q.start])
        and not _RANGE_GOES_ON.match(text[q.end :])
        and not _ends_range(text, q)
        and not _AGE.match(text[q.end :])
        and not _SO_FAR.match(text[q.end :])
        and not _is_of_name(text, q)
    ]


def _is_of_name(text: str, quantity: Quantity) -> bool:
    """Whether a number belongs to a name: "Falcon 9's first stage"."""
    possessive = text[quantity.end :].startswith(("'s", "’s"))
    return possessive and re.search(r"[A-Z]\w+\s$", text[: quantity.start]) is not None


def _ends_range(text: str, quantity: Quantity) -> bool:
    return _RANGE_BEGAN.search(text[: quantity.start].rstrip()) is not None


def _one(a: Quantity, b: Quantity) -> bool:
    """Whether two numbers may be one, as each is rounded and bounded."""
    if text_quantities.same(a, b) or text_quantities.same(b, a):
        return True
    return a.low <= b.high and b.low <= a.high and (a.low < a.high or b.low < b.high)


def _same_slot(one: str, a: Quantity, other: str, b: Quantity) -> bool:
    if a.kind != b.kind or (a.nouns[:1] != b.nouns[:1] and not (a.kind and a.kind != "time")):
        return False
    if not a.nouns and not b.nouns and not a.kind:
        return False
    here, there = _near(one, a), _near(other, b)
    shared = here & there
    few = min(len(here), len(there))
    if few == 0 or len(shared) < min(2, few) or len(shared) < NEAR_ALIKE * few:
        return False
    if comparability.reaches_differ(one, other):
        return False
    if comparability.shares_differ(one, a, other, b) or (a.kind == "%" and _one_sided(one, other)):
        return False
    if not _as_real(_around(one, a), _around(other, b), one, other):
        return False
    return not comparability.sliced(here, there)


def _surely(one: str, other: str, pair: Differing) -> bool:
    """Whether two numbers of sentences that share little are of one thing all the same: most of
    the words around them are the same, and neither is a multiple of the other."""
    (a,), (b,) = (
        [q for q in quantities(text) if (q.start, q.end) == (at.start, at.end)]
        for text, at in ((one, pair.one), (other, pair.other))
    )
    here, there = _near(one, a), _near(other, b)
    least, most = sorted((a.value, b.value))
    return len(here & there) >= LOOSELY_NEAR and most <= LOOSELY_TIMES * least


def _as_real(around: str, around_other: str, one: str, other: str) -> bool:
    """Whether neither number is of what is not so yet, or both are in the same words of nearly the
    same sentence: "offered $1.3 billion", "offered $2.3 billion"."""
    mine, theirs = (
        {w.casefold() for w in _UNREAL.findall(text)} for text in (around, around_other)
    )
    if not mine and not theirs:
        return True
    return mine == theirs and not mine & _DENIALS and _alike(one, other, FORETOLD_ALIKE)


def _near(text: str, quantity: Quantity) -> frozenset[str]:
    """Stems of the content words around a number: what it is of."""
    figures = quantities(text)
    asides = [m.span() for m in _FIRST_TOLD.finditer(text)]
    words = [
        (stem(t.norm), t.start)
        for t in tokens(text)
        if not any(start <= t.start < end for start, end in asides)
        and (t.norm not in STOPWORDS or stem(t.norm) in comparability.ADDED)
        and not any(q.start <= t.start < q.end for q in figures)
    ]
    before = [w for w, at in words if at < quantity.start][-NEAR:]
    behind = [w for w, at in words if at >= quantity.end][:NEAR]
    return frozenset(before + behind)


def _around(text: str, quantity: Quantity) -> str:
    """The words near a number in its clause, those that only bound it taken away."""
    lead = _LEADS.sub("", text[: quantity.start])
    before = re.split(r"[,;(]\s", lead)[-1]
    return f"{before[-40:]} {re.split(r'[,;(]', text[quantity.end :])[0][:40]}"


def changed(text: str, at: Span) -> bool:
    """Whether a number is told as one that has changed ("rose to 44"): another was true before."""
    return _CHANGED.search(text[: at.start]) is not None


def grows(text: str, at: Span) -> bool:
    """Whether a number counts what is counted on for days: the dead, the arrested, the signed."""
    return any(
        _near(text, q) & _GROWS for q in quantities(text) if (q.start, q.end) == (at.start, at.end)
    )


# --- Dates and names -------------------------------------------------------------------------


def _days(text: str, published: dt.date | None) -> frozenset[dt.date]:
    return frozenset(d for w in dates.mentions(text) for d in dates.resolve(w, published))


def _dates(
    one: str, other: str, published: dt.date | None, other_published: dt.date | None
) -> Iterator[Differing]:
    """A day in each, no day in common, and much else."""
    here, there = _dated(one, published), _dated(other, other_published)
    if here is None or there is None or not _other_day(here, there):
        return
    common = _content(one) & _content(other)
    if len(common) < 4 or not _alike(one, other, DATED_ALIKE):
        return
    if bool(_UNREAL.search(one)) != bool(_UNREAL.search(other)) or comparability.sliced(
        _content(one), _content(other)
    ):
        return
    yield Differing("date", _at(here[0]), _at(there[0]))


_Dated = tuple[dates.When, frozenset[dt.date]]


def _at(when: dates.When) -> Span:
    return Span(when.start, when.end)


def _other_day(here: _Dated, there: _Dated) -> bool:
    """Whether two mentions cannot be of one day; what names no year may be of any, but Thursday is
    never a Friday."""
    (when, days), (other, others) = here, there
    if days and others:
        return not days & others
    if when.weekday is not None and other.weekday is not None:
        return when.weekday != other.weekday
    if None in (when.month, when.day, other.month, other.day):
        return False
    return (when.month, when.day) != (other.month, other.day)


def _dated(text: str, published: dt.date | None) -> _Dated | None:
    """The one mention of a day in a sentence with the days that it can mean."""
    whens = [w for w in dates.mentions(text) if w.day or w.relative or w.weekday is not None]
    if len(whens) != 1 or _SUPERSEDED.search(text[: whens[0].start]):
        return None
    if _TOLD_ON.search(text[: whens[0].start]):
        return None
    return whens[0], frozenset(dates.resolve(whens[0], published))


def _who(one: str, other: str) -> Iterator[Differing]:
    """A name where the other sentence, running word for word along, has another.

    Who speaks is no slot: two people may say the same.
    """
    if _UNREAL.search(one) or _UNREAL.search(other):
        return
    found = swaps.displaced(one, other)
    if len(found) != 1 or len(swaps.displaced(other, one)) != 1:
        return
    mine, theirs = found[0]
    sides = (one, mine), (other, theirs)
    if not any(_may_be_both(text, at.start, at.end) for text, at in sides):
        yield Differing("who", Span(mine.start, mine.end), Span(theirs.start, theirs.end))


def _may_be_both(text: str, start: int, end: int) -> bool:
    """Whether a name is that of a speaker, one in a list, or does what others may do too."""
    ahead, behind = text[:start], text[end:]
    return bool(
        _SPEAKS.match(behind)
        or _SPOKEN.search(ahead)
        or _SHARED_ACT.match(behind)
        or _AMONG.match(behind)
        or _AMONG_BEFORE.search(ahead)
    )


# --- Alike -----------------------------------------------------------------------------------


@cached_by_text
def _content(text: str) -> frozenset[str]:
    """Content stems of a sentence without its figures and dates."""
    whens = [(w.start, w.end) for w in dates.mentions(text)]
    taken = [*whens, *((q.start, q.end) for q in quantities(text))]
    return frozenset(
        stem(t.norm)
        for t in tokens(text)
        if t.norm not in STOPWORDS and not any(s <= t.start < e for s, e in taken)
    )


def _alike(one: str, other: str, least: float) -> bool:
    a, b = _content(one), _content(other)
    return bool(a and b) and min(coverage(a, b), coverage(b, a)) >= least


def _apart(one: str, other: str) -> bool:
    """Whether each names somebody or some place that the other doesn't."""
    here, there = read(one).stems, read(other).stems
    return _strangers(one, there) and _strangers(other, here)


def _one_sided(one: str, other: str) -> bool:
    """Whether one names somebody or some place that the other doesn't: "US sales", "sales"."""
    here, there = (
        {stem(part) for name in names(text) for part in name.words} for text in (one, other)
    )
    return bool(here - set(read(other).stems) or there - set(read(one).stems))


def _strangers(text: str, there: Sequence[str]) -> bool:
    return any(not any(stem(part) in there for part in name.words) for name in names(text))
