"""What was computed of the last few evidence packs: a draft, its monitor and its page ask alike."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from summarizer.domain.evidence import EvidencePack

T = TypeVar("T")
REMEMBERED = 4
"""Packs whose results each function keeps."""


def remembered(build: Callable[[EvidencePack], T]) -> Callable[[EvidencePack], T]:
    """Keep the results of a function for the last few packs.

    A stored draft comes back with an equal pack that is another object: it gets the same result,
    and is from then on known by identity, since comparing passages costs more than most lookups.
    """
    recent: list[tuple[EvidencePack, T]] = []
    lock = threading.Lock()

    @wraps(build)
    def of(pack: EvidencePack) -> T:
        with lock:
            kept = list(recent)
        for known, result in kept:
            if known is pack:
                return result
        equal = [result for known, result in kept if known == pack]
        made = equal[0] if equal else build(pack)
        with lock:
            recent.insert(0, (pack, made))
            del recent[REMEMBERED:]
        return made

    return of
