"""Numbers in a text, with value, unit and counted noun."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.text import dates
from summarizer.text.cache import cached_by_text
from summarizer.text.tokens import STOPWORDS, listed, stem, tokens

_UNITS = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_WORD_VALUE = {w: n for n, w in enumerate(_UNITS)} | {w: 20 + 10 * n for n, w in enumerate(_TENS)}
_MAGNITUDE = {
    "hundred": 1e2,
    "dozen": 12.0,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
ORDINALS = listed("zeroth first second third fourth fifth sixth seventh eighth ninth tenth")
CURRENCY = "$€£¥₹"
"""Currency signs, for use in character classes."""
_CURRENCY_WORD = {"dollar": "$", "usd": "$", "buck": "$", "eur": "€", "euro": "€", "gbp": "£"}
_SECONDS = {
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "week": 604800.0,
    "month": 2629800.0,
    "year": 31557600.0,
}
_SECONDS_BY_STEM = {stem(name): seconds for name, seconds in _SECONDS.items()}
_ONES = "|".join(_UNITS)
_WORDS = rf"(?:(?:{'|'.join(_TENS)})(?:(?:\s?-\s?|\s)(?:{'|'.join(_UNITS[1:10])}))?|{_ONES})"
_NUMBER = re.compile(
    rf"(?P<currency>[{CURRENCY}])?\s?"
    r"(?:(?P<hour>[012]?\d):(?P<minute>[0-5]?\d)(?::\d\d)?(?!\d)"
    r"(?P<half>\s?[ap](?:m\b|\.m\.))?|(?P<oclock>1?\d)(?P<noon>\s?[ap](?:m\b|\.m\.))"
    r"|(?P<value>\d{1,3}(?:\s?,\s?\d{3}(?!\d)|[\u00a0\u202f]\d{3}(?!\d))+(?:\.\d+)?"
    r"|\d+(?:\.\d+)?|\.\d+"
    rf"|\b{_WORDS}\b|\b(?:half\s+)?an?(?=\s+(?:hundred|thousand|million|billion|trillion|dozen)\b)))"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?"
    r"(?P<magnitude>(?:[\s-]?(?:hundred|thousand|million|billion|trillion|dozen)\b)+"
    r"|\s?(?:mn|bn|tn|[kmb])\b(?!\w))?"
    r"(?P<rest>\s+and\s+(?:" + _WORDS + r")\b)?"
    r"(?P<percent>\s?%|[\s-]percent(?:age)?\b|\s+per\s?cent\b|\s?pc\b)?"
    r"(?P<points>[\s-]+points?\b|\s?pp\b)?",
    re.IGNORECASE,
)
_RANGE_TAIL = re.compile(
    rf"\s?(?:[-–—]|to|and|or)\s?[{CURRENCY}]?\d[\d,.]*\s?"
    r"(?P<unit>%|percent|per cent|thousand|million|billion|trillion|[mk]\b|bn\b)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:about|around|roughly|approximately|approx\.?|some|nearly|almost|close to|circa|an?"
    r" estimated|estimated|~|≈)\s*$",
    re.IGNORECASE,
)
_NEARLY = re.compile(r"(?:nearly|almost|just (?:under|over))\s*$", re.IGNORECASE)
_MORE = re.compile(
    r"(?:more than|over|at least|above|exceed\w*|upwards? of|as many as|up to|>)\s*$",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"(?:less than|fewer than|under|below|up to|at most|as many as|<)\s*$",
    re.IGNORECASE,
)
SIGNS = frozenset(CURRENCY)
_NOUNS_END = re.compile(rf"[.,;:()\n\d{CURRENCY}]|\b(?:and|or|but|while|to)\b")
_POINTER = re.compile(r"\b(?:passages?|sources?|documents?|steps?|footnote|\[)\s*$", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:^|\n)\s*[(\[]?$")
ABOUT, NEARLY = 0.06, 0.12
"""Largest relative error of a number after "about", and after "almost"."""


@dataclass(frozen=True)
class Quantity:
    """A number in a text.

    Args:
        value: the number with its magnitude, >= 0.
        kind: ``%``, ``points``, a currency sign, ``ordinal``, ``time`` (a duration), ``clock`` (a
            time of day) or "" for a bare number.
        nouns: stems of up to two content words after it, the counted thing.
        rounded: whether a magnitude word or "about" marks it as rounded.
        low: lowest value allowed by the wording ("almost", "under").
        high: highest value allowed by the wording ("about", "over").
        spelled: whether it is written in words.
        glued: whether it is part of a name (``GPT-4``).
    """

    start: int
    end: int
    value: float
    kind: str
    nouns: tuple[str, ...]
    rounded: bool
    low: float
    high: float
    spelled: bool
    glued: bool


@cached_by_text
def quantities(text: str) -> tuple[Quantity, ...]:
    """Numbers of a text, in order, without list markers and dates."""
    taken = [(w.start, w.end) for w in dates.mentions(text) if w.weekday is None]
    return tuple(q for q in _scan(text) if not _within(q, taken))


def _within(quantity: Quantity, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= quantity.start and quantity.end <= end for start, end in spans)


def _scan(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        if match["value"] is None:
            yield _clock(match)
            continue
        before = text[max(0, match.start() - 24) : match.start("value")]
        if match["value"][0].isdigit() and (_is_list_mark(text, match) or _POINTER.search(before)):
            continue
        base = _base(match["value"])
        if base is None:
            continue
        yield _quantity(text, match, base, before)


def _clock(match: re.Match[str]) -> Quantity:
    """Time of day in minutes on a twelve-hour dial, so that 16:30 equals 4:30 pm."""
    hour = int(match["hour"] or match["oclock"]) % 12
    value = hour * 60.0 + int(match["minute"] or 0)
    return Quantity(
        match.start(), match.end(), value, "clock", (), False, value, value, False, False
    )


def _is_list_mark(text: str, match: re.Match[str]) -> bool:
    return (
        match.end() < len(text)
        and text[match.end()] in ".):"
        and not match["magnitude"]
        and text[match.end() + 1 : match.end() + 2] in ("", " ", "\t")
        and len(match["value"]) <= 2
        and _LIST_MARK.search(text[max(0, match.start() - 8) : match.start("value")]) is not None
    )


def _base(value: str) -> float | None:
    value = value.casefold()
    if value[0].isdigit() or value[0] == ".":
        return float(re.sub(r"[,\s\u00a0\u202f]", "", value))
    if value.startswith("half"):
        return 0.5
    if value in ("a", "an"):
        return 1.0
    parts = re.split(r"[-\s]+", value)
    return float(sum(_WORD_VALUE[part] for part in parts))


def _quantity(text: str, match: re.Match[str], base: float, before: str) -> Quantity:
    scale, rounds = _scale(text, match)
    value = base * scale
    if match["rest"]:
        value += _base(match["rest"].split(None, 1)[1].strip()) or 0
    start = match.start("currency") if match["currency"] else match.start("value")
    nouns, hyphen = _nouns(text, match.end())
    kind = _kind(match, nouns, text)
    lead = before.rstrip(f"{CURRENCY} ").rstrip() + " "
    about, nearly, more, less = (
        p.search(lead) is not None for p in (_ABOUT, _NEARLY, _MORE, _LESS)
    )
    more, less = more and not nearly, less and not nearly
    slack = NEARLY if nearly else ABOUT if about or hyphen else 0.0
    return Quantity(
        start=start,
        end=match.end(),
        value=value,
        kind=kind,
        nouns=nouns,
        rounded=about or rounds,
        low=value * (0.5 if less else 1 - slack),
        high=value * (2.0 if more else 1 + slack),
        spelled=not match["value"][-1].isdigit(),
        glued=_glued(text, match),
    )


def _scale(text: str, match: re.Match[str]) -> tuple[float, bool]:
    """Factor of the magnitude words, which may follow the end of a range, and whether they imply
    rounding."""
    words = match["magnitude"] or ""
    if not words and not match["percent"]:
        tail = _RANGE_TAIL.match(text, match.end())
        words = tail["unit"] if tail else ""
    scale = 1.0
    for word in re.findall(r"[a-z]+", words.casefold()):
        scale *= _MAGNITUDE.get(word, 1.0)
    return scale, scale >= 1e3


def _glued(text: str, match: re.Match[str]) -> bool:
    """Whether the number is joined to letters, as in ``GPT-4``, ``v2`` or ``4Q``, not to a unit."""
    if match["currency"]:
        return False
    if re.match(r"Q\d{0,4}\b", text[match.end() : match.end() + 6]):
        return True
    head = text[max(0, match.start("value") - 20) : match.start("value")]
    if re.search(r"[^\W\d_]$", head) and match["value"][0].isdigit():
        return True
    return re.search(r"\b[A-Z][\w.]*-$", head) is not None


def _nouns(text: str, end: int) -> tuple[tuple[str, ...], bool]:
    """Stems of the next content words up to a break, and whether a ``+`` follows."""
    tail = _NOUNS_END.split(text[end : end + 48], maxsplit=1)[0]
    found = [stem(t.norm) for t in tokens(tail) if t.norm not in STOPWORDS and t.norm.isalpha()]
    return tuple(found[:2]), tail.startswith("+")


def _kind(match: re.Match[str], nouns: tuple[str, ...], text: str) -> str:
    if match["points"] and match["percent"]:
        return "points"
    if match["percent"] or _range_percent(text, match):
        return "%"
    if match["currency"]:
        return match["currency"]
    if match["ordinal"]:
        return "ordinal"
    for word in nouns[:1]:
        if word in _CURRENCY_BY_STEM:
            return _CURRENCY_BY_STEM[word]
        if word in _SECONDS_BY_STEM:
            return "time"
    return ""


_CURRENCY_BY_STEM = {stem(word): sign for word, sign in _CURRENCY_WORD.items()} | {
    "pound": "£",
    "yen": "¥",
    "rupe": "₹",
}


def _range_percent(text: str, match: re.Match[str]) -> bool:
    tail = _RANGE_TAIL.match(text, match.end())
    return tail is not None and tail["unit"].casefold() in ("%", "percent", "per cent")


def same(mine: Quantity, theirs: Quantity) -> bool:
    """Whether two numbers agree: in unit, and in value as far as the wording is exact."""
    if theirs.glued or not _kinds_agree(mine, theirs):
        return False
    if close(mine.value, theirs.value) or mine.low < theirs.value < mine.high:
        return True
    if mine.rounded and _rounds_to(theirs.value, mine.value):
        return True
    if mine.kind == theirs.kind == "time":
        if mine.nouns[0] == theirs.nouns[0]:
            return False
        a, b = (q.value * _SECONDS_BY_STEM[q.nouns[0]] for q in (mine, theirs))
        return abs(a - b) <= 0.02 * max(a, b)
    return False


def _kinds_agree(mine: Quantity, theirs: Quantity) -> bool:
    if mine.kind == theirs.kind == "time" and close(mine.value, theirs.value):
        return mine.nouns[0] == theirs.nouns[0]
    loose = ("", "ordinal", "time")
    if mine.kind in ("%", "points") and theirs.kind == "":
        return _bare(theirs)
    if "clock" in (mine.kind, theirs.kind):
        return mine.kind == theirs.kind or theirs.kind == ""
    return (
        mine.kind == theirs.kind
        or "" in (mine.kind, theirs.kind)
        or (mine.kind in loose and theirs.kind in loose)
    )


def _bare(quantity: Quantity) -> bool:
    """Whether a number counts nothing, so that it can be a percentage whose sign was lost."""
    return not quantity.nouns


def close(a: float, b: float) -> bool:
    """Whether two values are equal except for floating-point error."""
    return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


def _rounds_to(exact: float, rounded: float) -> bool:
    """Whether ``exact``, rounded to the significant digits of ``rounded``, equals ``rounded``."""
    digits = len(f"{rounded:.12g}".replace(".", "").rstrip("0").lstrip("0").split("e")[0])
    return close(float(f"{exact:.{max(1, digits)}g}"), rounded)
