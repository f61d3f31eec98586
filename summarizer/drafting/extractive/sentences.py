"""Usable sentences of an evidence pack, each with its passages and its antecedent."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.drafting.extractive.filters import (
    FIRST_PERSON,
    QUOTE_MARK,
    Lean,
    defect,
    lean,
    outside_quotes,
)
from summarizer.text import tokens
from summarizer.text.boilerplate import CLOCK_STAMP, dateline_day, label, trim
from summarizer.text.genres import Genre, genre
from summarizer.text.relative_days import DateStyle, style_of
from summarizer.text.tokens import listed

OWN_WORD = frozenset({"statement", "press_release", "press-release", "company", "status_page"})
"""Platforms on which an organisation speaks for itself."""

POSTS = frozenset(
    listed(
        """
        post x twitter bluesky mastodon threads linkedin facebook reddit tiktok youtube
        instagram blog hackernews hacker_news telegram social forum podcast video
        """
    )
)
"""Platforms on which persons or accounts speak for themselves."""

_PARTIES = OWN_WORD | POSTS | {"filing"}
_SAYS = re.compile(
    r"\b(?:said|says|told|wrote|alleg(?:es|ed|ing)|argu(?:es|ed)|den(?:ies|ied)|ruled|announced|"
    r"asks? "
    r"(?:for|the)|according to|confirmed|estimates?|claim(?:s|ed))\b"
)
_DECISION = re.compile(
    r"\b(?:decision|order|judge?ment|ruling|findings?|verdict|consent)\b", re.IGNORECASE
)
_MAX_JOINED = 8
_CONJUNCTION = re.compile(r"(?:But|And|Yet),? (?=\w)")
_TURNS = re.compile(r"[“\"](?:But|Yet|Still|However)\b")
MAX_LENGTH = 1000
"""Maximum characters of a usable sentence."""

MAX_SENTENCES = 800
"""Maximum usable sentences of a pack, so that they are ranked in under a second."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One usable sentence of one item.

    Args:
        index: position among all usable sentences of the pack.
        passages: its source passages; several if a quotation spans them.
        text: trimmed; a verbatim span of the item except for the case of its first letter.
        label: label before it in the source ("why it matters"), lower-case.
        position: rank of its first passage within its item, from 0.
        stems: stems of its content words.
        numbers: its numbers, as written.
        lean: dependence on the sentence before it.
        antecedent: index of the usable sentence directly before it in its item.
        own_voice: whether it is in the first person ("We take this seriously.").
        headline: whether it is the title of an item without text.
        written: day from which its days count: of its item's dateline, else of publication.
        style: order of the dates in its item.
    """

    index: int
    item: SourceItem
    passages: tuple[Passage, ...]
    text: str
    label: str
    position: int
    stems: frozenset[str]
    numbers: frozenset[str]
    lean: Lean
    antecedent: int | None
    own_voice: bool
    headline: bool
    written: dt.date | None
    style: DateStyle

    @property
    def cites(self) -> tuple[str, ...]:
        """Ids of its passages."""
        return tuple(p.id for p in self.passages)

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.text.split())

    @property
    def bare(self) -> str:
        """Its text with quotations blanked; offsets stay valid."""
        return outside_quotes(self.text)

    @property
    def partisan(self) -> bool:
        """Whether it is a statement of a party, account or commentator without attribution."""
        party = self.item.platform.lower() in _PARTIES and not _DECISION.search(self.item.title)
        return (party or self.is_comment) and (self.is_post or not _SAYS.search(self.bare))

    @property
    def is_post(self) -> bool:
        """Whether its item is a post or a podcast of a person or an account."""
        return self.item.platform.lower() in POSTS or genre(self.item) is Genre.PODCAST

    @property
    def is_comment(self) -> bool:
        """Whether its item is marked as comment by its URL or title."""
        return genre(self.item) is Genre.COLUMN

    @property
    def stands_alone(self) -> bool:
        """Whether a reader understands it without the preceding sentences of its item."""
        return self.lean is not Lean.HARD and not self.own_voice


def read(pack: EvidencePack, without: frozenset[str] = frozenset()) -> tuple[Sentence, ...]:
    """Usable sentences of a pack, in the pack's order.

    With more than ``MAX_SENTENCES`` passages, only the first sentences of every item are read,
    an equal share of each, because news reports start with the most important facts.

    Args:
        pack: the evidence.
        without: keys of items to leave out.
    """
    by_item: dict[str, list[Passage]] = {}
    for passage in pack.passages:
        if passage.item_key not in without:
            by_item.setdefault(passage.item_key, []).append(passage)
    crowded = sum(map(len, by_item.values())) > MAX_SENTENCES
    share = max(1, MAX_SENTENCES // len(pack.items)) if crowded else MAX_SENTENCES
    found: list[Sentence] = []
    for item in pack.items:
        first = len(found)
        usable = _read_item(item, by_item.get(item.key, []), share)
        found.extend(_moved(s, first) for s in usable)
    return tuple(found[:MAX_SENTENCES])


def _moved(sentence: Sentence, by: int) -> Sentence:
    before = sentence.antecedent
    return replace(
        sentence, index=sentence.index + by, antecedent=None if before is None else before + by
    )


def verbatim(item: SourceItem, passage: Passage, index: int) -> Sentence:
    """A passage as it stands, to be quoted."""
    published = item.published_at.date() if item.published_at else None
    return Sentence(
        index=index,
        item=item,
        passages=(passage,),
        text=re.sub(r"\s+", " ", passage.text),
        label="",
        position=passage.n - 1,
        stems=tokens.read(passage.text).content_set,
        numbers=frozenset(),
        lean=Lean.NOT,
        antecedent=None,
        own_voice=False,
        headline=False,
        written=published,
        style=style_of(item.text),
    )


def _read_item(item: SourceItem, passages: list[Passage], limit: int) -> list[Sentence]:
    found: list[Sentence] = []
    published = item.published_at.date() if item.published_at else None
    written = dateline_day(item.text, published) or published
    style = style_of(item.text)
    before: tuple[int, int] | None = None  # index of the last usable sentence, its last passage
    for position, start, span in _spans(item, passages):
        if span[-1].end - start > MAX_LENGTH:
            continue
        headline = item.text.strip() == item.title.strip() and len(passages) == 1
        text = _opened(trim(re.sub(r"\s+", " ", item.text[start : span[-1].end])))
        if defect(text, headline=headline):
            continue
        index = len(found)
        stamped = CLOCK_STAMP.match(span[0].text)  # an entry of a live blog is a text of its own
        adjacent = before is not None and before[1] == span[0].n - 1 and not stamped
        found.append(
            Sentence(
                index=index,
                item=item,
                passages=span,
                text=text,
                label=label(span[0].text),
                position=position,
                stems=tokens.read(text).content_set,
                numbers=frozenset(t.text for t in tokens.tokens(text) if t.text[0].isdigit()),
                lean=lean(text),
                antecedent=before[0] if before is not None and adjacent else None,
                own_voice=bool(FIRST_PERSON.search(outside_quotes(text))),
                headline=headline,
                written=written,
                style=style,
            )
        )
        before = (index, span[-1].n)
        if len(found) == limit:
            break
    return found


def _opened(text: str) -> str:
    """A sentence without the conjunction that ties it to the one before: "But the mayor denied"."""
    rest = text[len(found.group()) :] if (found := _CONJUNCTION.match(text)) else text
    return rest[:1].upper() + rest[1:] if found else text


class _Span(NamedTuple):
    position: int
    start: int
    passages: tuple[Passage, ...]


def _spans(item: SourceItem, passages: list[Passage]) -> list[_Span]:
    """Group passages so that a quotation across sentences stays in one span.

    So does one with the sentence that turns it: ``"We lost," Ruiz said. "But nobody was hurt."``
    An unclosed quotation forms one span with the following passages, which is later rejected as
    a broken quotation; otherwise its sentences would be taken for the item's own.
    """
    spans: list[_Span] = []
    at = 0
    while at < len(passages):
        start = passages[at].start
        size = _quotation_size(item.text, start, passages[at : at + _MAX_JOINED])
        size += _turned(item.text, passages[at : at + size + _MAX_JOINED], size)
        spans.append(_Span(at, start, tuple(passages[at : at + size])))
        at += size
    return spans


def _quotation_size(text: str, start: int, following: list[Passage]) -> int:
    """Number of passages until the quotation left open by the first one closes."""
    quoted = 1
    for size, passage in enumerate(following, 1):
        span = text[start : passage.end]
        if passage.n != following[0].n + size - 1 or "\n" in span:
            break
        if not _open_quotation(span):
            return size
        if size > 1 and passage.text.startswith(("“", '"')):
            break
        quoted = size
    return quoted


def _turned(text: str, following: list[Passage], size: int) -> int:
    """Number of passages of the quotation behind one of so many, if it takes back some of it."""
    last, rest = following[size - 1], following[size:]
    said = QUOTE_MARK.search(text[following[0].start : last.end])
    turns = rest and _TURNS.match(rest[0].text) and "\n" not in text[last.start : rest[0].start]
    if not (said and turns and rest[0].n == last.n + 1):
        return 0
    return _quotation_size(text, rest[0].start, rest[:_MAX_JOINED])


def _open_quotation(text: str) -> bool:
    marks = QUOTE_MARK.findall(text)
    return marks.count("“") > marks.count("”") or marks.count('"') % 2 == 1
