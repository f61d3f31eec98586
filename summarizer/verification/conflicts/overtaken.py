"""Overtaken plans: announcements that a later source calls off, moves or tells as past."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.text.called_off import calls_off, overtakes, refuses
from summarizer.text.named_days import deadlines_in
from summarizer.text.schedules import announces
from summarizer.text.sentences import sentences
from summarizer.verification.recent_packs import remembered

_HEADLINE = re.compile(r"^(?:[\w’'.-]{1,30} ){1,6}to [a-z]+\b")
"""A plan in a headline: "Skylance to launch crewed flight"."""

_STANDS = re.compile(
    r"\b(?:will|(?:is|are) (?:to|set|due|scheduled|expected|slated)|plans? to|expects? to)\b"
)
"""Words of a plan that is still ahead."""


def overtaken(text: str, cites: Collection[str], pack: EvidencePack) -> Passage | None:
    """The passage of a later item that calls off or moves what a sentence announces.

    Args:
        text: a sentence.
        cites: ids of its passages; all must be dated.
        pack: the evidence.
    """
    if calls_off(text) or not (announces(text) or _HEADLINE.match(text)):
        return None
    told = [pack.item(p.item_key).published_at for id_ in cites if (p := pack.passage(id_))]
    times = [at for at in told if at is not None]
    if not times or len(times) < len(told):
        return None
    for item, passage, sentence in _calling_off(pack):
        later = item.published_at is not None and item.published_at > max(times)
        if later and passage.id not in cites and overtakes(sentence, text):
            return passage
    return None


def is_over(text: str, published: dt.date | None, newest: dt.date | None) -> bool:
    """Whether a sentence says that something lies ahead whose day the newest item has passed."""
    if newest is None or not _STANDS.search(text):
        return False
    days = [found.date for found in deadlines_in(text, published)]
    return bool(days) and max(days) < newest


@remembered
def _calling_off(pack: EvidencePack) -> tuple[tuple[SourceItem, Passage, str], ...]:
    """The sentences of a pack that call something off or refuse it, with where they stand."""
    found = [
        (pack.item(p.item_key), p, text)
        for p in pack.passages
        for span in sentences(p.text)
        if calls_off(text := p.text[span.start : span.end]) or refuses(text)
    ]
    return tuple(found)
