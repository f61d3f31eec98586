"""Keys of outcomes, made from the content of what was judged.

A key says nothing of file or line: a row keeps it when its file is renamed or sorted, and a row of
other data never has it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable

DIGITS = 16
"""Hexadecimal digits of a key: two of a million rows share one once in 37 million data sets."""


def content_key(*parts: object) -> str:
    """Hash of values that JSON can hold; keys of objects may stand in any order."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def told_apart(keys: Iterable[str]) -> list[str]:
    """The keys in order; from the second of the same content on with a counter (``…-2``)."""
    seen: Counter[str] = Counter()
    found = []
    for key in keys:
        seen[key] += 1
        found.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return found
