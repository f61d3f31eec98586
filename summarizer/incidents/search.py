"""Search for items and incidents by words, by meaning, or by both.

The rankings of the full-text index and of the vector index are merged by reciprocal rank fusion
(Cormack, Clarke and Buettcher, SIGIR 2009): each adds 1 / (60 + rank), so that their scores need
not be comparable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from summarizer.domain import limits
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, MarkedText, Passage, PassageId, SourceItem, number_of
from summarizer.domain.model import Model
from summarizer.incidents.withholding import Withholding
from summarizer.ports.index import PassageIndex
from summarizer.ports.models import Embedder
from summarizer.storage.full_text import TextIndex
from summarizer.storage.store import Store

Kind = Literal["items", "incidents"]
Mode = Literal["text", "meaning", "both"]

RANK_CONSTANT = 60
"""Constant of the fusion, as in the paper."""

DEPTH = 200
"""Most items of each ranking."""

NEAR = 0.3
"""Least cosine of a hit by meaning: halfway between the means that all-MiniLM-L6-v2 gives unlike
texts (0.12) and like ones (0.48)."""

MOST_TERMS = 32
"""Most words and phrases of a query; more are ignored."""

_TERMS = re.compile(r'"([^"]*)"|([^\s"]+)')


class Hit(Model):
    """A found item or incident, with the text to show for it.

    Args:
        item: the item; for an incident, its best one.
        incident: of the item; ``None`` before it has one.
        score: sum of 1 / (60 + rank) over the rankings; higher is better.
        field: the item's field that ``text`` is from.
        passage: id of the passage; ``None`` for a title.
        start: of ``text`` in the field, in code points.
        end: of ``text`` in the field, in code points.
        text: verbatim.
        marks: spans in ``text`` that match the words; none for a hit by meaning only.
    """

    item: SourceItem
    incident: IncidentId | None
    score: float
    field: Literal["title", "text"]
    passage: PassageId | None
    start: int
    end: int
    text: str
    marks: tuple[tuple[int, int], ...]


class Search:
    """Search on one store and its indexes; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        texts: TextIndex,
        withholding: Withholding,
        index: Callable[[], PassageIndex],
        embedder: Callable[[], Embedder],
    ) -> None:
        self._store = store
        self._texts = texts
        self._withholding = withholding
        self._index = index
        self._embedder = embedder

    def find(
        self,
        q: str,
        kind: Kind = "items",
        mode: Mode = "both",
        limit: int = 20,
        *,
        held: bool = False,
    ) -> list[Hit]:
        """Hits, best first; none for a query without a letter or digit.

        Args:
            q: words and "phrases in quotes", which must all match; for ``meaning``, any text.
            kind: an item must have all words itself, an incident in any of its items.
            mode: the rankings to use.
            limit: most hits, > 0.
            held: whether an editor reads it, who is shown what is withheld from readers.

        Raises:
            InputError: the query is too long.
            StorageError: an index failed, or another process holds the vector index.
        """
        wanted = terms(limits.checked(q, limits.QUERY, "q"))
        if not wanted:
            return []
        by_text = self._by_text(wanted, kind) if mode != "meaning" else []
        by_meaning = self._by_meaning(q) if mode != "text" else []
        marked = {found.key: found for found in reversed(by_text)}
        near = {key: id_ for key, id_ in reversed(by_meaning)}
        rankings = [[found.key for found in by_text], [key for key, _ in by_meaning]]
        homes = self._store.incidents_of(list({*marked, *near}))
        if without := frozenset() if held else self._withholding.ids():
            rankings = [[key for key in keys if homes.get(key) not in without] for keys in rankings]
        if kind == "incidents":
            rankings = [_best(keys, homes) for keys in rankings]
            rankings = _agreed(rankings, homes)
        best = fused(rankings)[:limit]
        items = self._store.items([key for key, _ in best])
        passages: dict[ItemKey, list[Passage]] = {}
        for passage in self._store.passages([item.key for item in items]):
            passages.setdefault(passage.item_key, []).append(passage)
        return [
            _hit(
                item,
                homes.get(item.key),
                score,
                passages.get(item.key, []),
                marked.get(item.key),
                near.get(item.key),
            )
            for item, (_, score) in zip(items, best, strict=True)
        ]

    def unindexed(self, q: str) -> int:
        """Number of items that a search by meaning misses, as they are not in the vector index; 0
        for a query that finds nothing anyway."""
        if not terms(q):
            return 0
        return self._store.backlog.unindexed(self._index().identity)

    def rebuild(self) -> None:
        """Rebuild the full-text index from the items."""
        self._texts.rebuild()

    def _by_text(self, wanted: Sequence[str], kind: Kind) -> list[MarkedText]:
        if kind == "items":
            return self._texts.items(wanted, DEPTH, every=True)
        has_all = self._texts.incidents(wanted)
        found = self._texts.items(wanted, DEPTH * 5, every=False)
        homes = self._store.incidents_of([marked.key for marked in found])
        return [marked for marked in found if homes.get(marked.key) in has_all]

    def _by_meaning(self, q: str) -> list[tuple[ItemKey, PassageId]]:
        """Items with their nearest passage, nearest first."""
        (vector,) = self._embedder().embed([q])
        found: dict[ItemKey, PassageId] = {}
        for id_, similarity in self._index().nearest(vector, DEPTH):
            if similarity >= NEAR:
                found.setdefault(ItemKey(id_.partition(".")[0]), id_)
        # Vectors of a deleted item may wait for the server of the index.
        there = self._store.passage_counts([number_of(key) for key in found])
        return [(key, id_) for key, id_ in found.items() if number_of(key) in there]


