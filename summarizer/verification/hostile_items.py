"""Items that give orders to a model: what they say proves nothing, and is never recommended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from summarizer.text.prompt_injection import steers

if TYPE_CHECKING:  # the index of the evidence asks which of its texts are tainted
    from summarizer.verification.evidence import CitedText

_NICKNAME = re.compile(
    r"(?!(?:system|assistant|developer|user|human|admin|note|important|attention)\b)"
    r"(?:@|u/)?[a-z0-9][a-z0-9_.-]{2,30}\s?:\s"
)
"""A reader's comment, as forums and articles show it: a nickname in lower case and a colon."""


@lru_cache(maxsize=4)
def tainted(known: tuple[CitedText, ...]) -> frozenset[str]:
    """Ids of the passages that prove nothing: of items that give orders in their own voice, and of
    commenters who do."""
    items: dict[str, list[CitedText]] = {}
    for ground in known:
        items.setdefault(ground.item, []).append(ground)
    return frozenset(id_ for item in items.values() for id_ in _tainted_in(item))


def _tainted_in(item: Sequence[CitedText]) -> list[str]:
    voice, voices, steering = 0, {}, set()  # 0 is the item itself; its commenters count from 1
    if any(steers(text) for text in (item[0].title, *item[0].bylines)):
        steering.add(0)
    for ground in sorted(item, key=lambda g: g.n):
        voice += bool(_NICKNAME.match(ground.text))
        voices[ground.id] = voice
        if steers(ground.text):
            steering.add(voice)
    return [id_ for id_, voice in voices.items() if 0 in steering or voice in steering]
