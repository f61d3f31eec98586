"""Value conflicts: two sentences that give different values of one slot.

"41 people were hurt" and "44 people were hurt" fill one slot; "41 people were hurt" and "12 people
were arrested" fill two.  A pair is skipped if the sentences may be about different times, subjects
or parts, or about possibilities, since a false alarm costs more than a miss.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer.text import dates, same_quantity
from summarizer.text.cache import cached_by_text
from summarizer.text.names import names
from summarizer.text.quantities import CURRENCY, Quantity, quantities
from summarizer.text.sentences import Span
from summarizer.text.tokens import STOPWORDS, coverage, listed, read, stem, tokens
from summarizer.verification.conflicts import comparability, people

ALIKE = 0.5
"""Least share (0–1) of each sentence's content, without figures and dates, in the other one."""

LOOSELY, LOOSELY_NEAR, LOOSELY_TIMES = 0.3, 3, 4
"""A lower share, which is enough for two numbers with this many nearby words in common and at most
this ratio."""

DATED_ALIKE = 0.6
"""The share for dates: sources report much of every day."""

FORETOLD_ALIKE = 0.8
"""The share for numbers that are both only offered, demanded or expected."""

NEAR = 4
"""Content words on either side of a number that count as its context."""

NEAR_ALIKE = 0.6
"""Least share of the smaller context that both numbers have in common; two words at least."""

