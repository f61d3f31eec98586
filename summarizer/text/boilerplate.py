"""Boilerplate around a sentence: datelines, labels, hashtags, credits."""

from __future__ import annotations

import datetime as dt
import re

from summarizer.text.cache import cached_by_text
from summarizer.text.dates import MONTHS, WEEKDAY, mentions, resolve

_CAPITALS = r"[A-ZÀ-Þ]{2,}+(?:[./'’-][A-ZÀ-Þ]++){0,3}+\.?+"  # LONDON, ST., GAZA/JERUSALEM
_MONTH = f"(?i:{'|'.join(month[:3] for month in MONTHS)})[a-z.]*+"
_DATE = (
    rf"(?:(?:{WEEKDAY},?\ )?+(?:{_MONTH}\ \d{{1,2}}|\d{{1,2}}\ {_MONTH})(?:,?\ \d{{4}})?+"
    r"|(?:19|20)\d\d-\d\d-\d\d)"
)
_TITLED = rf"(?!{_DATE}|(?:On|In|At|By|Since|From|After|Before)\b)[A-ZÀ-Þ][\w.'’]*+"
_REGION = rf"(?:,\ ?{_TITLED}(?:\ {_TITLED}){{0,2}}){{0,2}}+"  # , West Bank
_CITY = rf"{_CAPITALS}(?:\ {_CAPITALS}){{0,3}}+{_REGION}"
_TOWN = rf"{_TITLED}(?:\ {_TITLED}){{0,2}}+{_REGION}"
_DASH = r"(?:[—–―_]-?+|--+|-(?=\ ))"
_SLASHED = r"/[A-Z][\w\ .-]{1,30}+/"
_AGENCY = rf"(?:\([A-Z][\w./&-]*+(?:,?\ [A-Z&][\w./&-]*+){{0,3}}+\)|{_SLASHED})"
_KNOWN_AGENCY = (
    r"(?:\((?:AP|AFP|UPI|PTI|ANI|CNN|[Dd][Pp][Aa]|EFE|TASS|Xinhua|Reuters|Bloomberg|"
    r"Thomson\ Reuters\ Foundation|"
    r"(?:[A-Z][\w.&-]*+\ ){0,3}(?:[A-Z]\w*?)?(?:[Ww]ire|WIRE|News|NEWS|Press|Newsline))\)"
    rf"|{_SLASHED})"
)
_ASIDE = r"[A-Z]{2,5}\ [—–-]\ [^—–―\n]{1,80}\ ?[—–-]\ "  # IBM — a rival of Acme — said
_JUDGES = (
    r"(?i:not|no|never|un\w{2,15}|false|true|fake|hoax|myth|fiction|satire|parody|spoof|joke|april|"
    r"rumou?rs?|claims?|den(?:y|ies|ied)|retract\w{0,4}|correct\w{0,4}|alleged|exercise|drill|test|"
    r"opinion|quiz|expired|withdrawn|misleading|debunked|scam|wrong|former(?:ly)?|fact|verdict)\b"
)
"""Words in front of a sentence that say how far it is true; no place is called so."""
_DATELINE = re.compile(
    rf"""^\ *+(?:{_DASH}\ )?+(?!\(?{_JUDGES})(?:
        (?:{_CITY})(?:,?\ ?{_DATE}[,:]?)?+\ ?(?:{_DASH}\ ?)?+{_AGENCY}\ ?(?:{_DASH}|:)?+
      | (?:{_DATE}[,:]?\ ?)?+(?:{_DASH}\ ?)?+{_KNOWN_AGENCY}\ ?(?:{_DASH}|:)?+
      | (?:{_DATE}[,:]?\ ?)?+(?:{_AGENCY}\ ?(?:{_DASH}|:)|\([A-Z]{{2,6}}\)(?=\ ))
      | {_TOWN}(?:,?\ {_DATE}[,:]?)?+\ ?(?:{_DASH}\ ?)?+{_KNOWN_AGENCY}\ ?(?:{_DASH}|:)?+
      | (?!{_ASIDE}){_CITY}(?:,?\ {_DATE})?+[,:]?\ ?{_DASH}
      | {_TOWN},?\ {_DATE}[,:]?\ ?{_DASH}(?!\ *\d)
    )\ *+(?=[“"'‘(]?[A-ZÀ-Þ0-9]|(?<=[—–―_-]\ )[“"'‘]?[a-z][A-Z])""",
    re.VERBOSE | re.MULTILINE,
)
"""``OSTPORT, May 4 (Wire) —``, ``Ostport (Kessel Press) -``, ``OSTPORT, West Harrow —`` and
``Ostport, Nov. 20, 2026 –``, before the start of a sentence."""
_LABEL = re.compile(
    r"^(?:Why it matters|The big picture|Driving the news|What(?:'|’)s (?:next|new|happening)|"
    r"Between the lines|Zoom (?:in|out)|State of play|The latest|Catch up quick|Context|Details|"
    r"Go deeper|Background|Our thought bubble|By the numbers|What they(?:'|’)re saying|"
    r"Breaking(?: news)?|BREAKING(?: NEWS)?|EXCLUSIVE|Exclusive|JUST IN|UPDATED?|Updated?|"
    r"Correction|CORRECTION|News|NEWS|THREAD|Thread|Statement|STATEMENT|"
    r"(?:PUBLISHED|POSTED|UPDATED) [A-Z]{3,9} \d{1,2}, \d{4})\s*[:—–|]\s+"
)
_TIMES = (
    rf"(?:[\d:.,/|–—-]++|[ap]\.?m\b\.?|(?:on|at|of)\b|[ECMP][SD]?T\b|(?:GMT|UTC|BST|{WEEKDAY})\b"
    rf"|\s|(?:{'|'.join(m[:3] for m in MONTHS)})[a-z]*+\b\.?)"
)
STAMP = re.compile(
    r"(?:(?:first|last|originally)\s)?(?:updated|published|posted|modified)\b:?"
    rf"(?=.{{0,30}}\d){_TIMES}++",
    re.IGNORECASE,
)
"""When a page was updated or published: "Updated 5:30 p.m. ET"."""
_STAMPED = re.compile(rf"{STAMP.pattern}(?=(?-i:[“\"A-Z]))", re.IGNORECASE)
_ZONE = r"(?:Uhr|[ECMP][SD]?T|GMT|UTC|BST|CES?T|local\stime)\b"
_HALF = r"[ap]\.?m\b\.?"
_HOUR = r"(?:[01]?\d|2[0-3])"
_MINUTES = rf"(?:\s?{_HALF})?(?:\s?{_ZONE})?"
_CLOSE = r"(?:\]|\)|\s?\+{2,3})?"
_CAPITAL = r"(?=(?-i:[A-ZÀ-Þ0-9“\"'‘(]))"
CLOCK_STAMP = re.compile(
    r"(?:updated?\s)?(?:\[|\(|\+{2,3}\s?)?(?:"
    rf"(?:{_HOUR}[:.h][0-5]\d{_MINUTES}|{_HOUR}\s?{_HALF}){_CLOSE}\s?[—–:|•·-]\s{{0,5}}{_CAPITAL}"
    rf"|(?:{_HOUR}:[0-5]\d{_MINUTES}|{_HOUR}[.h][0-5]\d\s?(?:{_HALF}|{_ZONE})){_CLOSE}\s{{1,5}}"
    rf"{_CAPITAL}(?!{WEEKDAY}))",
    re.IGNORECASE,
)
"""Stamp of an entry of a live blog, at its start: "10:42 — ", "14.05 Uhr: ", "9.15am "."""
_CREDIT = re.compile(
    r"[\[(](?:photo|image|picture|video|file)s?\b[^\])]{0,120}[\])]\s*(?=\S)", re.IGNORECASE
)
_COUNTER = re.compile(
    r"(?:[\[(]\d{1,2}/\d{0,2}[\])]|(?!9/11\b|24/7\b)\d{1,2}/(?:\d{1,2})?[.:)]?)\s+"
    r"(?=[“\"'‘]?[A-Z#@])(?!(?i:committee|commission|panel|riots?|insurrection|memorial)\b)"
)
"""Counter of a post in a thread: "1/6 Veltra", "(2/5) Veltra"."""
_ENTRY = re.compile(r"(?:\(\w{1,3}\)|(?:\d{1,3}|[a-z]|[IVX]{2,4}|[ivx]{2,4})[.)])\s+(?=[“\"'‘A-Z])")
"""Number of an entry or a paragraph: "3. The", "IV. The", "(a) The"."""
_COUNTER_BEHIND = re.compile(
    r"(?:(?<=[.!?”\"…])\s{0,5}\d{1,2}/\d{0,2}|\s{0,5}[\[(]\d{1,2}/\d{0,2}[\])])$"
)
_ADDRESSEES = re.compile(r"^(?:RT\s)?(?:@\w+:?\s+)+")
_CONNECTIVE = re.compile(
    r"^(?:But|And|So|Yet|Or|Plus)\s(?!far\b|that\b|long\b|much\b|many\b)"
    r"|^(?:However|Meanwhile|Moreover|Still|Instead|Then|Thus|Therefore|Also|Additionally|"
    r"Furthermore|In addition|Nevertheless|Nonetheless|Yet|Of course|Indeed|Separately|"
    r"At the same time|In other words|As a result|For (?:example|instance)|Besides|Finally|"
    r"Similarly|Likewise|By contrast|In contrast),\s"
)
ICON = r"[\U0001F000-\U0001FAFF\u2190-\u21FF\u2600-\u27BF\u2B00-\u2BFF\uFE0F\u200D]"
LEAD_IN = re.compile(rf"^(?:{ICON}|[\s•·*▪>|-])+")
_TRIM_TAIL = re.compile(
    rf"(?>\s{{0,5}}(?:#\w{{1,99}}|https?://\S{{1,300}}|www\.\S{{1,300}}|{ICON}"
    r"|pic\.twitter\.com/\S{1,99}"
    r"|\((?:Reporting|Editing|Writing|Photo|Image|Additional reporting)[^)]{0,300}\)"
    r"|\[(?:Photo|Image|Video|Read more|Read|Via)[^\]]{0,300}\]"
    r"|[\[(]?(?:Read|See|Learn|Find out) more[^.]{0,40}[\])]?"
    r"|[|•]\s.{0,300})){1,20}+\s{0,9}$"
)


