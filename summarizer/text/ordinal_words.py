"""Ordinals in words, up to "thirty-first" and further."""

from __future__ import annotations

import re

ORDINALS = (
    *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
    *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
    *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
_VALUE = {word: n for n, word in enumerate(ORDINALS)} | {"thirtieth": 30}
ORDINAL_WORD = rf"(?:(?:twenty|thirty)[\s-](?:{'|'.join(ORDINALS[1:10])})|{'|'.join(_VALUE)})"
"""Pattern of an ordinal in words, for larger patterns."""


def ordinal_value(words: str) -> int:
    """The number of an ordinal in words."""
    *tens, last = re.split(r"[\s-]+", words.casefold())
    return _VALUE[last] + (20 if tens == ["twenty"] else 30 if tens else 0)
