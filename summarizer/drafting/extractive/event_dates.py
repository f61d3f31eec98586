"""Dates of events in source sentences."""

from __future__ import annotations

import datetime as dt
import re

from summarizer.drafting.extractive.context import DraftContext
from summarizer.drafting.extractive.filters import outside_quotes
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.dates import WEEKDAY
from summarizer.text.named_days import MONTH, days_past
from summarizer.text.schedules import is_aside

# A day after these words is a limit ("until Monday") or the day of another event.
_ANOTHER_EVENT = re.compile(
    r"\b(?:since|until|till|before|by|through|prior to|ahead of|scheduled for|slated for|set for|"
    r"heads? into|due|deadline|"
    r"between|as of|planned for|starting|beginning|following|than|after|from|to|of)\s"
    rf"(?:the\s|late\s|early\s|next\s|last\s)?(?:{WEEKDAY},?\s)?$"
    r"|\b(?:prior to|before|after|ahead of|until|since|following|deadline)\s[^,]{0,40}$"
    r"|\bby\s(?:midnight|noon|[\d:.]{1,5}(?:\s?[ap]\.?m\.?)?)\s(?:on\s)?$"
    r"|\b(?:born|birth|DOB)\b[^;]{0,60}$",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:[–—-]|\s[–—-]\s|\s(?:to|through|until|till)\s)(?:{WEEKDAY}|{MONTH}|\d{{1,2}})\b"
)
_NAMED_AFTER = re.compile(r"\s(?:attacks?|hijack\w+|victims?|famil\w+|terror\w*|riots?|panel)\b")
_SURELY_PAST = 60
"""Days before publication beyond which a date without a year may mean the coming year."""

AHEAD = re.compile(
    r"\b(?:will|would|is set|are set|plans? to|expected|is due|upcoming|scheduled|going to|"
    r"intends?|is to|are to|(?:is|are|was|were) due|has until|have until)\b"
)


def day_of_event(
    context: DraftContext, sentence: Sentence, text: str | None = None
) -> dt.date | None:
    """The past day that a sentence gives for its event; ``None`` if it names none or several.

    Args:
        context: context of the draft.
        sentence: the sentence about the event.
        text: shortened text of the sentence; defaults to all of it.
    """
    bare = sentence.bare if text is None else outside_quotes(text)
    if re.search(r"\bbetween\b|\bavailable\b", bare, re.IGNORECASE):
        return None
    written = sentence.written
    past = days_past(bare, written)
    if any(_RANGE.match(bare[found.end :]) for found in past):
        return None
    days = {
        found.date
        for found in past
        if not _ANOTHER_EVENT.search(bare[: found.start])
        and not _NAMED_AFTER.match(bare[found.end :])
        and not AHEAD.search(bare[: found.start])
        and not is_aside(bare, found.start)
    }
    if len(days) != 1:
        return None
    day = days.pop()
    if written and day.year != written.year and not re.search(str(day.year), bare):
        # A day without a year that is long past may mean the coming year.
        return day if (written - day).days <= _SURELY_PAST else None
    return day if context.newest is None or day <= context.newest else None