def strip_dateline(text: str) -> str:
    """The text without the wire dateline at the start of a line: place, date and agency."""
    return _DATELINE.sub("", text)


def dateline_day(text: str, published: dt.date | None) -> dt.date | None:
    """The day in the dateline at the start of an item's text; ``None`` without one.

    Args:
        text: the item's text.
        published: the item's publication day, near which a day without a year lies.
    """
    dateline = _DATELINE.match(text)
    days = (resolve(w, published) for w in mentions(dateline.group()) if w.day) if dateline else ()
    return next((day for found in days for day in found), None)


def trimmed_start(text: str) -> str:
    """The text without what numbers or dates it at its start: bullets, icons, counters, credits,
    the clock stamp of a live blog."""
    kept = text.strip()
    for lead in (LEAD_IN, CLOCK_STAMP, _CREDIT, _STAMPED, _COUNTER, _ENTRY, LEAD_IN):
        found = lead.match(kept)
        kept = kept[found.end() :] if found else kept
    return kept


@cached_by_text
def trim(text: str) -> str:
    """The sentence without the clutter around it.

    Removed at the start: bullets, icons, numbers of entries, a credit, the counter of a thread, the
    time of an update, the clock stamp of a live blog, addressees of a post, a dateline or agency, a
    label ("Why it matters:"), a connective to the sentence before ("But", "Meanwhile,").  Removed
    at the end: hashtags, links, icons, credits, the counter of a thread.
    """
    kept = trimmed_start(text)
    for lead in (_ADDRESSEES, _DATELINE, _LABEL):
        kept = lead.sub("", kept)
    kept = _TRIM_TAIL.sub("", _COUNTER_BEHIND.sub("", _TRIM_TAIL.sub("", kept))).strip()
    without = _CONNECTIVE.sub("", kept)
    if without != kept and without:
        kept = without[0].upper() + without[1:]
    return kept


def label(text: str) -> str:
    """The label at the start of a sentence, in lower case without its colon, or an empty string."""
    found = _LABEL.match(_DATELINE.sub("", text.strip()))
    return found.group(0).rstrip(" :—–|").lower() if found else ""
