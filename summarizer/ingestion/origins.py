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

MOST_CHANGED = 200
"""Most items that are looked at again when an earlier one arrives, the earliest first."""


def decide(item: SourceItem, bands: Sequence[int], known: KnownItems) -> dict[ItemKey, ItemKey]:
    """Origins of an item and of the items whose origin changes by it.

    Args:
        item: the new item, which ``known`` has.
        bands: MinHash bands of its text.
        known: all items.
    """
    found: dict[ItemKey, ItemKey] = {}
    waiting = _settle(item, _related(item, bands, known), found, known)
    for _ in range(MOST_CHANGED):
        if not waiting:
            break
        key = min(waiting, key=lambda key: waiting[key][0].publication_order)
        one, cause = waiting.pop(key)
        if found.get(key, one.origin) == found.get(cause.key, cause.origin):
            continue  # it has followed already
        near = _related(one, near_duplicates.bands_of(one.text), known, cause)
        waiting = _settle(one, near, found, known) | waiting
    return found


def _settle(
    one: SourceItem,
    near: Sequence[SourceItem],
    found: dict[ItemKey, ItemKey],
    known: KnownItems,
) -> dict[ItemKey, tuple[SourceItem, SourceItem]]:
    """Decide on the origin of one item; the later items on which it may bear, each with it.

    A later copy of the same original stays one, whoever else has copied it.
    """
    now = {other.key: found.get(other.key, other.origin) for other in near}
    earlier = [other for other in near if other.publication_order < one.publication_order]
    roots = {r.key: r for r in known.items(list({now[other.key]: 0 for other in earlier}))}
    origin = _origin(one, earlier, roots, now)
    is_new, before = not found, found.get(one.key, one.origin)
    if origin == before and not is_new:
        return {}
    found[one.key] = origin
    if before == one.key != origin and not is_new:
        _move_copies(one, roots[origin], found, known)
    later = near[len(earlier) :]
    return {o.key: (o, one) for o in later if found.get(o.key, o.origin) != origin}


def _move_copies(
    former: SourceItem, origin: SourceItem, found: dict[ItemKey, ItemKey], known: KnownItems
) -> None:
    """Give the copies of an item that has become a copy itself its origin, where they have it."""
    for other in known.sharing(near_duplicates.bands_of(former.text)):
        is_copy = found.get(other.key, other.origin) == former.key != other.key
        if is_copy and overlap(other.text, origin.text)[0] >= ADDS_LITTLE:
            found[other.key] = origin.key


def _related(
    item: SourceItem, bands: Sequence[int], known: KnownItems, *more: SourceItem
) -> list[SourceItem]:
    """The items with which one is compared: those of its URL or text, those of which one is a copy
    of the other, and their origins; and more, in order of publication."""
    same = known.by_text(text_key(item.text))
    if item.url is not None:
        same += known.by_url(normalised_url(item.url))
    near = _distinct(item, (*same, *_near(item, bands, known), *more), known)
    roots = known.items(list({other.origin for other in near} - {other.key for other in near}))
    linked = [root for root in roots if _linked(item.text, root.text)]
    return _distinct(item, (*near, *linked), known) if linked else near


def _near(item: SourceItem, bands: Sequence[int], known: KnownItems) -> list[SourceItem]:
    """Items of which one is a copy of the other, or contains it."""
    return [o for o in known.by_bands(bands) if o.key != item.key and _linked(item.text, o.text)]


def _distinct(item: SourceItem, found: Iterable[SourceItem], known: KnownItems) -> list[SourceItem]:
    """Other items whose origin is decided, in order of publication, each once."""
    others = {o.key: o for o in found if o.key != item.key and o.key not in known.undecided}
    return sorted(others.values(), key=lambda one: one.publication_order)


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
