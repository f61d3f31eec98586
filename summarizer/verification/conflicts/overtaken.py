"""Overtaken sentences: plans that a later source calls off, moves or tells as past, and states that
it tells the end of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.text import changes
from summarizer.text.called_off import calls_off, overtakes, refuses
from summarizer.text.named_days import deadlines_in
from summarizer.text.parse import parse
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
    a state which it tells as going on has ended.

    Args:
        text: a sentence.
        cites: ids of its passages; all must be dated.
        pack: the evidence.
    """
    if found := next(_ends(text, cites, pack, changes.lasting), None):
        return found
    if calls_off(text) or not (announces(text) or _HEADLINE.match(text)):
        return None
    since = _told_at(cites, pack)
    newer = (one for one in _calling_off(pack) if since and _is_after(one[0], since))
    return next((p for _, p, s in newer if p.id not in cites and overtakes(s, text)), None)


def ended_since(text: str, cites: Collection[str], pack: EvidencePack) -> Passage | None:
    """The passage of a later item that tells the end of what a sentence tells as begun: "the city
    banned scooters", and later "a court overturned the ban"."""
    return next(_ends(text, cites, pack, changes.told), None)


@remembered
def endings(pack: EvidencePack) -> frozenset[str]:
    """Ids of the passages that tell the end of what an older item tells as begun or going on."""
    lines = _lines(pack) if _ending(pack) else ()
    return frozenset(
        end.id for _, p, text in lines for end in _ends(text, (p.id,), pack, changes.told)
    )


def _ends(
    text: str,
    cites: Collection[str],
    pack: EvidencePack,
    read: Callable[[str], frozenset[changes.State]],
) -> Iterator[Passage]:
    """The passages of later items that tell the end of a state which a sentence tells."""
    over = _ending(pack)
    since = _told_at(cites, pack) if over else None
    newer = [one for one in over if since and _is_after(one.item, since)]
    states = read(text) if newer else ()
    for one in newer:
        found = (changes.ends(end, state) for end in one.ended for state in states)
        if one.passage.id not in cites and any(found):
            yield one.passage


def _told_at(cites: Collection[str], pack: EvidencePack) -> dt.datetime | None:
    """When the newest of some passages was told; ``None`` unless all are dated."""
    told = [pack.item(p.item_key).published_at for id_ in cites if (p := pack.passage(id_))]
    times = [at for at in told if at is not None]
    return max(times, default=None) if len(times) == len(told) else None


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


class _Ending(NamedTuple):
    item: SourceItem
    passage: Passage
    ended: frozenset[changes.State]


@remembered
def _ending(pack: EvidencePack) -> tuple[_Ending, ...]:
    """The sentences of a pack that tell the end of a state."""
    parse(to_read(pack))
    found = (_Ending(item, passage, changes.ended(text)) for item, passage, text in _lines(pack))
    return tuple(one for one in found if one.ended)


def to_read(pack: EvidencePack) -> list[str]:
    """The sentences of a pack that are parsed, to be parsed together with others."""
    return changes.to_read(sentence for *_, sentence in _lines(pack))


def read_evidence(pack: EvidencePack) -> None:
    """Read what is found once of a pack; it is kept."""
    _ending(pack)
    _calling_off(pack)


def _lines(pack: EvidencePack) -> Iterator[_Line]:
    for passage in pack.passages:
        for span in sentences(passage.text):
            yield pack.item(passage.item_key), passage, passage.text[span.start : span.end]
