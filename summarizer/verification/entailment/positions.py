"""Features of position of the counterparts of a claim's tokens.

A token's counterpart is the source token of highest cosine.  Without positions the network could
not distinguish "Ana sued Ben" from "Ben sued Ana", nor one fact from halves of two.  So each token
has features that compare the position of its counterpart with those of its neighbours'.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

NUMBER, SIGN, FUNCTION, NEGATION, RARITY = range(5)
"""Columns of the table of context-free token properties."""

COUNT = 16
"""Columns of ``places``."""

_AROUND = 3
"""Tokens on either side of a counterpart that are compared with the claim."""
_SCOPE = 4
"""Tokens on either side within which a negation applies to a token."""
_FARTHEST = 100
"""Cap of distances, in tokens."""


def places(cosines: Floats, claim: Ids, source: Ids, sentence: Ids, table: Floats) -> Floats:
    """Sixteen features for each token of a claim, most of them 0–1.

    Args:
        cosines: cosines of the claim's tokens (rows) with the source tokens (columns).
        claim: token ids of the claim.
        source: token ids of the joined source sentences.
        sentence: sentence number of each source token, ascending.
        table: context-free properties of each token.
    """
    best = cosines.argmax(axis=1)
    content = (table[claim, FUNCTION] == 0) & (table[claim, SIGN] == 0)
    columns = [
        *_beside_neighbours(best, sentence, content),
        *_in_main_sentence(cosines, best, sentence, content),
        *_mutual(cosines, best),
        *_matched_around(cosines, best, source, sentence, table),
        _negated(best, claim, source, sentence, table),
        *_same_neighbours(cosines, best),
    ]
    found: Floats = np.stack(columns, axis=1).astype(np.float32)
    return found


def _beside_neighbours(
    best: Ids, sentence: Ids, content: NDArray[np.bool_]
) -> list[NDArray[np.generic]]:
    """Features for the content tokens before and after: whether their counterpart is in the same
    sentence, the difference between both distances, and whether the order is reversed."""
    count = len(best)
    here = np.arange(count)
    before = np.r_[-1, np.maximum.accumulate(np.where(content, here, -1))[:-1]]
    behind = np.r_[np.minimum.accumulate(np.where(content, here, count)[::-1])[::-1][1:], count]
    same, moved, crossed = [], [], []
    for other, there in ((before, before >= 0), (behind, behind < count)):
        neighbour = other.clip(0, count - 1)
        apart, expected = best - best[neighbour], here - neighbour
        together = (sentence[best] == sentence[best[neighbour]]) | ~there
        by = np.abs(apart - expected).clip(0, _FARTHEST)
        same.append(together)
        moved.append(np.where(there, np.log1p(by) / 3, 0))
        crossed.append(there & together & (apart * expected < 0))
    return [*same, *moved, *crossed]


def _in_main_sentence(
    cosines: Floats, best: Ids, sentence: Ids, content: NDArray[np.bool_]
) -> list[NDArray[np.generic]]:
    """Share of counterparts in the counterpart's sentence, cosine above the best token of the main
    sentence, and that token's cosine.

    The main sentence is the source sentence nearest to the whole claim.
    """
    mine = content if content.any() else np.ones(len(best), dtype=bool)
    starts = np.flatnonzero(np.r_[True, sentence[1:] != sentence[:-1]])
    nearest = np.maximum.reduceat(cosines, starts, axis=1)
    main = nearest[:, nearest[mine].mean(axis=0).argmax()]
    where = np.searchsorted(sentence[starts], sentence[best])
    shares = np.array([(where[mine] == n).mean() for n in range(len(starts))])
    return [shares[where], cosines.max(axis=1) - main, main]


def _mutual(cosines: Floats, best: Ids) -> list[NDArray[np.generic]]:
    """Cosine above the second-best source token, and whether the match is mutual."""
    here = np.arange(len(best))
    others = cosines.copy()
    others[here, best] = -1
    single = cosines.shape[1] == 1
    margin = np.ones(len(best)) if single else cosines.max(axis=1) - others.max(axis=1)
    return [margin, cosines.argmax(axis=0)[best] == here]


def _matched_around(
    cosines: Floats, best: Ids, source: Ids, sentence: Ids, table: Floats
) -> list[NDArray[np.generic]]:
    """Highest cosines of the content tokens around the counterpart to the claim: mean and minimum,
    1 without such tokens."""
    nearest = cosines.max(axis=0)
    content = (table[source, FUNCTION] == 0) & (table[source, SIGN] == 0)
    around, inside = _window(best, _AROUND, len(source))
    counted = inside & content[around] & (sentence[around] == sentence[best][:, None])
    count = counted.sum(axis=1)
    mean = np.where(count > 0, (nearest[around] * counted).sum(axis=1) / np.maximum(count, 1), 1)
    least = np.where(count > 0, np.where(counted, nearest[around], 1).min(axis=1), 1)
    return [mean, least]


def _negated(best: Ids, claim: Ids, source: Ids, sentence: Ids, table: Floats) -> Floats:
    """1 when only the counterpart has a negation near it, -1 when only the token has, else 0."""
    around, inside = _window(best, _SCOPE, len(source))
    there = table[source, NEGATION][around] > 0
    there &= inside & (sentence[around] == sentence[best][:, None])
    beside, within = _window(np.arange(len(claim)), _SCOPE, len(claim))
    here = (table[claim, NEGATION][beside] > 0) & within
    found: Floats = there.any(axis=1).astype(np.float32) - here.any(axis=1)
    return found


def _same_neighbours(cosines: Floats, best: Ids) -> list[NDArray[np.generic]]:
    """Cosine of the token before with the token before the counterpart, and of the tokens after."""
    count, width = cosines.shape
    here = np.arange(count)
    found = []
    for step in (-1, 1):
        ours, theirs = here + step, best + step
        inside = (ours >= 0) & (ours < count) & (theirs >= 0) & (theirs < width)
        near = cosines[ours.clip(0, count - 1), theirs.clip(0, width - 1)]
        found.append(np.where(inside, near, 0))
    return found


def _window(at: Ids, half: int, length: int) -> tuple[Ids, NDArray[np.bool_]]:
    """Positions from ``half`` before to ``half`` after each position, and which of them exist."""
    around = at[:, None] + np.arange(-half, half + 1)[None]
    return around.clip(0, length - 1), (around >= 0) & (around < length)
