"""Selection of the passages that one draft may use, within a token budget.

Boilerplate is no evidence, nor what a briefing or newsletter tells of other stories.  If all other
passages fit the budget, all are selected.  Otherwise each section's query ranks them, and a passage
scores the reciprocal of its best rank, so that every section gets relevant passages and every item
its first sentences.  Near-duplicates of selected passages are skipped.  Each further passage of one
origin is penalised, so that one wire story in nine outlets does not fill the pack.  Passages left
out are counted.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from summarizer.domain.drafts import Repair
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import ItemKey, Passage, PassageId, SourceItem
from summarizer.drafting.extractive.filters import Lean, lean
from summarizer.text.boilerplate_passages import marked
from summarizer.text.genres import is_bundle, of_another_story
from summarizer.text.tokens import read
from summarizer.verification.citation_repair import OF_THE_SENTENCE

ALIKE = 1
"""Passages most like a failed claim that go into its repair, where no failure names one."""

Rank = Callable[[Sequence[str], Sequence[PassageId]], Sequence[Sequence[tuple[PassageId, float]]]]
CountTokens = Callable[[str], int]

CROWDING = 0.15
"""Penalty for each passage already selected from the same origin: score / (1 + 0.15 n)."""

NEAR_DUPLICATE = 0.85
"""Jaccard similarity of words above which two passages are near-duplicates."""

NEEDED = 3
"""Most passages before one that it takes along."""

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
        rank: orders passage ids by similarity to each query, best first.
        count_tokens: estimates the tokens of a text.
        budget: maximum tokens of the pack, > 0.
    """
    ordered = sorted(items, key=lambda item: (item.seen_at, _number(item.key)))
    place = {item.key: n for n, item in enumerate(ordered)}
    given = sorted(passages, key=lambda p: (place[p.item_key], p.n))
    every = _of_the_story(_without_boilerplate(given), ordered)
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
        left_out=len(given) - len(kept),
        tokens=sum(cost[p.id] for p in kept) + ITEM_OVERHEAD * len(used),
    )


def near(pack: EvidencePack, repairs: Sequence[Repair]) -> EvidencePack:
    """The part of a pack near failed claims, in its order.

    It has the passages that a claim cites or a failure names.  A claim for which no failure names
    one, and that fails for more than its own sentence, gets those beside the cited ones in their
    item too, and of all the ``ALIKE`` that share the most words with it.
    """
    wanted: set[tuple[ItemKey, int]] = set()
    words = {passage.id: read(passage.text).content_set for passage in pack.passages}
    for repair in repairs:
        claim = repair.claim
        better = {failure.better for failure in repair.failures} - {None}
        lost = not better and any(f.check not in OF_THE_SENTENCE for f in repair.failures)
        wanted |= {
            (passage.item_key, n)
            for passage in pack.passages
            if passage.id in better.union(claim.cites)
            for n in range(passage.n - lost, passage.n + lost + 1)
        }
        if lost:
            mine = read(claim.text).content_set
            alike = sorted(pack.passages, key=lambda p: -len(mine & words[p.id]))[:ALIKE]
            wanted |= {(p.item_key, p.n) for p in alike if mine & words[p.id]}
    kept = tuple(p for p in pack.passages if (p.item_key, p.n) in wanted)
    return pack.model_copy(update={"passages": kept})


