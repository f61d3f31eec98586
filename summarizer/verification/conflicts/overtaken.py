"""Overtaken sentences: plans that a later source calls off, moves or tells as past, and states that
it tells the end of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.text import passing_states
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
    """The passage of a later item that calls off or moves what a sentence announces, or tells that
    a state which it tells has ended.

    Args:
        text: a sentence.
        cites: ids of its passages; all must be dated.
        pack: the evidence.
    """
    plan = not calls_off(text) and bool(announces(text) or _HEADLINE.match(text))
    over = _passing(pack)
    states = passing_states.told(text) if over else frozenset()
    if not plan and not states:
        return None
    told = [pack.item(p.item_key).published_at for id_ in cites if (p := pack.passage(id_))]
    times = [at for at in told if at is not None]
    if not times or len(times) < len(told):
        return None
    newer = [(i, p, s) for i, p, s in (*_calling_off(pack), *over) if _is_after(i, max(times))]
    for _, passage, sentence in newer:
        ended = not states.isdisjoint(passing_states.passed(sentence))
        if passage.id not in cites and (ended or (plan and overtakes(sentence, text))):
            return passage
    return None


def _is_after(item: SourceItem, at: dt.datetime) -> bool:
    return item.published_at is not None and item.published_at > at


def is_over(text: str, published: dt.date | None, newest: dt.date | None) -> bool:
    """Whether a sentence says that something lies ahead whose day the newest item has passed."""
    if newest is None or not _STANDS.search(text):
        return False
    days = [found.date for found in deadlines_in(text, published)]
    return bool(days) and max(days) < newest


_Line = tuple[SourceItem, Passage, str]


@remembered
def _calling_off(pack: EvidencePack) -> tuple[_Line, ...]:
    """The sentences of a pack that call something off or refuse it, with where they stand."""
    return tuple(one for one in _lines(pack) if calls_off(one[2]) or refuses(one[2]))


@remembered
def _passing(pack: EvidencePack) -> tuple[_Line, ...]:
    """The sentences of a pack that tell the end of a state."""
    return tuple(one for one in _lines(pack) if passing_states.passed(one[2]))


def _lines(pack: EvidencePack) -> Iterator[_Line]:
    for passage in pack.passages:
        for span in sentences(passage.text):
            yield pack.item(passage.item_key), passage, passage.text[span.start : span.end]
