"""On which day the event of a sentence took place, as far as the sentence says so."""

from __future__ import annotations

import datetime as dt
import re

from summarizer.adapters.extractive.dates import days_past
from summarizer.adapters.extractive.material import Material
from summarizer.adapters.extractive.sentences import Sentence
from summarizer.adapters.extractive.usability import outside_quotes

# A day behind these words bounds the event or belongs to another one.
_ANOTHER_EVENT = re.compile(
    r"\b(?:since|until|till|before|by|through|prior to|ahead of|scheduled for|slated for|set for|"
    r"heads? into|due|deadline|"
    r"between|as of|planned for|starting|beginning|following|than|after|from|to|of)\s"
    r"(?:the\s|late\s|early\s|next\s|last\s)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?$"
    r"|\b(?:prior to|before|after|ahead of|until|since|following)\s[^,]{0,40}$",
    re.IGNORECASE,
)
_NAMED_AFTER = re.compile(r"\s(?:attacks?|hijack\w+|victims?|famil\w+|terror\w*|riots?|panel)\b")
_SURELY_PAST = 60  # days
AHEAD = re.compile(
    r"\b(?:will|would|is set|are set|plans? to|expected|is due|upcoming|scheduled|going to|"
    r"intends?|is to|are to|(?:is|are|was|were) due|has until|have until)\b"
)


def day_of_event(material: Material, sentence: Sentence, text: str | None = None) -> dt.date | None:
    """The one past day that a sentence gives for what it tells, or ``None``.

    Args:
        material: the pack the sentence is of.
        sentence: what tells of the event.
        text: what is told of the sentence, when not all of it is.
    """
    bare = sentence.bare if text is None else outside_quotes(text)
    if re.search(r"\bbetween\b|\bavailable\b", bare):
        return None
    days = {
        found.date
        for found in days_past(bare, material.published(sentence))
        if not _ANOTHER_EVENT.search(bare[: found.start])
        and not _NAMED_AFTER.match(bare[found.end :])
        and not AHEAD.search(bare[: found.start])
    }
    if len(days) != 1:
        return None
    day = days.pop()
    published = material.published(sentence)
    if published and day.year != published.year and not re.search(str(day.year), bare):
        # A day without a year that is long past may as well be ahead.
        return day if (published - day).days <= _SURELY_PAST else None
    return day if material.newest is None or day <= material.newest else None
