"""Boilerplate: text about the page itself, and clutter around a sentence."""

from __future__ import annotations

import re

_BOILERPLATE = re.compile(
    r"newsletter|sign up|subscri(?:be|ption|bers? only)|this (?:story|article|post|"
    r"page) (?:has been|"
    r"was|will be|is being) (?:updated|corrected|published|developing)|all rights reserved|"
    r"copyright|cookie|terms of (?:use|service) apply|click here|advertis(?:ement|ing partner)|"
    r"follow us|read more|read the full|watch (?:the video|live|below|more)|"
    r"(?:photo|image|picture|video|file)(?: credit| by|:)|getty images|/(?:ap|afp|reuters)\b|"
    r"contributed to this (?:report|story)|(?:reporting|editing|writing) by\b|"
    r"this is a (?:breaking|developing)|more (?:details|information) to follow|"
    r"share this|leave a comment|affiliate (?:link|commission)|our privacy policy|"
    r"download (?:the|our) app|find out more|learn more|listen to (?:the|our) (?:podcast|episode)",
    re.IGNORECASE,
)


def is_boilerplate(text: str) -> bool:
    """Whether a passage is about its own page (newsletter, credits, links), not about events."""
    return _BOILERPLATE.search(text) is not None


_DATELINE = re.compile(
    r"""^(?:
        (?:[A-Z][\w.'’/]*,?\s|\d{1,2},?\s|[A-Z]{2,}[\w.'’/]*,?\s){0,5}  # LONDON, May 4
        \([A-Z][\w ./&]{1,30}\)\s*(?:[—–―]|--|-\s|:)?\s*                 # (Wire) —
      | (?:[A-Z]{2,}[A-Z.'’/]*,?\s)(?:[A-Z][\w.'’/]*,?\s|\d{1,2},?\s){0,4}(?:[—–―]|--|-\s)\s*
    )(?=[“"'‘]?[A-Z0-9])""",
    re.VERBOSE,
)
_LABEL = re.compile(
    r"^(?:Why it matters|The big picture|Driving the news|What(?:'|’)s (?:next|new|happening)|"
    r"Between the lines|Zoom (?:in|out)|State of play|The latest|Catch up quick|Context|Details|"
    r"Go deeper|Background|Our thought bubble|By the numbers|What they(?:'|’)re saying|"
    r"Breaking(?: news)?|BREAKING(?: NEWS)?|EXCLUSIVE|Exclusive|JUST IN|UPDATED?|Updated?|"
    r"Correction|CORRECTION|News|NEWS|THREAD|Thread|Statement|STATEMENT|"
    r"(?:PUBLISHED|POSTED|UPDATED) [A-Z]{3,9} \d{1,2}, \d{4})\s*[:—–|]\s+"
)
_ADDRESSEES = re.compile(r"^(?:RT\s)?(?:@\w+:?\s+)+")
_CONNECTIVE = re.compile(
    r"^(?:But|And|So|Yet|Or|Plus)\s(?!far\b|that\b|long\b|much\b|many\b)"
    r"|^(?:However|Meanwhile|Moreover|Still|Instead|Then|Thus|Therefore|Also|Additionally|"
    r"Furthermore|In addition|Nevertheless|Nonetheless|Yet|Of course|Indeed|Separately|"
    r"At the same time|In other words|As a result|For (?:example|instance)|Besides|Finally|"
    r"Similarly|Likewise|By contrast|In contrast),\s"
)
_ICON = r"[\U0001F000-\U0001FAFF\u2190-\u21FF\u2600-\u27BF\u2B00-\u2BFF\uFE0F\u200D]"
_LEAD_IN = re.compile(rf"^(?:{_ICON}|[\s•·*▪>|-])+")
_TRIM_TAIL = re.compile(
    rf"(?:\s*(?:#\w+|https?://\S+|www\.\S+|{_ICON}|pic\.twitter\.com/\S+"
    r"|\((?:Reporting|Editing|Writing|Photo|Image|Additional reporting)[^)]*\)"
    r"|\[(?:Photo|Image|Video|Read more|Read|Via)[^\]]*\]"
    r"|[\[(]?(?:Read|See|Learn|Find out) more[^.]{0,40}[\])]?"
    r"|[|•]\s.*))+\s*$"
)
_OPENED_NEXT = re.compile(r"(?<=[.!?…”\"’])\s+[“\"‘]$")


def trim(text: str) -> str:
    """The sentence without the clutter around it.

    Removed at the start: bullets, icons, addressees of a post, a dateline or agency, a label
    ("Why it matters:"), a connective to the sentence before ("But", "Meanwhile,").  Removed at the
    end: hashtags, links, icons, credits, an opening quotation mark of the next sentence.
    """
    kept = _LEAD_IN.sub("", text.strip())
    for lead in (_ADDRESSEES, _DATELINE, _LABEL):
        kept = lead.sub("", kept)
    kept = _OPENED_NEXT.sub("", _TRIM_TAIL.sub("", kept)).strip()
    without = _CONNECTIVE.sub("", kept)
    if without != kept and without:
        kept = without[0].upper() + without[1:]
    return kept


def label(text: str) -> str:
    """The label at the start of a sentence, in lower case without its colon, or an empty string."""
    found = _LABEL.match(_DATELINE.sub("", text.strip()))
    return found.group(0).rstrip(" :—–|").lower() if found else ""
