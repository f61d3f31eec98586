"""Reports that were taken back: what later items withdraw must not be told as if it stood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.domain import EvidencePack, SourceItem

_RETRACTS = re.compile(
    r"\bretract(?:s|ed|ing|ion)?\b|\bwithdr(?:aws?|ew|awn) (?:its|the|our|this) (?:article|story|"
    r"report|claim|post)|\b(?:was|were|is|are) (?:a hoax|fabricated|fake|doctored)\b|"
    r"\bfalse (?:rumou?r|claim|report)|\bdebunked\b",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(
    r"\b(?:this|the) (?:article|story|post|report) (?:has been|was|is) (?:retracted|withdrawn)|"
    r"\b(?:has|have) (?:since )?retracted (?:this|the) (?:article|story|report)",
    re.IGNORECASE,
)
_EARLY = 600  # characters: a retraction says so at the top


def retraction_of(pack: EvidencePack) -> SourceItem | None:
    """The first item that takes an earlier report back, or ``None``."""
    for item in pack.items[1:]:
        if not _OF_ITSELF.search(item.text) and _RETRACTS.search(_head(item)):
            return item
    return None


def withdrawn(pack: EvidencePack, retraction: SourceItem | None) -> frozenset[str]:
    """Keys of items that say of themselves, or of which their outlet says, that they are wrong."""
    return frozenset(
        item.key
        for item in pack.items
        if _OF_ITSELF.search(item.text)
        or (retraction is not None and _takes_back(retraction, item, pack.items))
    )


def _takes_back(retraction: SourceItem, item: SourceItem, items: Sequence[SourceItem]) -> bool:
    own = item.outlet is not None and item.outlet == retraction.outlet
    return own and items.index(item) < items.index(retraction)


def _head(item: SourceItem) -> str:
    return f"{item.title} {item.text[:_EARLY]}"
