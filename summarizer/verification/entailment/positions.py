"""Where in the sources the counterparts of a claim's tokens stand.

A bag of counterparts cannot tell "Ana sued Ben" from "Ben sued Ana", nor one fact from two halves
of two: every token has its counterpart in either.  So each token is also told whether its
counterpart, the source token of highest cosine, stands where those of its neighbours do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

NUMBER, SIGN, FUNCTION, NEGATION, RARITY = range(5)
"""Columns of the table of what is known of a token without its context."""

COUNT = 16
"""Columns of ``places``."""

_AROUND = 3
"""Tokens on either side of a counterpart whose own counterparts are looked for in the claim."""
_SCOPE = 4
"""Tokens on either side in which a negation is taken to belong to a token."""
_FARTHEST = 100
"""Tokens; beyond it, far is far."""


def places(cosines: Floats, claim: Ids, source: Ids, sentence: Ids, table: Floats) -> Floats:
    """Sixteen numbers for each token of a claim, most of them 0–1.

    Args:
        cosines: of each token of the claim, a row, with each of the source, a column.
        claim: token ids of the claim.
        source: token ids of the source sentences, one behind the other.
        sentence: for each of these the number of its sentence, rising.
        table: what is known of each token.
    """
    best = cosines.argmax(axis=1)
    content = (table[claim, FUNCTION] == 0) & (table[claim, SIGN] == 0)
    columns = [
        *_beside_neighbours(best, sentence, content),
        *_in_main_sentence(cosines, best, sentence, content),
        *_mutual(cosines, best),
        *_told_around(cosines, best, source, sentence, table),
        _negated(best, claim, source, sentence, table),
        *_same_neighbours(cosines, best),
    ]
    found: Floats = np.stack(columns, axis=1).astype(np.float32)
    return found


def _beside_neighbours(
    best: Ids, sentence: Ids, content: NDArray[np.bool_]
) -> list[NDArray[np.generic]]:
    """For the content token before and the one behind: whether its counterpart is in the same
    sentence, how much farther or nearer it stands there than here, and whether it stands on the
    other side."""
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
    """The share of counterparts that stand in the sentence of this one, how much nearer it is than
    the nearest token of the sentence that is nearest to the whole claim, and how near that is."""
    mine = content if content.any() else np.ones(len(best), dtype=bool)
    starts = np.flatnonzero(np.r_[True, sentence[1:] != sentence[:-1]])
    nearest = np.maximum.reduceat(cosines, starts, axis=1)
    main = nearest[:, nearest[mine].mean(axis=0).argmax()]
    where = np.searchsorted(sentence[starts], sentence[best])
    shares = np.array([(where[mine] == n).mean() for n in range(len(starts))])
    return [shares[where], cosines.max(axis=1) - main, main]


def _mutual(cosines: Floats, best: Ids) -> list[NDArray[np.generic]]:
    """How much nearer the counterpart is than the second best, and whether the token is the
    counterpart's own."""
    here = np.arange(len(best))
    others = cosines.copy()
    others[here, best] = -1
    single = cosines.shape[1] == 1
    margin = np.ones(len(best)) if single else cosines.max(axis=1) - others.max(axis=1)
    return [margin, cosines.argmax(axis=0)[best] == here]


def _told_around(
    cosines: Floats, best: Ids, source: Ids, sentence: Ids, table: Floats
) -> list[NDArray[np.generic]]:
    """How near the content tokens around the counterpart come to any token of the claim: mean and
    least, 1 where there is none."""
    told = cosines.max(axis=0)
    content = (table[source, FUNCTION] == 0) & (table[source, SIGN] == 0)
    around, inside = _window(best, _AROUND, len(source))
    counted = inside & content[around] & (sentence[around] == sentence[best][:, None])
    count = counted.sum(axis=1)
    mean = np.where(count > 0, (told[around] * counted).sum(axis=1) / np.maximum(count, 1), 1)
    least = np.where(count > 0, np.where(counted, told[around], 1).min(axis=1), 1)
    return [mean, least]


def _negated(best: Ids, claim: Ids, source: Ids, sentence: Ids, table: Floats) -> Floats:
    """1 where the counterpart has a negation near it and the token has none, -1 the reverse."""
    around, inside = _window(best, _SCOPE, len(source))
    there = table[source, NEGATION][around] > 0
    there &= inside & (sentence[around] == sentence[best][:, None])
    beside, within = _window(np.arange(len(claim)), _SCOPE, len(claim))
    here = (table[claim, NEGATION][beside] > 0) & within
    found: Floats = there.any(axis=1).astype(np.float32) - here.any(axis=1)
    return found


def _same_neighbours(cosines: Floats, best: Ids) -> list[NDArray[np.generic]]:
    """How near the token before is to the one before the counterpart, and the one behind to the
    one behind."""
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
    """Positions from ``half`` before to ``half`` behind each, and which of them there are."""
    around = at[:, None] + np.arange(-half, half + 1)[None]
    return around.clip(0, length - 1), (around >= 0) & (around < length)
