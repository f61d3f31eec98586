"""Evidence for checking a claim: the passages it cites, and all others of the pack."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.text.tokens import coverage, fold, read


@dataclass(frozen=True)
class CitedText:
    """One source text: a passage of a pack, or a whole source in stateless verification.

    Args:
        id: id of the passage or source.
        item: key of its item; equal to ``id`` for a whole source.
        n: position within the item.
        published: day of the item's publication, UTC.
        bylines: author, and outlet if the item has the host of most of the outlet's items.
        title: title of the item.
        outlet: outlet that the item names, whether true or not; empty without one.
        origin: origin of the item; texts of one origin are one source.
        start: offset of the text in the item's text.
    """

    id: str
    text: str
    item: str
    n: int = 1
    published: dt.date | None = None
    bylines: tuple[str, ...] = ()
    title: str = ""
    outlet: str = ""
    origin: str = ""
    start: int = 0


@dataclass(frozen=True)
class CitedEvidence:
    """The texts that one claim cites, among all texts of the evidence.

    Args:
        cited: cited texts in the claim's order, without repeats.
        known: all texts, including the cited ones, in order of items and positions.
    """

    cited: tuple[CitedText, ...]
    known: tuple[CitedText, ...]

    @cached_property
    def text(self) -> str:
        """All cited texts joined by line breaks, for checks that search them together."""
        return "\n".join(g.text for g in self.cited)

    @property
    def origins(self) -> frozenset[str]:
        """Independent origins of the cited texts."""
        return frozenset(g.origin for g in self.cited)

    def others(self) -> tuple[CitedText, ...]:
        """Texts that the claim does not cite."""
        cited = {g.id for g in self.cited}
        return tuple(g for g in self.known if g.id not in cited)

    def before(self, ground: CitedText, reach: int) -> tuple[CitedText, ...]:
        """Up to ``reach`` texts before a text in its item, nearest first."""
        near = (g for g in self.known if g.item == ground.item and 0 < ground.n - g.n <= reach)
        return tuple(sorted(near, key=lambda g: -g.n))

    def better(self, claim: str, holds: Callable[[CitedText], bool]) -> str | None:
        """Id of the uncited text most similar to the claim among those that pass a test, if any."""
        words = read(claim).content_set
        found = [g for g in self.others() if holds(g)]
        if not found:
            return None
        return max(found, key=lambda g: coverage(words, read(g.text).content_set)).id


class EvidenceIndex:
    """Texts of one evidence pack by passage id; built once for each draft.

    Attributes:
        pack: the evidence pack.
        known: all its texts, in order.
    """

    def __init__(self, pack: EvidencePack) -> None:
        self.pack = pack
        items = {item.key: item for item in pack.items}
        strange = _at_strange_addresses(pack.items)
        self.known = tuple(
            _ground(p, items[p.item_key], p.item_key not in strange) for p in pack.passages
        )
        self._by_id = {g.id: g for g in self.known}

    def has(self, passage_id: str) -> bool:
        """Whether the pack has a passage with that id."""
        return passage_id in self._by_id

    def grounds(self, cites: Sequence[str]) -> CitedEvidence:
        """Cited evidence for passage ids; unknown ids are ignored."""
        ids = dict.fromkeys(cites)
        return CitedEvidence(tuple(self._by_id[i] for i in ids if i in self._by_id), self.known)


def of_texts(sources: Sequence[tuple[str, str]]) -> CitedEvidence:
    """Cited evidence in stateless verification: every (id, text) counts as cited."""
    found = tuple(CitedText(id=i, text=text, item=i, origin=i) for i, text in sources)
    return CitedEvidence(found, found)


def _at_strange_addresses(items: Sequence[SourceItem]) -> frozenset[str]:
    """Keys of items whose host is not the host of most items of their outlet.

    Anyone can send an item under an outlet's name, so such an item does not prove a statement of
    the outlet.  Neither does an item without a URL when others have one, or any item when no host
    has a majority.
    """
    found: set[str] = set()
    by_outlet: dict[str, list[SourceItem]] = {}
    for item in items:
        if item.outlet:
            by_outlet.setdefault(fold(item.outlet), []).append(item)
    for of_outlet in by_outlet.values():
        sites = Counter(site for item in of_outlet if (site := _site(item.url)))
        if not sites:
            continue
        site, most = sites.most_common(1)[0]
        own = site if most * 2 > sites.total() else None
        found |= {item.key for item in of_outlet if not own or _site(item.url) != own}
    return frozenset(found)


def _site(url: str | None) -> str:
    """Host of a URL without "www."; empty without a URL."""
    return (urlsplit(url or "").hostname or "").removeprefix("www.")


def _ground(passage: Passage, item: SourceItem, own_outlet: bool) -> CitedText:
    return CitedText(
        id=passage.id,
        text=passage.text,
        item=item.key,
        n=passage.n,
        published=item.published_at.date() if item.published_at else None,
        bylines=tuple(n for n in (item.outlet if own_outlet else None, item.author) if n),
        title=item.title,
        outlet=item.outlet or "",
        origin=item.origin,
        start=passage.start,
    )


@dataclass(frozen=True)
class Aligned:
    """A source sentence similar to a claim.

    Args:
        recall: share of the claim's content stems in the sentence, 0–1.
    """

    ground: CitedText
    text: str
    start: int
    end: int
    recall: float


def align(claim: str, grounds: Sequence[CitedText], limit: int = 3) -> list[Aligned]:
    """Sentences that share the most content stems with a claim, best first, at most ``limit``."""
    words = read(claim).content_set
    found = []
    for ground in grounds:
        reading = read(ground.text)
        for span, content in zip(reading.spans, reading.sentence_contents, strict=True):
            share = coverage(words, content)
            if share > 0:
                found.append((share, ground, span))
    found.sort(key=lambda f: -f[0])
    return [
        Aligned(ground, ground.text[span.start : span.end], span.start, span.end, share)
        for share, ground, span in found[:limit]
    ]
