"""Numbers in a text, with value, unit and counted noun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from summarizer.text import dates
from summarizer.text.cache import cached_by_text
from summarizer.text.invisible import IGNORABLE
from summarizer.text.taken import Taken
from summarizer.text.tokens import STOPWORDS, listed, stem, tokens
from summarizer.text.units import Unit, unit_at

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
    "lakh": 1e5,
    "million": 1e6,
    "mln": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
CURRENCY = "$€£¥₹"
"""Currency signs, for use in character classes."""
_CURRENCY_WORD = {
    **{"dollar": "$", "usd": "$", "buck": "$", "eur": "€", "euro": "€", "gbp": "£", "pound": "£"},
    **{"yen": "JPY", "jpy": "JPY", "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "cny": "CNY"},
    **{"rupee": "₹", "inr": "₹", "rs": "₹"},
}
_CODE = re.compile(r"\b(?P<code>USD|EUR|GBP|JPY|CNY|RMB|INR|Rs)\.?\s?$")
_ONES = "|".join(_UNITS)
_WORDS = rf"(?:(?:{'|'.join(_TENS)})(?:(?:\s?-\s?|\s)(?:{'|'.join(_UNITS[1:10])}))?|{_ONES})"
_NUMBER = re.compile(
    rf"(?P<currency>[{CURRENCY}])?\s?"
    r"(?:(?P<hour>[012]?\d):(?P<minute>[0-5]?\d)(?::\d\d)?(?!\d)"
    r"(?P<half>\s?[ap](?:m\b|\.m\.))?|(?P<oclock>1?\d)(?P<noon>\s?[ap](?:m\b|\.m\.))"
    r"|(?P<value>\d{1,3}(?:\s?,\s?\d{3}(?!\d)|[ \u00a0\u202f]\d{3}(?!\d))+(?:\.\d+)?"
    r"|\d+(?:\.\d+)?(?:e[+-]?\d+\b|[⁺⁻]?[⁰¹²³⁴-⁹]{1,3})?|\.\d+"
    rf"|\b{_WORDS}\b|\b(?:half\s+)?an?(?=\s+(?:hundred|thousand|lakh|million|crore|billion|trillion|dozen)\b)))"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?"
    r"(?P<magnitude>(?:[\s-]?(?:hundred|thousand|lakh|million|crore|billion|trillion|dozen)\b)+"
    r"|\s?(?:ml?n|bn|tn|[kmb])\b(?!\w))?"
    rf"(?P<rest>(?<=hundred|housand)\s+and\s+{_WORDS}\b)?"
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
_NEARLY = re.compile(r"\b(?:nearly|almost|just (?:under|below|short of))\s*$", re.IGNORECASE)
_BARELY = re.compile(r"\bjust (?:over|above|more than)\s*$", re.IGNORECASE)
_MORE = re.compile(
    r"(?:(?<!\bno )\bmore than|\bover|\bat least|\babove|\bupwards? of|\bno (?:fewer|less) than"
    r"|\bnot less than|>)\s*$",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"(?:(?<!\bno )(?<!\bnot )\b(?:less|fewer) than|\bunder|\bbelow|\bat most"
    r"|\bno(?:t|) more than|<)\s*$",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\b(?:up to|as (?:many|much) as|exceed\w*)\s*$", re.IGNORECASE)
_BY = (
    r"(?:\s+(?:by|about|around|roughly|nearly|almost|some|another|an?|just|over|more|less"
    r"|than)){0,3}\s*$"
)
_UP = re.compile(
    r"\b(?:ris(?:es?|en|ing)|rose|up|gr(?:ew|ow|own|ows|owing)|gain(?:s|ed|ing)?"
    r"|increas(?:es?|ed|ing)|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|surg(?:es?|ed|ing)|soar(?:s|ed)?)"
    + _BY,
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:falls?|fell|fall(?:en|ing)|down|drop(?:s|ped|ping)?|declin(?:es?|ed|ing)"
    r"|decreas(?:es?|ed|ing)|slid|slip(?:s|ped)?|shr[au]nk|plung(?:es?|ed)|tumbl(?:es?|ed)|sank)"
    + _BY,
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?:\bminus\s|(?:^|[\s(])[−-])$", re.IGNORECASE)
_BELOW_ZERO = re.compile(r"[^.;]{0,20}\bbelow zero\b", re.IGNORECASE)
SIGNS = frozenset(CURRENCY) | {"JPY", "CNY"}
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_PLAIN_POWER = str.maketrans(_SUPERSCRIPTS, "0123456789+-")
_SEPARATOR = re.compile(r"[,\s\u00a0\u202f]")
_NOUNS_END = re.compile(rf"[.,;:()\n\d{CURRENCY}]|\b(?:and|or|but|while|to)\b")
_POINTER = re.compile(r"(?:\b(?:passages?|sources?|documents?|steps?|footnote)|\[)\s*$", re.I)
_LIST_MARK = re.compile(r"(?:^|\n)[^\S\n]*[(\[]?$")
LARGEST = 1e300
"""Value of every number from there on; only their digits tell such numbers apart."""
ABOUT, NEARLY = 0.06, 0.12
"""Largest relative error of a number after "about", and after "almost"."""


@dataclass(frozen=True)
class Quantity:
    """A number in a text.

    Args:
        value: the number with its magnitude, up to ``LARGEST``; negative only for a temperature.
        kind: ``%``, ``points``, a currency sign, ``JPY``, ``CNY``, ``ordinal``, ``time`` (a
            duration), ``clock`` (a time of day in minutes from midnight), ``dial`` (one that lacks
            a.m. or p.m.) or "" for a bare number.
        nouns: stems of up to two content words after it, the counted thing.
        rounded: whether a magnitude word or "about" marks it as rounded.
        low: lowest value allowed by the wording ("almost", "under").
        high: highest value allowed by the wording ("about", "over").
        spelled: whether it is written in words.
        glued: whether it is part of a name (``GPT-4``).
        digits: the number as written, without separators, from ``LARGEST`` on; else "".
        unit: the unit of measure behind it.
        per: the unit that it is counted by, as in "a day".
        bound: 1 for "more than", "at least", -1 for "fewer than", "nearly", "at most"; else 0.
        sign: 1 for a rise by it, -1 for a fall; else 0.
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
    digits: str = ""
    unit: Unit | None = None
    per: Unit | None = None
    bound: int = 0
    sign: int = 0


