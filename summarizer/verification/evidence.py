"""What a claim is checked against: the passages it cites, and the others it could have cited."""

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
        id: of the passage or source.
        item: key of the item it belongs to; equal to ``id`` for a whole source.
        n: position within the item.
        published: day on which the item was published, UTC.
        bylines: names that come with the item rather than its text: outlet, author.  An outlet
            counts only at the address that most of its items have.
        title: of the item.
        outlet: whose name the item bears, own or borrowed; empty when there is none.
        origin: of the item; grounds that share it are one source.
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
    """The cited grounds of one claim, and every ground that is known.

    Args:
        cited: what the claim cites, in its order, without repeats.
        known: all grounds, in order of items and positions; holds the cited ones.
    """

    cited: tuple[CitedText, ...]
    known: tuple[CitedText, ...]

    @cached_property
    def text(self) -> str:
        """All cited texts together; checks that look for words anywhere look here."""
        return "\n".join(g.text for g in self.cited)

    @property
    def origins(self) -> frozenset[str]:
        """The independent origins among the cited grounds."""
        return frozenset(g.origin for g in self.cited)

    def others(self) -> tuple[CitedText, ...]:
        """Known grounds that the claim doesn't cite."""
        cited = {g.id for g in self.cited}
        return tuple(g for g in self.known if g.id not in cited)

    def before(self, ground: CitedText, reach: int) -> tuple[CitedText, ...]:
        """The up to ``reach`` grounds that stand before one in its item, nearest first."""
        near = (g for g in self.known if g.item == ground.item and 0 < ground.n - g.n <= reach)
        return tuple(sorted(near, key=lambda g: -g.n))

    def better(self, claim: str, holds: Callable[[CitedText], bool]) -> str | None:
        """Id of the uncited ground that passes a test and is most like the claim, if any."""
        words = read(claim).content_set
        found = [g for g in self.others() if holds(g)]
        if not found:
            return None
        return max(found, key=lambda g: coverage(words, read(g.text).content_set)).id


class EvidenceIndex:
    """The grounds of one evidence pack by citation, built once a draft and passed along.

    Attributes:
        pack: the evidence.
        known: every ground of it, in order.
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
        """Whether the pack holds a passage with that id."""
        return passage_id in self._by_id

    def grounds(self, cites: Sequence[str]) -> CitedEvidence:
        """The grounds of a claim; unknown ids are left out."""
        ids = dict.fromkeys(cites)
        return CitedEvidence(tuple(self._by_id[i] for i in ids if i in self._by_id), self.known)


def of_texts(sources: Sequence[tuple[str, str]]) -> CitedEvidence:
    """The grounds of a claim in stateless verification: all of (id, text) count as cited."""
    found = tuple(CitedText(id=i, text=text, item=i, origin=i) for i, text in sources)
    return CitedEvidence(found, found)


def _at_strange_addresses(items: Sequence[SourceItem]) -> frozenset[str]:
    """Keys of items that bear the name of an outlet most of whose items come from elsewhere.

    Anybody can send an item under an honest outlet's name, and where its addresses are evenly
    divided nobody can tell which is its own.  Such an item proves nothing of what the outlet says,
    nor does one without an address where others have one.
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
    """The host of an address without "www."; nothing for an item without an address."""
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
    """The cited sentence that is most like a claim.

    Args:
        recall: share of the claim's content stems in it, 0–1.
    """

    ground: CitedText
    text: str
    start: int
    end: int
    recall: float


def align(claim: str, grounds: Sequence[CitedText], limit: int = 3) -> list[Aligned]:
    """The sentences of some grounds that share most content with a claim, best first."""
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
