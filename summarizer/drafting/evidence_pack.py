"""Selection of the passages that one draft may use, within a token budget.

If all passages fit the budget, all are selected.  Otherwise each section's query ranks them, and
a passage scores the reciprocal of its best rank, so that every section gets relevant passages and
every item its first sentences.  Near-duplicates of selected passages are skipped.  Each further
passage of one origin is penalised, so that one wire story in nine outlets does not fill the pack.
Passages left out are counted.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import ItemKey, Passage, PassageId, SourceItem

Rank = Callable[[str, Sequence[PassageId]], Sequence[tuple[PassageId, float]]]
CountTokens = Callable[[str], int]

CROWDING = 0.15
"""Penalty for each passage already selected from the same origin: score / (1 + 0.15 n)."""

NEAR_DUPLICATE = 0.85
"""Jaccard similarity of words above which two passages are near-duplicates."""

ITEM_OVERHEAD = 40
"""Tokens of an item's own line in the pack: outlet, platform, time, origin."""

PASSAGE_OVERHEAD = 6
"""Tokens of a passage's id in the pack."""


def build_pack(
    items: Iterable[SourceItem],
    passages: Iterable[Passage],
    queries: Sequence[str],
    rank: Rank,
    count_tokens: CountTokens,
    budget: int,
) -> EvidencePack:
    """Choose the passages of one draft.

    Args:
        items: all items of the incident.
        passages: all passages of those items.
        queries: one search query per section; used only when not everything fits.
        rank: orders passage ids by similarity to a query, best first.
        count_tokens: estimates the tokens of a text.
        budget: maximum tokens of the pack, > 0.
    """
    ordered = sorted(items, key=lambda item: (item.seen_at, _number(item.key)))
    place = {item.key: n for n, item in enumerate(ordered)}
    every = sorted(passages, key=lambda p: (place[p.item_key], p.n))
    cost = {p.id: count_tokens(p.text) + PASSAGE_OVERHEAD for p in every}
    total = sum(cost.values()) + ITEM_OVERHEAD * len(ordered)
    if total <= budget:
        chosen = {p.id for p in every}
    else:
        merit = _merit(every, queries, rank)
        origin = {item.key: item.origin for item in ordered}
        chosen = _fill(every, merit, origin, cost, budget)
    kept = tuple(p for p in every if p.id in chosen)
    used = {p.item_key for p in kept}
    return EvidencePack(
        items=tuple(item for item in ordered if item.key in used),
        passages=kept,
        left_out=len(every) - len(kept),
        tokens=sum(cost[p.id] for p in kept) + ITEM_OVERHEAD * len(used),
    )


def evidence_hash(items: Iterable[SourceItem]) -> str:
    """Hash of the items' keys, origins and texts; 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for item in sorted(items, key=lambda item: _number(item.key)):
        for part in (item.key, item.origin, item.text):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return digest.hexdigest()[:16]


def _number(key: str) -> tuple[int, str]:
    """Sort key that puts ``a9`` before ``a10``."""
    return len(key), key


def _merit(
    passages: Sequence[Passage], queries: Sequence[str], rank: Rank
) -> dict[PassageId, float]:
    """Reciprocal of each passage's best rank, over all queries and its position in its item."""
    ids = [p.id for p in passages]
    merit = {p.id: 1 / p.n for p in passages}
    for query in queries:
        for place, (passage_id, _) in enumerate(rank(query, ids), start=1):
            merit[passage_id] = max(merit[passage_id], 1 / place)
    return merit


def _fill(
    passages: Sequence[Passage],
    merit: Mapping[PassageId, float],
    origin: Mapping[ItemKey, ItemKey],
    cost: Mapping[PassageId, int],
    budget: int,
) -> set[PassageId]:
    """Select greedily by merit, with the origin penalty and without near-duplicates.

    An origin's penalty only grows, so a heap entry may be stale: it is then pushed back with its
    current merit.
    """
    chosen: list[Passage] = []
    words: list[frozenset[str]] = []
    taken: Counter[ItemKey] = Counter()
    left, cheapest = budget, min(cost.values())
    heap = [(-merit[p.id], place, 0) for place, p in enumerate(passages)]
    heapq.heapify(heap)
    while heap and left >= cheapest:
        _, place, counted = heapq.heappop(heap)
        passage = passages[place]
        crowd = taken[origin[passage.item_key]]
        if crowd != counted:
            heapq.heappush(heap, (-merit[passage.id] / (1 + CROWDING * crowd), place, crowd))
            continue
        known = any(p.item_key == passage.item_key for p in chosen)
        price = cost[passage.id] + (0 if known else ITEM_OVERHEAD)
        mine = frozenset(re.findall(r"\w+", passage.text.lower()))
        if price > left or any(_same(mine, others) for others in words):
            continue
        left -= price
        chosen.append(passage)
        words.append(mine)
        taken[origin[passage.item_key]] += 1
    return {p.id for p in chosen}


def _same(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) > NEAR_DUPLICATE * len(a | b)
