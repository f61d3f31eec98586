"""Near-duplicate texts, such as copies of a wire story with another lead or end.

A text is compared by its shingles, its sequences of five consecutive words (Broder, "On the
resemblance and containment of documents", 1997).  MinHash bands find candidates without comparing
every pair; the exact overlap of the shingles then decides.  Results depend on the text alone and
are the same on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from summarizer.text.boilerplate import strip_dateline
from summarizer.text.cache import cached_by_text
from summarizer.text.names import names

Shingles = NDArray[np.uint64]
"""Hashes of the distinct shingles of a text, ascending."""

SHINGLE_WORDS = 5
"""Words of a shingle: enough that independent reports seldom share one outside quotes and names."""

FEWEST_WORDS = 8
"""Least words of a text with shingles; a shorter text is a copy only when equal."""

BANDS = 48
ROWS = 2
"""A pair with resemblance J shares a band with probability 1 - (1 - J ** ROWS) ** BANDS: 99% at
J = 0.30, 86% at 0.20, 11% at 0.05.  Half of a story copied verbatim has J = 0.5."""

MOST = 0.5
"""Least share of both texts that a copy and its original have in common.  Among 1,031 news articles
grouped by event, cut and edited wire copies had 0.54 to 1; articles that only share quotes and
boilerplate had less than 0.49."""

WHOLE = 0.8
"""Least share of a text from which another one contains it whole."""

ADDS_LITTLE = 0.25
"""Least share of a longer copy that comes from the text it contains whole; with less it only quotes
that text, as a report quotes a short statement."""

SUBSTANTIAL = 16
"""Least shingles (20 words) of a text contained whole in a longer one; with fewer it is a quote."""

SAME_PARTICULARS = 0.5
"""Share of names and numbers, of the text with fewer, above which two texts are copies: texts of
one template share sentences and differ in these."""

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_CHUNK = 512
"""Shingles whose MinHashes are computed at a time: their numbers stay in the processor's cache."""


@cached_by_text
def shingles(text: str) -> Shingles:
    """Shingles of a text without datelines; none for fewer than ``FEWEST_WORDS`` words."""
    text = strip_dateline(text)
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    if len(words) < FEWEST_WORDS:
        return np.empty(0, dtype=np.uint64)
    hashes = np.fromiter(map(_hash, words), dtype=np.uint64, count=len(words))
    count = len(hashes) - SHINGLE_WORDS + 1
    rolled = hashes[:count].copy()
    for n in range(1, SHINGLE_WORDS):
        rolled *= _MULTIPLIER
        rolled += hashes[n : n + count]
    found = np.sort(_mixed(rolled))
    is_new = np.ones(count, dtype=bool)
    np.not_equal(found[1:], found[:-1], out=is_new[1:])
    return found[is_new]  # np.unique takes three times as long, and imports masked arrays


@cached_by_text
def bands_of(text: str) -> tuple[int, ...]:
    """``bands`` of the shingles of a text."""
    return bands(shingles(text))


def bands(found: Shingles) -> tuple[int, ...]:
    """MinHash bands as signed 64-bit hashes; near-duplicates share at least one."""
    if not found.size:
        return ()
    lowest = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
    folded = _folded(found)
    for start in range(0, found.size, _CHUNK):
        # The fold of an exclusive or is that of its parts: it is computed once for each of them.
        values = _scrambled(folded[start : start + _CHUNK, None] ^ _FOLDED_SEEDS)
        np.minimum(lowest, values.min(axis=0), out=lowest)
    rows = lowest.reshape(BANDS, ROWS)
    banded = np.arange(BANDS, dtype=np.uint64)
    for n in range(ROWS):
        banded = _mixed(banded * _MULTIPLIER + rows[:, n])
    return tuple(banded.view(np.int64).tolist())


def copied(later: str, earlier: str) -> float:
    """Share of the later text that was copied from the earlier one, 0–1; 0 if it is no copy.

    A copy has most of both texts, is contained whole, or contains the earlier text whole and adds
    little.
    """
    of_later, of_earlier = overlap(later, earlier)
    most = min(of_later, of_earlier) >= MOST
    cut_out = of_later >= WHOLE and shingles(later).size >= SUBSTANTIAL
    extended = contains(later, earlier) and of_later >= ADDS_LITTLE
    if not (most or cut_out or extended) or not _same_particulars(later, earlier):
        return 0.0
    return of_later


def contains(text: str, part: str) -> bool:
    """Whether a text contains another one whole, and not as a short quote."""
    return overlap(text, part)[1] >= WHOLE and shingles(part).size >= SUBSTANTIAL


@lru_cache(maxsize=200)  # asked for several times for each pair, and pairs come one by one
def overlap(one: str, other: str) -> tuple[float, float]:
    """Share of the shingles of each text that the other one has, 0–1."""
    mine, theirs = shingles(one), shingles(other)
    if not mine.size or not theirs.size:
        return 0.0, 0.0
    shared = np.intersect1d(mine, theirs, assume_unique=True).size
    return shared / mine.size, shared / theirs.size


def _same_particulars(one: str, other: str) -> bool:
    mine, theirs = _particulars(one), _particulars(other)
    fewer = min(len(mine), len(theirs))
    return not fewer or len(mine & theirs) > SAME_PARTICULARS * fewer


@cached_by_text
def _particulars(text: str) -> frozenset[str]:
    """Words of the names, and the numbers, of a text without datelines."""
    text = strip_dateline(text)
    words = (word for name in names(text) for word in name.words)
    return frozenset((*words, *_NUMBER.findall(text)))


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8"), digest_size=8).digest(), "big")


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes mixed by the finalizer of SplitMix64 (Steele, Lea, Flood 2014), in which every bit
    depends on every other; multiplication overflows on purpose."""
    return _scrambled(_folded(values))


def _folded(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The first step of the finalizer, as new values."""
    return values ^ (values >> np.uint64(30))


def _scrambled(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Its other steps, in the place of the values."""
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


_FOLDED_SEEDS = _folded(_mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64) * _MULTIPLIER))
