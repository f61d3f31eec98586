"""Origins: which item a copy was copied from.

Publication time decides who copied whom, so the origin does not depend on the order of ingestion.
When an item arrives later than items that copied it, their origins are decided again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from summarizer.domain.items import ItemKey, SourceItem
from summarizer.ingestion.known_items import KnownItems
from summarizer.ingestion.validate import normalised_url
from summarizer.text import near_duplicates
from summarizer.text.near_duplicates import ADDS_LITTLE, MOST, contains, copied, overlap
from summarizer.text.text_key import text_key


def decide(
    item: SourceItem, same: Iterable[SourceItem], bands: Sequence[int], known: KnownItems
) -> dict[ItemKey, ItemKey]:
    """Origins of an item and of the items whose origin may change by it.

    Args:
        item: the new item.
        same: earlier items of its URL or text.
        bands: MinHash bands of its text.
        known: all items.
    """
    near = _distinct(item, (*same, *_near(item, bands, known)))
    if all(other.publication_order < item.publication_order for other in near):
        decided = {other.key: other.origin for other in near}
        roots = known.items(list(dict.fromkeys(decided.values())))
        return {item.key: _origin(item, near, {root.key: root for root in roots}, decided)}
    group = sorted(_group(item, known), key=lambda one: one.publication_order)
    of = {one.key: one for one in group}
    found: dict[ItemKey, ItemKey] = {}
    for n, one in enumerate(group):
        found[one.key] = _origin(one, group[:n], of, found)
    return found


def _group(item: SourceItem, known: KnownItems) -> Iterable[SourceItem]:
    """The item, the items related to it, those related to these, and so on."""
    found, waiting = {item.key: item}, [item]
    while waiting:
        one = waiting.pop()
        same = known.by_text(text_key(one.text))
        if one.url is not None:
            same += known.by_url(normalised_url(one.url))
        bands = near_duplicates.bands(near_duplicates.shingles(one.text))
        for other in _distinct(one, (*same, *_near(one, bands, known))):
            if other.key not in found:
                found[other.key] = other
                waiting.append(other)
    return found.values()


def _near(item: SourceItem, bands: Sequence[int], known: KnownItems) -> list[SourceItem]:
    """Items of which one is a copy of the other, or contains it."""
    return [o for o in known.by_bands(bands) if o.key != item.key and _linked(item.text, o.text)]


def _distinct(item: SourceItem, found: Iterable[SourceItem]) -> list[SourceItem]:
    """Other items in order of publication, each once."""
    return sorted(
        {o.key: o for o in found if o.key != item.key}.values(),
        key=lambda one: one.publication_order,
    )


def _linked(one: str, other: str) -> bool:
    return max(overlap(one, other)) >= MOST and bool(
        copied(one, other) or copied(other, one) or contains(one, other) or contains(other, one)
    )


def _origin(
    item: SourceItem,
    earlier: Sequence[SourceItem],
    of: Mapping[ItemKey, SourceItem],
    origins: Mapping[ItemKey, ItemKey],
) -> ItemKey:
    """Origin of an item among earlier ones; ``of`` holds the items that are origins."""
    if same := next((other for other in earlier if _same_page(item, other)), None):
        return origins[same.key]
    shares = [(copied(item.text, other.text), origins[other.key], other.key) for other in earlier]
    for share, origin, key in sorted(shares, key=lambda one: -one[0]):
        # A copy may hold another story too, and an item that shares only that one is no copy.
        of_origin = share and overlap(item.text, of[origin].text)[0]
        if share and (origin == key or of_origin >= ADDS_LITTLE):
            return origin
    whole = {origins[o.key] for o in earlier if contains(item.text, o.text)}
    parts = {origin: overlap(item.text, of[origin].text)[0] for origin in sorted(whole)}
    return max(parts, key=lambda o: parts[o]) if sum(parts.values()) >= MOST else item.key


def _same_page(item: SourceItem, other: SourceItem) -> bool:
    """Whether two items have one text, or are revisions of one page."""
    pages = [normalised_url(url) for url in (item.url, other.url) if url is not None]
    one_page = len(pages) == 2 and pages[0] == pages[1]
    texts = text_key(item.text), text_key(other.text)
    return one_page or texts[0] == texts[1]
