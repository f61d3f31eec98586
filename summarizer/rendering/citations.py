"""Numbering of cited passages, and the list of sources with their passages in context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from summarizer.domain.drafts import Section
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, PassageId, SourceItem
from summarizer.rendering import schema

CONTEXT = 240
"""Maximum characters of context on each side of a passage: two to three sentences, enough to
recognise a quote taken out of context."""


def numbering(sections: Iterable[Section], pack: EvidencePack) -> dict[PassageId, int]:
    """Numbers of the cited passages, from 1 in order of first use.

    Shown claims come first, then withheld claims, then better passages for the withheld claims and
    passages that decided for the judge.
    """
    ordered = list(sections)
    held = [c for s in ordered for c in s.withheld]
    checked = [c for s in ordered for c in s.shown] + held
    better = [f.better for c in held for f in c.verdict.failures if f.better]
    decided = [p for c in checked if c.verdict.judge for p in c.verdict.judge.passages]
    known = {p.id for p in pack.passages}
    cited = dict.fromkeys([*(p for c in checked for p in c.claim.cites), *better, *decided])
    listed = [PassageId(passage) for passage in cited if passage in known]
    return {passage: number for number, passage in enumerate(listed, start=1)}


def sources(
    pack: EvidencePack, numbers: Mapping[PassageId, int]
) -> list[tuple[SourceItem, tuple[schema.Passage, ...]]]:
    """Items of the pack with their cited passages, by number.

    Cited items are sorted by their lowest number; the others follow in the order of the pack.
    """
    neighbours = {p.id: p for p in pack.passages}
    by_item: dict[str, list[schema.Passage]] = {item.key: [] for item in pack.items}
    for passage_id, number in numbers.items():
        passage = neighbours[passage_id]
        text = pack.item(passage.item_key).text
        by_item[passage.item_key].append(_in_context(passage, number, text, neighbours))
    last = len(numbers) + 1
    ordered = sorted(pack.items, key=lambda i: by_item[i.key][0].number if by_item[i.key] else last)
    return [(item, tuple(by_item[item.key])) for item in ordered]


def _in_context(
    passage: Passage, number: int, text: str, neighbours: Mapping[PassageId, Passage]
) -> schema.Passage:
    """A passage with its neighbours as context, at most ``CONTEXT`` characters on each side."""
    previous = neighbours.get(PassageId(f"{passage.item_key}.{passage.n - 1}"))
    following = neighbours.get(PassageId(f"{passage.item_key}.{passage.n + 1}"))
    begin = max(passage.start - CONTEXT, previous.start if previous else 0)
    finish = min(passage.end + CONTEXT, following.end if following else len(text))
    begin = _word_start(text, begin, passage.start)
    finish = _word_end(text, finish, passage.end)
    return schema.Passage(
        number=number,
        id=passage.id,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        before=text[begin : passage.start],
        after=text[passage.end : finish],
        more_before=bool(text[:begin].strip()),
        more_after=bool(text[finish:].strip()),
    )


def _word_start(text: str, begin: int, limit: int) -> int:
    """The first word boundary at or after ``begin``, at most ``limit``."""
    while 0 < begin < limit and not text[begin - 1].isspace():
        begin += 1
    return begin


def _word_end(text: str, finish: int, limit: int) -> int:
    """The last word boundary at or before ``finish``, at least ``limit``."""
    while limit < finish < len(text) and not text[finish].isspace():
        finish -= 1
    return finish
