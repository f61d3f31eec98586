"""The evidence pack: which passages of an incident one draft may use, and in which order.

When all passages fit the budget, all go in.  Otherwise each section's query ranks them, and a
passage is worth its best place in any ranking, so that every section gets what it looks for and
every item its first sentences.  Two corrections: a sentence that says nearly the same as one
already chosen is passed over, and an origin that has many passages in the pack must be better to
get another, so that one wire story in nine outlets doesn't crowd out the rest.  What is left out
is counted, never silent.
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
"""How much each passage that an origin already has lowers the next one's merit."""

NEAR_DUPLICATE = 0.85
"""Share of common words from which two sentences say the same (Jaccard)."""

ITEM_OVERHEAD = 40
"""Tokens of an item's own line in the pack: outlet, platform, time, origin."""

PASSAGE_OVERHEAD = 6
"""Tokens of a passage's number in the pack."""


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
        queries: what the sections look for; used only when not everything fits.
        rank: orders passage ids by similarity to a query, best first.
        count_tokens: estimates the tokens of a text.
        budget: most tokens that the pack may take, > 0.
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
    """Hash of what there is to draft from: changes when an item, a text or an origin does."""
    digest = hashlib.sha256()
    for item in sorted(items, key=lambda item: _number(item.key)):
        for part in (item.key, item.origin, item.text):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return digest.hexdigest()[:16]


def _number(key: str) -> tuple[int, str]:
    """Keys in the order in which they were given: ``a9`` before ``a10``."""
    return len(key), key


def _merit(
    passages: Sequence[Passage], queries: Sequence[str], rank: Rank
) -> dict[PassageId, float]:
    """One over the best place of each passage; its position in its item is a ranking too."""
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
    """Take the best passage that still fits, again and again, under the two corrections.

    Merit only falls as an origin fills up, so the top of the heap may be stale: it is then put
    back with its present merit instead of ranking everything anew.
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
