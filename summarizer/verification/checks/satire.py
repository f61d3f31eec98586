"""Satire: an item that calls itself satire or invented proves nothing, in none of its passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.quotations import verbatim_free
from summarizer.text.tokens import read
from summarizer.verification.evidence import CitedEvidence, CitedText

DECLARING_WORDS = 12
"""Of the longest sentence in which an item declares what it is; longer ones tell of others."""

_JOKE = r"(?:satire|parody|spoof|joke|hoax|fiction(?:al)?|satirical|humou?r|made[ -]up|invented)"
_UNSERIOUS = re.compile(
    rf"^\W*{_JOKE}\W*$"
    r"|^\W*(?:this|the following|what follows|the above)\s+"
    r"(?:(?:story|article|post|item|text|piece)\s+)?(?:is|was)\s+"
    rf"(?:(?:all|an?|our|purely?|entirely?|completely?|only|april|fools?['’]?)\s+)*{_JOKE}\b"
    rf"|^\W*(?:from|in)\s+(?:our|the)\s+(?:{_JOKE}|april(?: fools?['’]?)?)\s+"
    r"(?:page|column|section|desk|issue|edition)\b"
    r"|\b(?:all of it|everything (?:here|in it|above|below)) (?:is |was )?"
    r"(?:made up|invented|fiction)"
    r"|^\W*(?:none|nothing) (?:of (?:it|this)|here) (?:is|was) true\b",
    re.IGNORECASE,
)


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail any claim that cites an item which declares itself invented."""
    joking = _joking(grounds.known)
    for ground in grounds.cited:
        if ground.item in joking:
            reason = (
                f"The cited passage {ground.id} stands in an item that declares itself satire or "
                "invented; it proves nothing."
            )
            return [Failure(check="satire", reason=reason, label=VerdictLabel.UNSUPPORTED)]
    return []


@lru_cache(maxsize=4)
def _joking(known: tuple[CitedText, ...]) -> frozenset[str]:
    """Keys of the items that declare themselves invented: in the title, or where they begin or
    end."""
    items: dict[str, list[CitedText]] = {}
    for ground in known:
        items.setdefault(ground.item, []).append(ground)
    return frozenset(key for key, grounds in items.items() if _declares(grounds))


def _declares(item: Sequence[CitedText]) -> bool:
    inside = sorted(item, key=lambda g: (g.n, g.start))
    texts = [inside[0].title]
    for ground in {inside[0].id: inside[0], inside[-1].id: inside[-1]}.values():
        spans = read(ground.text).spans
        texts += [ground.text[s.start : s.end] for s in {*spans[:2], *spans[-2:]}]
    return any(
        len(text.split()) <= DECLARING_WORDS and _UNSERIOUS.search(verbatim_free(text, text))
        for text in texts
    )