def evidence_hash(items: Iterable[SourceItem]) -> str:
    """Hash of the items' keys, origins and texts; 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for item in sorted(items, key=lambda item: _number(item.key)):
        for part in (item.key, item.origin, item.text):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return digest.hexdigest()[:16]


def _without_boilerplate(passages: Iterable[Passage]) -> list[Passage]:
    """Passages without boilerplate, in order; those of one item stand together."""
    kept: list[Passage] = []
    for _, group in itertools.groupby(passages, key=lambda p: p.item_key):
        of_item = list(group)
        marks = marked([p.text for p in of_item])
        kept += (p for p, mark in zip(of_item, marks, strict=True) if not mark)
    return kept


def _of_the_story(passages: Sequence[Passage], items: Sequence[SourceItem]) -> list[Passage]:
    """Passages without those of bundles that tell of other stories, in order."""
    by_key = {item.key: item for item in items}
    reports = [item for item in items if not is_bundle(item)]
    if len(reports) == len(items):
        return list(passages)
    kept: list[Passage] = []
    for key, group in itertools.groupby(passages, key=lambda p: p.item_key):
        of_item = list(group)
        others = of_another_story(by_key[key], [p.text for p in of_item], reports)
        kept += (p for n, p in enumerate(of_item) if n not in others)
    return kept


def _number(key: str) -> tuple[int, str]:
    """Sort key that puts ``a9`` before ``a10``."""
    return len(key), key


def _merit(
    passages: Sequence[Passage], queries: Sequence[str], rank: Rank
) -> dict[PassageId, float]:
    """Reciprocal of each passage's best rank, over all queries and its position in its item."""
    ids = [p.id for p in passages]
    merit = {p.id: 1 / p.n for p in passages}
    for ranking in rank(queries, ids):
        for place, (passage_id, _) in enumerate(ranking, start=1):
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

    A passage that needs the one before it ("She said …") takes it along, or stays out.
    An origin's penalty only grows, so a heap entry may be stale: it is then pushed back with its
    current merit.
    """
    chosen: set[PassageId] = set()
    used: set[ItemKey] = set()
    alike = _NearDuplicates([p.text for p in passages])
    taken: Counter[ItemKey] = Counter()
    left, cheapest = budget, min(cost.values(), default=0)
    heap = [(-merit[p.id], place, 0) for place, p in enumerate(passages)]
    heapq.heapify(heap)
    while heap and left >= cheapest:
        _, place, counted = heapq.heappop(heap)
        passage = passages[place]
        if passage.id in chosen:
            continue
        crowd = taken[origin[passage.item_key]]
        if crowd != counted:
            heapq.heappush(heap, (-merit[passage.id] / (1 + CROWDING * crowd), place, crowd))
            continue
        whole = [p for p in _with_antecedents(passages, place) if p.id not in chosen]
        price = sum(cost[p.id] for p in whole)
        price += 0 if passage.item_key in used else ITEM_OVERHEAD
        if price > left or not alike.add(place):
            continue
        left -= price
        chosen.update(p.id for p in whole)
        used.add(passage.item_key)
        taken[origin[passage.item_key]] += len(whole)
    return chosen


def _with_antecedents(passages: Sequence[Passage], place: int) -> list[Passage]:
    """A passage with those before it in its item that its pronouns need, at most ``NEEDED``."""
    found = [passages[place]]
    while len(found) <= NEEDED and place > 0 and lean(found[-1].text) is Lean.HARD:
        place -= 1
        before = passages[place]
        if (before.item_key, before.n) != (found[-1].item_key, found[-1].n - 1):
            break
        found.append(before)
    return found


class _NearDuplicates:
    """Texts of which each is compared only with those that share one of its rarest words.

    Two texts above the threshold lack so few of each other's words that one of those stands among
    the first ``(1 - NEAR_DUPLICATE)`` of both, in one order of all words.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._words = [frozenset(re.findall(r"\w+", text.lower())) for text in texts]
        self._spread = Counter(word for words in self._words for word in words)
        self._with: dict[str, list[frozenset[str]]] = {}

    def add(self, place: int) -> bool:
        """Keep a text, unless it is a near-duplicate of one that was kept."""
        mine = self._words[place]
        rarest = sorted(mine, key=lambda word: (self._spread[word], word))
        first = rarest[: len(mine) - int(NEAR_DUPLICATE * len(mine)) + 1]
        if any(_same(mine, other) for word in first for other in self._with.get(word, ())):
            return False
        for word in first:
            self._with.setdefault(word, []).append(mine)
        return True


def _same(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) > NEAR_DUPLICATE * len(a | b)