@cached_by_text
def quantities(text: str) -> tuple[Quantity, ...]:
    """Numbers of a text, in order, without list markers and dates, read as they are seen."""
    if not IGNORABLE.search(text):
        return _quantities(text)
    kept = [n for n, character in enumerate(text) if not IGNORABLE.match(character)]
    found = _quantities("".join(text[n] for n in kept))
    return tuple(replace(q, start=kept[q.start], end=kept[q.end - 1] + 1) for q in found)


def _quantities(text: str) -> tuple[Quantity, ...]:
    dated = Taken(len(text))
    for when in dates.mentions(text):
        if when.weekday is None:
            dated.take(when.start, when.end)
    return tuple(q for q in _scan(text) if not dated.holds(q.start, q.end))


def _scan(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        if match["value"] is None:
            yield _clock(match)
            continue
        before = text[max(0, match.start() - 40) : match.start("value")]
        if match["value"][0].isdigit() and (_is_list_mark(text, match) or _POINTER.search(before)):
            continue
        base = _base(match["value"])
        if base is None:
            continue
        yield _quantity(text, match, base, before)


def _clock(match: re.Match[str]) -> Quantity:
    """Time of day in minutes from midnight, or on a dial where neither a.m. nor p.m. is said."""
    hour, half = int(match["hour"] or match["oclock"]), match["half"] or match["noon"]
    if half:
        hour = hour % 12 + (12 if "p" in half.casefold() else 0)
    kind = "clock" if half or hour > 12 or hour == 0 else "dial"
    value = hour * 60.0 + int(match["minute"] or 0)
    span = match.start("hour" if match["hour"] else "oclock"), match.end()
    return Quantity(*span, value, kind, (), False, value, value, False, False)


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
        return _power(_SEPARATOR.sub("", value))
    if value.startswith("half"):
        return 0.5
    if value in ("a", "an"):
        return 1.0
    parts = re.split(r"[-\s]+", value)
    return float(sum(_WORD_VALUE[part] for part in parts))


def _power(digits: str) -> float:
    """A number in digits, which a power in superscripts may follow: ``10⁶``."""
    base = digits.rstrip(_SUPERSCRIPTS)
    power = digits[len(base) :].translate(_PLAIN_POWER)
    try:
        return float(base) ** int(power or 1)
    except (OverflowError, ZeroDivisionError):
        return LARGEST


def _quantity(text: str, match: re.Match[str], base: float, before: str) -> Quantity:
    scale, rounds = _scale(text, match)
    value = base * scale
    if match["rest"]:
        value += _base(match["rest"].split(None, 1)[1].strip()) or 0
    value = min(value, LARGEST)
    digits = _SEPARATOR.sub("", match["value"] + (match["magnitude"] or ""))
    start = match.start("currency") if match["currency"] else match.start("value")
    nouns, hyphen = _nouns(text, match.end())
    kind = _kind(match, nouns, text)
    lead = before.rstrip(f"{CURRENCY} ").rstrip() + " "
    bound = _bound(lead)
    about = _ABOUT.search(lead) is not None
    loose = ABOUT if hyphen or (about and not _NEARLY.search(lead)) else 0.0
    either = _EITHER.search(lead) is not None
    unit, per = (
        (None, None) if match["currency"] or match["percent"] else unit_at(text, match.end())
    )
    if per is None:
        per = unit_at(text, match.end())[1]
    if unit and unit.measure == "temperature" and _below_zero(before, text, match.end()):
        value = -value
    return Quantity(
        start=start,
        end=match.end(),
        value=value,
        kind=kind,
        nouns=nouns,
        rounded=about or rounds,
        low=value * _factor(bound == -1 or either, _NEARLY, lead, -1, loose),
        high=value * _factor(bound == 1 or either, _BARELY, lead, 1, loose),
        spelled=not match["value"][-1].isdigit(),
        glued=_glued(text, match),
        digits=digits.casefold() if value == LARGEST else "",
        unit=unit,
        per=per,
        bound=bound,
        sign=-1 if _DOWN.search(lead) else 1 if _UP.search(lead) else 0,
    )


def _factor(open_: bool, close_by: re.Pattern[str], lead: str, way: int, loose: float) -> float:
    """By what the wording lets a value be smaller (way -1) or larger (way 1)."""
    if close_by.search(lead):
        return 1 + way * NEARLY
    if open_:
        return 0.5 if way < 0 else 2.0
    return 1 + way * loose


def _bound(lead: str) -> int:
    if _NEARLY.search(lead):
        return -1
    if _BARELY.search(lead) or _MORE.search(lead):
        return 1
    return -1 if _LESS.search(lead) else 0


def _below_zero(before: str, text: str, end: int) -> bool:
    return bool(_MINUS.search(before) or _BELOW_ZERO.match(text, end))


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
    return re.search(r"\b[A-Z][\w.]{0,20}-$", head) is not None


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
    if code := _CODE.search(text, max(0, match.start() - 6), match.start("value")):
        return _CURRENCY_WORD[code["code"].casefold()]
    for word in nouns[:1]:
        if word in _CURRENCY_BY_STEM:
            return _CURRENCY_BY_STEM[word]
        if word in _TIMES:
            return "time"
    return ""


_CURRENCY_BY_STEM = {stem(word): sign for word, sign in _CURRENCY_WORD.items()}
_TIMES = frozenset(map(stem, listed("second minute hour day week month year")))


def _range_percent(text: str, match: re.Match[str]) -> bool:
    tail = _RANGE_TAIL.match(text, match.end())
    return tail is not None and tail["unit"].casefold() in ("%", "percent", "per cent")
