"""A cache for analyses of texts, bounded by characters."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")
REMEMBERED_CHARACTERS = 2_000_000
"""Characters of text whose analyses one cache keeps; about 20 sources of 100 KB."""


def cached_by_text(analyse: Callable[[str], T]) -> Callable[[str], T]:
    """Keep the results of an analysis of texts, forgetting the least recently used.

    The budget counts characters, not entries, so that a stream of large sources stays small in
    memory while thousands of passages fit.
    """
    kept: OrderedDict[str, T] = OrderedDict()
    lock = threading.Lock()
    size = 0

    @wraps(analyse)
    def recall(text: str) -> T:
        nonlocal size
        with lock:
            if text in kept:
                kept.move_to_end(text)
                return kept[text]
        result = analyse(text)
        with lock:
            if text not in kept:
                kept[text] = result
                size += len(text) + 100
            while size > REMEMBERED_CHARACTERS and len(kept) > 1:
                size -= len(kept.popitem(last=False)[0]) + 100
        return result

    return recall
