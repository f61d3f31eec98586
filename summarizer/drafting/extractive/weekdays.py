"""Weekdays that a headline may lose, and those that turn its sense."""

from __future__ import annotations

import re

from summarizer.drafting.extractive.filters import without
from summarizer.text.dates import MONTHS, WEEKDAY
from summarizer.text.parse import parse

_PART = r"(?:\s(?:morning|afternoon|evening|night))?"
# Words before a weekday that belong to it: "due Friday", "the following Tuesday".
_BEFORE = (
    r"(?!(?:next|last|this|that|these|those|the|an?|one|any|some|other|coming|following|previous|"
    r"past|first|second|third|fourth|fifth|final|every|each|by|on|until|till|since|between|from|"
    r"to|through|before|after|for|of|as|in|than|with|and|or|due|set|expected|scheduled|slated|"
    r"planned|only|just|even|is|are|was|were|be|been|am|pm|noon|midnight|early|late|earlier|later)"
    r"\s)"
)
# Words after a weekday that belong to it: "Friday the 13th", "Monday or Tuesday".
_NOT_AFTER = (
    r"(?!['’\w/–—-]|,?\s(?:or|and|but|of|the|to|through|until|till|last|next|week|fortnight|then|"
    rf"{'|'.join(map(str.title, MONTHS))})\b|,?\s[\d(&/–—-])"
)
_NEW_PHRASE = (
    r"(?=[,.]|$|\s(?:that|said|in|on|at|as|for|with|after|whether|by|over|against|from|when|"
    r"following|because|amid|while|before|during|about|into|near|alongside)\b)"
)
_DAY = re.compile(
    rf"(?<!\S){_BEFORE}[^\s,;:–—]++(?P<day>(?:\s(?:at|around)\s(?:about\s)?\d{{1,2}}(?::\d\d)?\s?"
    rf"[ap]\.?m\.?\s(?:on\s)?|\s(?:(?:early|late|earlier|later)\s)?on\s){WEEKDAY}{_PART})"
    rf"{_NOT_AFTER}"
    # The word after "a" or "on" may be an adjective: "on a rainy Monday".
    r"|(?<!\S)(?<!\ba\s)(?<!\ban\s)(?<!\bon\s)(?<!\bon\sthe\s)(?<!\bone\s)(?<!\bthis\s)"
    rf"{_BEFORE}[a-z][a-z'’-]*+(?P<bare>\s(?:(?:early|late)\s)?{WEEKDAY}{_PART})"
    rf"{_NOT_AFTER}{_NEW_PHRASE}"
)
_OPENING_DAY = re.compile(rf"^On\s{WEEKDAY}{_PART},\s(?=[^\W\d_])")
_ANY = re.compile(WEEKDAY)
_TURNS = re.compile(
    r"\b(?:not|no|but|nor|never|none|nobody|nothing|neither|cannot|without|only|instead|rather|"
    r"except|unless|fail(?:s|ed)? to|refus(?:es?|ed|ing)|den(?:y|ies|ied|ying))\b|n['’]t\b",
    re.IGNORECASE,
)
# Ends that limit what stands before them: "on Tuesdays", "only on Monday", "through Friday".
_LIMITS = re.compile(
    rf"[^,]{{0,100}}\s(?:(?:every|each|most|some|only\son|through)\s(?:\w+\s)?{WEEKDAY}|{WEEKDAY}s\b)"
)
_HOUR = re.compile(r"\b(?:noon|midnight|[ap]\.?m\.?)$")


def without_days(text: str) -> str:
    """The sentence without its weekdays, or unchanged if one of them cannot go."""
    if not _ANY.search(text) or _is_limit(text):
        return text
    opened = _OPENING_DAY.sub("", text)
    shorter = without(_DAY, opened)
    return text if _TURNS.search(text) or _ANY.search(shorter) else shorter


def _is_limit(text: str) -> bool:
    """Whether a weekday is what a preposition needs: "until at least Saturday"."""
    (parsed,) = parse([text])
    days = (w for w in parsed.words if _ANY.fullmatch(w.text) and w.dep == "pobj")
    return any(parsed.words[day.head].lemma != "on" for day in days)


def needs_its_day(kept: str, cut_off: str) -> bool:
    """Whether the end of a sentence has a weekday that limits its beginning."""
    limited = _TURNS.search(kept) or _HOUR.search(kept) or _LIMITS.match(cut_off)
    return bool(limited and _ANY.search(cut_off))
