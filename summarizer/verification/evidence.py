"""Evidence for checking a claim: the passages it cites, and all others of the pack."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from summarizer.domain.evidence import Evidence, EvidencePack
from summarizer.domain.items import ItemKey, Passage, PassageId, SourceItem
from summarizer.text.boilerplate import trim
from summarizer.text.dates import mentions
from summarizer.text.line_wraps import Unwrapped, unwrap
from summarizer.text.relative_days import style_of, with_dates
from summarizer.text.retractions import find_retractions
from summarizer.text.sentences import Span
from summarizer.text.text_key import text_key
from summarizer.text.tokens import coverage, fold, read
from summarizer.verification.hostile_items import tainted
from summarizer.verification.recent_packs import remembered


@dataclass(frozen=True, eq=False)
class CitedText:
    """One source text: a passage of a pack, or a whole source in stateless verification.

    Compared and hashed by identity: what is kept for all texts of an evidence is looked up for each
    claim, and hashing their words takes longer than most checks.

    Args:
        id: id of the passage or source.
        item: key of its item; equal to ``id`` for a whole source.
        n: position within the item.
        published: day of the item's publication, UTC.
        bylines: author, and outlet if the item has the host of most of the outlet's items.
        title: title of the item.
        outlet: outlet that the item names, whether true or not; empty without one.
        source: display name of the item's source.
        origin: origin of the item, or of the sentence; texts of one origin are one source.
        withdrawn: whether the item was taken back as a whole.
        start: offset of the text in the item's text.
        wrapped: a whole source as sent, whose wrapped lines are joined in ``text``.
    """

    id: str
    text: str
    item: str
    n: int = 1
    published: dt.date | None = None
    bylines: tuple[str, ...] = ()
    title: str = ""
    outlet: str = ""
    source: str = ""
    origin: str = ""
    withdrawn: bool = False
    start: int = 0
    wrapped: Unwrapped | None = None

    def evidence(self, span: Span) -> Evidence:
        """A span of the text as evidence, as it stands in the item's text or the source as sent."""
        start, end = span if self.wrapped is None else self.wrapped.given_span(span)
        text = self.text if self.wrapped is None else self.wrapped.given
        return Evidence(
            source=self.id, start=self.start + start, end=self.start + end, text=text[start:end]
        )


@dataclass(frozen=True)
class CitedEvidence:
    """The texts that one claim cites, among all texts of the evidence.

    Args:
        cited: cited texts in the claim's order, without repeats.
        known: all texts, including the cited ones, in order of items and positions.
        advises: whether a failed check looks for a better text to cite; not where it only matters
            that it failed.
    """

    cited: tuple[CitedText, ...]
    known: tuple[CitedText, ...]
    advises: bool = True

    @cached_property
    def text(self) -> str:
        """All cited texts joined by line breaks, for checks that search them together."""
        return "\n".join(g.text for g in self.cited)

    @property
    def origins(self) -> frozenset[str]:
        """Independent origins of the cited texts."""
        return frozenset(g.origin for g in self.cited)

    def reporters(self, claim: str) -> tuple[str, ...]:
        """Outlets and authors of the cited texts that a claim names, in order."""
        said = fold(claim)
        names = dict.fromkeys(name for g in self.cited for name in g.bylines)
        return tuple(n for n in names if fold(n.removeprefix("The ")) in said)

    def dated(self, claim: str) -> CitedEvidence:
        """The cited texts with dates, in the claim's style, in place of their relative days, if the
        claim gives a day."""
        if not any(when.day for when in mentions(claim)):
            return self
        style = style_of(claim)
        cited = tuple(
            replace(g, text=text)
            if (text := with_dates(g.text, g.published, style)) != g.text
            else g
            for g in self.cited
        )
        return replace(self, cited=cited)

    def others(self) -> tuple[CitedText, ...]:
        """Texts that the claim does not cite and could, without those of items that give orders."""
        barred = {g.id for g in self.cited} | tainted(self.known)
        return tuple(g for g in self.known if g.id not in barred)

    def before(self, ground: CitedText, reach: int) -> tuple[CitedText, ...]:
        """Up to ``reach`` texts before a text in its item, nearest first."""
        near = (g for g in self.known if g.item == ground.item and 0 < ground.n - g.n <= reach)
        return tuple(sorted(near, key=lambda g: -g.n))

    def better(self, claim: str, holds: Callable[[CitedText], bool]) -> str | None:
        """Id of the uncited text most similar to the claim among those that pass a test, if any."""
        if not self.advises:
            return None
        words = read(claim).content_set
        likest = sorted(self.others(), key=lambda g: -coverage(words, read(g.text).content_set))
        return next((g.id for g in likest if holds(g)), None)