_UNREAL = re.compile(
    r"\b(?:will|would|could|(?-i:may)|might|should|can|expect\w*|plan(?:s|n\w+)?"
    r"|project(?:ed|s)?|forecast\w*|estimat\w*"
    r"|target\w*|aim(?:s|ed|ing)?"
    r"|offer\w*|s(?:eeks?|ought|eeking)|demand\w*|ask\w*|if|goal|propos\w*|up to"
    r"|capacity|maximum|minimum|potential\w*|at risk|feared?|feel\w*|hop(?:e[sd]?|ing)|not|never|no"
    r"|den(?:y|ie[sd])|n['’]t)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words of negation and possibility: a number near them does not report an event."""

_DENIALS = frozenset(("not", "never", "no", "n't", "n’t", "if", "up to", "maximum", "minimum"))

_SUPERSEDED = re.compile(
    r"(?:\bnot|\brather than|\binstead of|\b(?:up|down|revised(?: (?:up|down)wards?)?|corrected"
    r"|raised|lowered|changed) from|\b(?:an? |the |its )?(?:earlier|initial|first|previous|prior)"
    r"(?:ly)? (?:figure|count|toll|number|report|estimate|version|statement)s?(?: of| said| gave"
    r"| put (?:it|the \w+) at)?|\b(?:originally|initially|earlier|previously|wrongly|incorrectly"
    r"|mistakenly) (?:said|reported|gave|stated|put|listed)(?: that)?(?: \w+){0,3})\s+"
    r"(?:about |some |the |an? |at )?$",
    re.IGNORECASE,
)
"""Text before a number that the sentence replaces ("44, not 41")."""

_RANGE = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_RANGE_GOES_ON = re.compile(
    rf"^\s?(?:[-–—]|to|or|of|in|out of)\s?(?:the\s|every\s)?[{CURRENCY}]?\d", re.I
)
_TO = re.compile(rf"\s?(?:[-–—]|to)\s?[{CURRENCY}]?")
_RANGE_BEGAN = re.compile(
    r"(?:\d\s?(?:[-–—]|to|or|of|in|out of)(?:\s(?:the|every))?|\bbetween \S+ and)$", re.IGNORECASE
)

_FIRST_TOLD = re.compile(r"\bfirst (?:reported|said|thought|announced|told|stated)\b", re.I)
"""A "first" that is no rank: "44 people, not 41 as first reported"."""

_CHANGED = re.compile(
    r"\b(?:r(?:ose|isen|ises?|ising)|climb(?:ed|s|ing)?|gr(?:ew|own|ows|owing)|increas(?:ed|es|ing)"
    r"|jump(?:ed|s)|f(?:ell|allen|alls)|dropp?(?:ed|s)|decreas(?:ed|es)|shr[aiu]nk|reach(?:ed|es)"
    r"|revis(?:ed|es)|updat(?:ed|es)|now)\s++(?:\w+\s++){0,2}?(?:(?:to|at|stands at|is)\s*+)?"
    r"(?:about |at least |more than |some |nearly )?$",
    re.IGNORECASE,
)
"""Text before a number that has changed ("rose to")."""

_AGE = re.compile(r"[-\s]years?[-\s]old\b(?:\s(?P<whose>[a-z]+))?|-year-olds?\b", re.IGNORECASE)
"""Text after an age: a story has many people, so only ages of whom both sentences call the same are
compared here ("her 15-year-old cousin"); ``people`` compares those of full names."""

_DEFINITE = re.compile(r"(?:\b(?:the|his|her|their|its|our|my)|['’]s)\s$", re.IGNORECASE)

MANY, ABOUT_AS_MANY = 10_000, 1.5
"""Numbers from which two are counts of one thing, whatever they call it ("members", "patients"), if
one is at most this many times the other and their contexts share two words."""

_ADDS = frozenset(("another", "additional", "further", "extra"))
ADDED_NEAR = 2
"""Words before a number, or one behind it, in which "another" makes it an addition."""

_SO_FAR = re.compile(r"\s{1,5}of (?:the )?(?:precincts|votes?|ballots|results)\b", re.IGNORECASE)
"""Text after a count in progress."""

_TOLD_ON = re.compile(
    r"\b(?:said|says|announced|announces|reported|confirmed|stated|wrote|posted|added|tweeted"
    r"|told (?:\w+ ){1,3}|statement|interview)\s+(?:late |early )?(?:on )?(?:late |early )?$",
    re.IGNORECASE,
)
"""Text before the day of a statement, not of an event."""

_GROWS = frozenset(
    map(
        stem,
        listed(
            "killed dead died deaths death toll injured hurt wounded injuries missing arrested"
            " detained arrests infected infections cases evacuated displaced homeless stranded"
            " rescued signed signatures complaints victims burned"
        ),
    )
)
"""Stems of nouns and verbs whose count rises for days."""

_SHARED_ACT = re.compile(
    r"\s{1,5}(?:also |later )?(?:thank\w*|prais\w+|critici[sz]\w+|welcom\w+|visit\w*|sign(?:s|ed)?"
    r"|join\w*|support\w*|m(?:et|eets)|call\w*|ask\w*|vot\w+|attend\w*|condemn\w*|back(?:s|ed)"
    r"|oppos\w+|urg\w+|saw|sees|watch\w+|heard|testif\w+|sued|sues|donat\w+|spoke|left|arrived"
    r"|was (?:hurt|injured|killed|arrested|charged)|died)\b",
    re.IGNORECASE,
)
"""Acts that several people can do: their two names are no conflict."""

_AMONG = re.compile(r"\s{0,5}(?:,|and|or)\s+(?:others?\b|[A-Z]|several|two|three|many|a )")
_AMONG_BEFORE = re.compile(r"\b(?:and|or|among them|including|such as|with)\s+$")

_LEADS = re.compile(
    r"(?:\b(?:at (?:least|most)|more than|fewer than|less than|over|under|above|below|nearly|almost"
    r"|about|around|some|roughly|up to|as many as|only|just)\s*)$",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\s{0,5}(?:,[^,]{1,60},\s{0,5})?(?:also |later )?(?:said|says|told|wrote|posted|report\w*"
    r"|argu\w+|added|claim\w*|announc\w+|call\w+|describ\w+|confirm\w*|declin\w+)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:said|says|according to|told|(?:said|told|written|reported) by)\s+$", re.IGNORECASE
)


Kind = Literal["number", "date", "who"]


@dataclass(frozen=True)
class Differing:
    """A slot with two values.

    Args:
        kind: of the values.
        one: span of the value in the first sentence.
        other: span of the value in the second sentence.
    """

    kind: Kind
    one: Span
    other: Span


def differing(
    one: str, other: str, published: dt.date | None = None, other_published: dt.date | None = None
) -> list[Differing]:
    """The slots with different values in two sentences, numbers first.

    Args:
        one: a sentence.
        other: a sentence of another source.
        published: publication day of ``one``, which resolves its weekdays; ``None`` if unknown.
        other_published: the same of ``other``.
    """
    sure = [Differing("number", *pair) for pair in people.ages(one, other)]
    sure += [Differing("who", *pair) for pair in people.speakers(one, other)]
    close = _alike(one, other, ALIKE)
    if sure or not (close or _alike(one, other, LOOSELY)):
        return sure
    if _apart(one, other):
        return list(_who(one, other)) if close else []
    days = _days(one, published), _days(other, other_published)
    years = published.year if published else None, other_published.year if other_published else None
    found = list(_numbers(one, other, days, years))
    if not close:
        found = [pair for pair in found if _surely(one, other, pair)]
        return found or list(_counts(one, other, days, years))
    found = found or list(_ranges(one, other, days))
    return found or list(_dates(one, other, published, other_published))


def says(text: str) -> tuple[Quantity, ...]:
    """The numbers that a sentence states, without those that it replaces ("44, not 41")."""
    return tuple(q for q in quantities(text) if not is_superseded(text, q.start))


def is_superseded(text: str, start: int) -> bool:
    """Whether a sentence replaces the number at an offset: "44, not 41"."""
    return _SUPERSEDED.search(text[:start]) is not None


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


def _counts(
    one: str,
    other: str,
    days: tuple[frozenset[dt.date], frozenset[dt.date]],
    years: tuple[int | None, int | None],
) -> Iterator[Differing]:
    """The only large number of each sentence, where they are about as many of something."""
    if (all(days) and not days[0] & days[1]) or comparability.periods_differ(one, other, years):
        return
    mine, theirs = (
        [q for q in _comparable(text) if q.kind == "" and q.value >= MANY] for text in (one, other)
    )
    if len(mine) != 1 or len(theirs) != 1 or compatible(mine[0], theirs[0]):
        return
    least, most = sorted((mine[0].value, theirs[0].value))
    here, there = _near(one, mine[0]), _near(other, theirs[0])
    denied = {
        word.casefold()
        for text, q in ((one, mine[0]), (other, theirs[0]))
        for word in _UNREAL.findall(_around(text, q))
    } & _DENIALS
    if (
        most <= ABOUT_AS_MANY * least
        and len(here & there) >= 2
        and not denied
        and not comparability.sliced(here, there)
        and not comparability.reaches_differ(one, other)
    ):
        yield Differing("number", _span(mine[0]), _span(theirs[0]))


def _ranges(
    one: str, other: str, days: tuple[frozenset[dt.date], frozenset[dt.date]]
) -> Iterator[Differing]:
    """Ranges or scores with one end in common: "4 to 12 per cent", "4 to 17 per cent"."""
    mine, theirs = _pairs(one), _pairs(other)
    if len(mine) != 1 or len(theirs) != 1 or (all(days) and not days[0] & days[1]):
        return
    (first, last), (low, high) = mine[0], theirs[0]
    same = same_quantity.same(first, low), same_quantity.same(last, high)
    if sum(same) == 1 and first.kind == low.kind and _same_slot(one, last, other, high):
        here, there = (first, low) if same[1] else (last, high)
        yield Differing("number", _span(here), _span(there))


def _pairs(text: str) -> list[tuple[Quantity, Quantity]]:
    """The ranges of a sentence, without times of day."""
    return [
        (a, b)
        for a, b in itertools.pairwise(says(text))
        if _TO.fullmatch(text[a.end : b.start])
        and not {"clock", "dial"}.intersection((a.kind, b.kind))
    ]


def _told_there(quantity: Quantity, here: Sequence[Quantity], there: Sequence[Quantity]) -> bool:
    """Whether the other sentence has a number at least as often as its own.

    Of "five years and five strokes" and "five years and nine strokes", one five is left over.
    """
    return sum(compatible(quantity, q) for q in there) >= max(
        1, sum(compatible(quantity, q) for q in here)
    )


def _span(quantity: Quantity) -> Span:
    return Span(quantity.start, quantity.end)


def _comparable(text: str) -> list[Quantity]:
    return [
        q
        for q in says(text)
        if not q.glued
        and q.kind not in ("ordinal", "clock", "dial")
        and q.value > (1 if q.spelled else 0)
        and not _RANGE.search(text[: q.start])
        and not _RANGE_GOES_ON.match(text[q.end :])
        and not _ends_range(text, q)
        and _whose_age(text, q) != ""
        and not _SO_FAR.match(text[q.end :])
        and not _is_of_name(text, q)
    ]


def _whose_age(text: str, quantity: Quantity) -> str | None:
    """Whose age a number is ("her cousin"); empty if it may be anybody's, ``None`` for no age."""
    age = _AGE.match(text[quantity.end :])
    if age is None:
        return None
    known = _DEFINITE.search(text[max(0, quantity.start - 8) : quantity.start])
    return (age["whose"] or "").casefold() if known else ""


def _is_of_name(text: str, quantity: Quantity) -> bool:
    """Whether a number belongs to a name: "Falcon 9's first stage"."""
    possessive = text[quantity.end :].startswith(("'s", "’s"))
    return possessive and re.search(r"[A-Z]\w{1,40}\s$", text[: quantity.start]) is not None


def _ends_range(text: str, quantity: Quantity) -> bool:
    return _RANGE_BEGAN.search(text[: quantity.start].rstrip()) is not None


def compatible(a: Quantity, b: Quantity) -> bool:
    """Whether two numbers are compatible, given their rounding and bounds."""
    if same_quantity.same(a, b) or same_quantity.same(b, a):
        return True
    return a.low <= b.high and b.low <= a.high and (a.low < a.high or b.low < b.high)


def _same_slot(one: str, a: Quantity, other: str, b: Quantity) -> bool:
    if _whose_age(one, a) != _whose_age(other, b):
        return False
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
    """Whether two numbers of dissimilar sentences are still comparable by context and ratio."""
    (a,), (b,) = (
        [q for q in quantities(text) if (q.start, q.end) == (at.start, at.end)]
        for text, at in ((one, pair.one), (other, pair.other))
    )
    here, there = _near(one, a), _near(other, b)
    least, most = sorted((a.value, b.value))
    return len(here & there) >= LOOSELY_NEAR and most <= LOOSELY_TIMES * least


def _as_real(around: str, around_other: str, one: str, other: str) -> bool:
    """Whether both numbers report facts, or both the same possibility in similar sentences.

    "offered $1.3 billion" and "offered $2.3 billion" are comparable.
    """
    mine, theirs = (
        {w.casefold() for w in _UNREAL.findall(text)} for text in (around, around_other)
    )
    if not mine and not theirs:
        return True
    return mine == theirs and not mine & _DENIALS and _alike(one, other, FORETOLD_ALIKE)


def _near(text: str, quantity: Quantity) -> frozenset[str]:
    """Stems of the content words around a number."""
    figures = quantities(text)
    asides = [m.span() for m in _FIRST_TOLD.finditer(text)]
    every = tokens(text)
    place = sum(t.start < quantity.start for t in every)
    added = range(place - ADDED_NEAR, place + len(tokens(text[quantity.start : quantity.end])) + 1)
    words = [
        (stem(t.norm), t.start)
        for n, t in enumerate(every)
        if not any(start <= t.start < end for start, end in asides)
        and (t.norm not in STOPWORDS or stem(t.norm) in comparability.ADDED)
        and (n in added or t.norm not in _ADDS)
        and not any(q.start <= t.start < q.end for q in figures)
    ]
    before = [w for w, at in words if at < quantity.start][-NEAR:]
    behind = [w for w, at in words if at >= quantity.end][:NEAR]
    return frozenset(before + behind)


def _around(text: str, quantity: Quantity) -> str:
    """The text near a number in its clause, without bounds such as "at least" before it."""
    lead = _LEADS.sub("", text[: quantity.start])
    before = re.split(r"[,;(]\s", lead)[-1]
    return f"{before[-40:]} {re.split(r'[,;(]', text[quantity.end :])[0][:40]}"


def changed(text: str, at: Span) -> bool:
    """Whether a sentence says that a number has changed ("rose to 44")."""
    return _CHANGED.search(text[: at.start]) is not None


def grows(text: str, at: Span) -> bool:
    """Whether a number is a count that rises for days, as of deaths, arrests or signatures."""
    return any(
        _near(text, q) & _GROWS for q in quantities(text) if (q.start, q.end) == (at.start, at.end)
    )


# --- Dates and names -------------------------------------------------------------------------


def _days(text: str, published: dt.date | None) -> frozenset[dt.date]:
    return frozenset(d for w in dates.mentions(text) for d in dates.resolve(w, published))


def _dates(
    one: str, other: str, published: dt.date | None, other_published: dt.date | None
) -> Iterator[Differing]:
    """Two different dates, one in each of two similar sentences."""
    here, there = _dated(one, published), _dated(other, other_published)
    if here is None or there is None or not _other_day(here, there):
        return
    common = content_of(one) & content_of(other)
    if len(common) < 4 or not _alike(one, other, DATED_ALIKE):
        return
    if bool(_UNREAL.search(one)) != bool(_UNREAL.search(other)) or comparability.sliced(
        content_of(one), content_of(other)
    ):
        return
    yield Differing("date", _at(here[0]), _at(there[0]))


_Dated = tuple[dates.When, frozenset[dt.date]]


def _at(when: dates.When) -> Span:
    return Span(when.start, when.end)


def _other_day(here: _Dated, there: _Dated) -> bool:
    """Whether two mentions cannot mean one day.

    A date without a year may be of any year; different weekdays are never one day.
    """
    (when, days), (other, others) = here, there
    if days and others:
        return not days & others
    if when.weekday is not None and other.weekday is not None:
        return when.weekday != other.weekday
    if None in (when.month, when.day, other.month, other.day):
        return False
    return (when.month, when.day) != (other.month, other.day)


def _dated(text: str, published: dt.date | None) -> _Dated | None:
    """The only mention of a day in a sentence, with the days that it can mean."""
    whens = [w for w in dates.mentions(text) if w.day or w.relative or w.weekday is not None]
    if len(whens) != 1 or _SUPERSEDED.search(text[: whens[0].start]):
        return None
    if _TOLD_ON.search(text[: whens[0].start]):
        return None
    return whens[0], frozenset(dates.resolve(whens[0], published))


def _who(one: str, other: str) -> Iterator[Differing]:
    """Two names in the same place of sentences with the same wording.

    Speakers are skipped: two people may say the same.
    """
    if _UNREAL.search(one) or _UNREAL.search(other):
        return
    found = people.displaced(one, other)
    if len(found) != 1 or len(people.displaced(other, one)) != 1:
        return
    mine, theirs = found[0]
    sides = (one, mine), (other, theirs)
    if not any(_may_be_both(text, at.start, at.end) for text, at in sides):
        yield Differing("who", Span(mine.start, mine.end), Span(theirs.start, theirs.end))


def _may_be_both(text: str, start: int, end: int) -> bool:
    """Whether a name is a speaker, one of a list, or the subject of a ``_SHARED_ACT``."""
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
def content_of(text: str) -> frozenset[str]:
    """Content stems of a sentence without its figures and dates."""
    whens = [(w.start, w.end) for w in dates.mentions(text)]
    taken = [*whens, *((q.start, q.end) for q in quantities(text))]
    return frozenset(
        stem(t.norm)
        for t in tokens(text)
        if t.norm not in STOPWORDS and not any(s <= t.start < e for s, e in taken)
    )


def named(text: str) -> frozenset[str]:
    """Stems of the words of its names, without numbers that open it in capitals."""
    figures = quantities(text)
    return frozenset(
        stem(word)
        for name in names(text)
        if not any(q.start <= name.start < q.end for q in figures)
        for word in name.words
    )


def _alike(one: str, other: str, least: float) -> bool:
    a, b = content_of(one), content_of(other)
    return bool(a and b) and min(coverage(a, b), coverage(b, a)) >= least


def _apart(one: str, other: str) -> bool:
    """Whether each sentence has a name that the other one lacks."""
    here, there = read(one).stems, read(other).stems
    return _strangers(one, there) and _strangers(other, here)


def _one_sided(one: str, other: str) -> bool:
    """Whether either sentence has a name that the other one lacks: "US sales", "sales"."""
    here, there = (
        {stem(part) for name in names(text) for part in name.words} for text in (one, other)
    )
    return bool(here - set(read(other).stems) or there - set(read(one).stems))


def _strangers(text: str, there: Sequence[str]) -> bool:
    return any(not any(stem(part) in there for part in name.words) for name in names(text))
