"""Most characters and entries of what comes from outside, the same at every interface.

Lengths were chosen from 150,000 claims and 25,000 texts of news, posts and filings.  Each is a
multiple of the longest that was met, which its description gives.
"""

from __future__ import annotations

from summarizer.errors import InputError

TEXT = 1_000_000
"""Text of an item: a filing of 500 pages, which takes minutes to index; met: 100,000."""

SOURCE_TEXT = 1_000_000
"""All sources of one claim together; met: 103,000."""

CLAIM = 3_000
"""A claim: met: 760 in a sentence, 2,340 in a whole answer."""

NAME = 2_000
"""Any other field of an item, such as title, URL or author; met: 520."""

SOURCES = 100
"""Sources of one claim; met: 13."""

EXTRA = 100_000
"""Fields of an item that are kept but not read, as JSON."""

COUNTS = 100
"""Counts of engagement of an item."""

CITES = 50
"""Passages that one claim of an editor cites."""

CLAIMS = 200
"""Claims of a section in one request, ten times those that a section shows."""

INSTRUCTION = 1_000
"""An editor's instruction to the drafter: a sentence or two, not another prompt."""

REASON = 2_000
"""An editor's reason for showing a sentence, an actor and its fields, or the criterion of a
forecast."""

REPORT = 2_000
"""A reader's report of an inaccuracy."""

LENGTHS = {
    "text": CLAIM,
    "actor": REASON,
    "office": REASON,
    "replies_to": REASON,
    "criterion": REASON,
}
"""Most characters of the fields of a claim, by name."""

NOTE = 10_000
"""An editor's note on a review or a forecast."""

QUERY = 500
"""A search query."""


def checked(text: str, most: int, field: str) -> str:
    """The text, if it has at most ``most`` characters.

    Raises:
        InputError: it has more; the message names the field, its length and the limit.
    """
    if len(text) > most:
        raise InputError(f"Field {field!r} {too_long(text, most)}.", field=field)
    return text


def too_long(text: str, most: int) -> str:
    """Message on a text that exceeds a limit, without its subject."""
    return f"has {len(text):,} characters; at most {most:,} are taken"