class EvidenceIndex:
    """Texts of one evidence pack by passage id; see ``index_of``.

    Attributes:
        pack: the evidence pack.
        known: all its texts, in order.
    """

    def __init__(self, pack: EvidencePack) -> None:
        self.pack = pack
        items = {item.key: item for item in pack.items}
        strange = _at_strange_addresses(pack.items)
        origins = _origins(pack, items)
        gone = {key for taking in find_retractions(pack.items) if taking.whole for key in taking.of}
        self.known = tuple(
            _ground(
                p, items[p.item_key], p.item_key not in strange, origins[p.id], p.item_key in gone
            )
            for p in pack.passages
        )
        self._by_id = {g.id: g for g in self.known}

    @cached_property
    def everything(self) -> CitedEvidence:
        """All texts, cited as a whole."""
        return CitedEvidence(self.known, self.known)

    def has(self, passage_id: str) -> bool:
        """Whether the pack has a passage with that id."""
        return passage_id in self._by_id

    def grounds(self, cites: Sequence[str]) -> CitedEvidence:
        """Cited evidence for passage ids; unknown ids are ignored."""
        ids = dict.fromkeys(cites)
        return CitedEvidence(tuple(self._by_id[i] for i in ids if i in self._by_id), self.known)


@remembered
def index_of(pack: EvidencePack) -> EvidenceIndex:
    """The index of a pack, remembered for the last few packs: what is kept for its texts is then
    found again."""
    return EvidenceIndex(pack)


def of_texts(sources: Sequence[tuple[str, str]]) -> CitedEvidence:
    """Cited evidence in stateless verification: every (id, text) counts as cited.

    Wrapped lines are joined, as at ingestion.
    """
    found = tuple(
        CitedText(id=i, text=joined.text, item=i, origin=i, wrapped=joined)
        for i, joined in ((i, unwrap(text)) for i, text in sources)
    )
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


REPEATED_WORDS = 8
"""Least words of a sentence that two articles do not write alike by chance."""


def _origins(pack: EvidencePack, items: Mapping[ItemKey, SourceItem]) -> dict[PassageId, ItemKey]:
    """Origin of each passage: of its item, or of an earlier item with the same sentence.

    An article of its own may repeat a sentence of a wire story; datelines and labels do not count.
    """
    first: dict[str, ItemKey] = {}
    found: dict[PassageId, ItemKey] = {}
    for passage in sorted(pack.passages, key=lambda p: items[p.item_key].publication_order):
        sentence, origin = trim(passage.text), items[passage.item_key].origin
        if len(sentence.split()) >= REPEATED_WORDS:
            origin = first.setdefault(text_key(sentence), origin)
        found[passage.id] = origin
    return found


def _ground(
    passage: Passage, item: SourceItem, own_outlet: bool, origin: ItemKey, withdrawn: bool
) -> CitedText:
    return CitedText(
        id=passage.id,
        text=passage.text,
        item=item.key,
        n=passage.n,
        published=item.published_at.date() if item.published_at else None,
        bylines=tuple(n for n in (item.outlet if own_outlet else None, item.author) if n),
        title=item.title,
        outlet=item.outlet or "",
        source=item.source_name,
        origin=origin,
        withdrawn=withdrawn,
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


class GroundSentence(NamedTuple):
    """One sentence of a text, at its place, with its content stems."""

    ground: CitedText
    start: int
    end: int
    content: frozenset[str]


def align(claim: str, grounds: Sequence[CitedText], limit: int = 3) -> list[Aligned]:
    """Sentences that share the most content stems with a claim, best first, at most ``limit``."""
    return best_aligned(claim, sentences_of(grounds), limit)


def best_aligned(claim: str, among: Iterable[GroundSentence], limit: int = 3) -> list[Aligned]:
    """``align`` with sentences that were read before, for many claims on many texts."""
    words = read(claim).content_set
    found = [(share, one) for one in among if (share := coverage(words, one.content)) > 0]
    return [
        Aligned(ground, ground.text[start:end], start, end, share)
        for share, (ground, start, end, _) in heapq.nlargest(limit, found, key=lambda f: f[0])
    ]


def sentences_of(grounds: Iterable[CitedText]) -> Iterator[GroundSentence]:
    """The sentences of texts, in order."""
    for ground in grounds:
        reading = read(ground.text)
        for span, content in zip(reading.spans, reading.sentence_contents, strict=True):
            yield GroundSentence(ground, span.start, span.end, content)