def terms(q: str) -> tuple[str, ...]:
    """The words and quoted phrases of a query that have a letter or digit."""
    whole = q.encode(errors="replace").decode().replace("\0", " ")
    found = [phrase or word for phrase, word in _TERMS.findall(whole)]
    return tuple(term for term in found if any(map(str.isalnum, term)))[:MOST_TERMS]


def fused(rankings: Iterable[Sequence[ItemKey]]) -> list[tuple[ItemKey, float]]:
    """The fused ranking with its scores, best first; equals in order of first appearance."""
    scores: dict[ItemKey, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])


def _best(keys: Iterable[ItemKey], homes: dict[ItemKey, IncidentId]) -> list[ItemKey]:
    """The best item of each incident."""
    found: dict[IncidentId, ItemKey] = {}
    for key in keys:
        if key in homes:
            found.setdefault(homes[key], key)
    return list(found.values())


def _agreed(
    rankings: Sequence[Sequence[ItemKey]], homes: dict[ItemKey, IncidentId]
) -> list[list[ItemKey]]:
    """The rankings with one item for each incident: its first in any of them."""
    stands: dict[IncidentId, ItemKey] = {}
    for ranking in rankings:
        for key in ranking:
            stands.setdefault(homes[key], key)
    return [[stands[homes[key]] for key in ranking] for ranking in rankings]


def _hit(
    item: SourceItem,
    incident: IncidentId | None,
    score: float,
    passages: Sequence[Passage],
    marked: MarkedText | None,
    near: PassageId | None,
) -> Hit:
    """A hit with the passage that has most matches, else the nearest one, else the title."""
    marks = marked.text if marked else ()
    chosen = next((p for p in passages if p.id == near), None)
    if marks:
        chosen = max(passages, key=lambda p: len(_within(marks, p)), default=None)
    if chosen is None and not item.title:
        chosen = next(iter(passages), None)
    found: dict[str, object] = {
        "field": "title",
        "passage": None,
        "start": 0,
        "end": len(item.title),
        "text": item.title,
        "marks": marked.title if marked else (),
    }
    if chosen is not None:
        found = {
            "field": "text",
            "passage": chosen.id,
            "start": chosen.start,
            "end": chosen.end,
            "text": chosen.text,
            "marks": _within(marks, chosen),
        }
    return Hit.model_validate({"item": item, "incident": incident, "score": score} | found)


def _within(marks: Iterable[tuple[int, int]], passage: Passage) -> tuple[tuple[int, int], ...]:
    """The marks inside a passage, counted from its start."""
    return tuple(
        (start - passage.start, end - passage.start)
        for start, end in marks
        if passage.start <= start and end <= passage.end
    )
