"""Fingerprints: the stored form of an item's features and heading vector.

A word is stored as a 32-bit hash of the word and its field, so that no vocabulary is needed.  Among
100,000 items, about one word in some thousands shares its hash with another.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.clustering.features import FIELDS, ItemFeatures

Vector = NDArray[np.float32]
Words = NDArray[np.uint32]

VERSION = "2"
"""Version of the features and of the stored form.  Fingerprints of other versions are computed
again; a test fails if the features change and the version does not."""

MOST_COUNTED = 255
"""Largest count of one word, so that it fits a byte."""

_HEAD = struct.Struct(f"<{len(FIELDS)}I H I ? d")
"""Words of each field, length of the vector, ``distinct``, ``short``, ``day``."""

_SEEDS = {name: zlib.crc32(name.encode()) for name in FIELDS}


@dataclass(frozen=True, eq=False)
class ItemFingerprint:
    """Fingerprint of an item; the other attributes are those of ``ItemFeatures``.

    Args:
        words: hashes of the words, field after field in the order of ``FIELDS``, ascending within
            each field.
        counts: count of each word, 1–255.
        lengths: number of words of each field.
        vector: embedding of the item's heading, of length 1.
        label: the sender's own key of the incident.
    """

    words: Words
    counts: NDArray[np.uint8]
    lengths: tuple[int, ...]
    vector: Vector
    ages: frozenset[str]
    streets: frozenset[str]
    days: frozenset[int]
    host: str
    day: float | None
    short: bool
    distinct: int
    label: str | None = None

    def words_of(self, field: str) -> Words:
        """Hashes of the words of one field, ascending."""
        place = FIELDS.index(field)
        start = sum(self.lengths[:place])
        return self.words[start : start + self.lengths[place]]


def of(reading: ItemFeatures, vector: Vector, label: str | None = None) -> ItemFingerprint:
    """The fingerprint of an item's features and heading vector."""
    words: list[Words] = []
    counts: list[NDArray[np.uint8]] = []
    for name in FIELDS:
        found = reading.fields[name]
        numbers = _numbers(_SEEDS[name], list(found))
        order = np.argsort(numbers, kind="stable")
        amounts = np.fromiter(found.values(), dtype=np.int64, count=len(found))
        words.append(numbers[order])
        counts.append(np.minimum(amounts, MOST_COUNTED).astype(np.uint8)[order])
    return ItemFingerprint(
        words=np.concatenate(words),
        counts=np.concatenate(counts),
        lengths=tuple(map(len, words)),
        vector=np.asarray(vector, dtype=np.float32),
        ages=reading.ages,
        streets=reading.streets,
        days=reading.days,
        host=reading.host,
        day=reading.day,
        short=reading.short,
        distinct=reading.distinct,
        label=label,
    )


def _numbers(seed: int, words: Sequence[str]) -> Words:
    found = (zlib.crc32(word.encode("utf-8", "surrogatepass"), seed) for word in words)
    return np.fromiter(found, dtype=np.uint32, count=len(words))


def to_bytes(imprint: ItemFingerprint) -> bytes:
    """The stored form, which ``from_bytes`` reads."""
    head = _HEAD.pack(
        *imprint.lengths,
        len(imprint.vector),
        imprint.distinct,
        imprint.short,
        math.nan if imprint.day is None else imprint.day,
    )
    slots = [
        sorted(imprint.ages),
        sorted(imprint.streets),
        sorted(imprint.days),
        imprint.host,
        imprint.label,
    ]
    arrays = (
        imprint.words.astype("<u4").tobytes(),
        imprint.vector.astype("<f4").tobytes(),
        imprint.counts.tobytes(),
    )
    return b"".join((head, *arrays, json.dumps(slots).encode()))


def from_bytes(stored: bytes) -> ItemFingerprint:
    """The fingerprint that ``to_bytes`` wrote."""
    *lengths, size, distinct, short, day = _HEAD.unpack_from(stored)
    total, place = sum(lengths), _HEAD.size
    words = np.frombuffer(stored, "<u4", total, place)
    vector = np.frombuffer(stored, "<f4", size, place + 4 * total)
    counts = np.frombuffer(stored, np.uint8, total, place + 4 * (total + size))
    ages, streets, days, host, label = json.loads(stored[place + 4 * (total + size) + total :])
    return ItemFingerprint(
        words=words,
        counts=counts,
        lengths=tuple(lengths),
        vector=vector,
        ages=frozenset(ages),
        streets=frozenset(streets),
        days=frozenset(days),
        host=host,
        day=None if math.isnan(day) else day,
        short=short,
        distinct=distinct,
        label=label,
    )
