"""Evidence packs for drafting, and the source spans that support a claim."""

from __future__ import annotations

from summarizer.domain.items import ItemKey, Passage, SourceItem
from summarizer.domain.model import Model


class EvidencePack(Model):
    """The passages that one draft may use, with their items.

    Args:
        items: items in order of ``seen_at``, then key.
        passages: passages in the order of prompts: by item, then position.
        left_out: number of the incident's passages left out: boilerplate, near-duplicates, and
            what is beyond the budget.
        tokens: estimated tokens of the rendered pack.
    """

    items: tuple[SourceItem, ...]
    passages: tuple[Passage, ...]
    left_out: int = 0
    tokens: int = 0

    def item(self, key: str) -> SourceItem:
        """The item with that key; raises ``KeyError`` when the pack has none."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with that id, or ``None`` when the pack has none."""
        key, _, n = passage_id.rpartition(".")
        for passage in self.passages:
            if passage.item_key == key and str(passage.n) == n:
                return passage
        return None

    def origins(self, passage_ids: tuple[str, ...]) -> frozenset[ItemKey]:
        """Independent origins of some passages; unknown ids are ignored."""
        cited = {p.item_key for p in map(self.passage, passage_ids) if p is not None}
        return frozenset(item.origin for item in self.items if item.key in cited)


class Evidence(Model):
    """A verbatim span of a source that supports a claim: ``source text[start:end] == text``.

    Args:
        source: id of the passage or, in stateless verification, id of the source.
    """

    source: str
    start: int
    end: int
    text: str
