"""What is kept of a read item: as small as it can be compared from, and the same after a restart.

A word is a number of 32 bits, made of it and of the field that it stands in, so that nothing needs
to know all words that ever came.  Two of a hundred thousand items share such a number by chance in
one word of some thousands.
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

VERSION = "1"
"""Of the reader and of this form.  Imprints of another version are made anew from the items; a test
fails while a reader that reads otherwise has an old version."""

MOST_COUNTED = 255
"""Mentions of one word, beyond which none is counted."""

_HEAD = struct.Struct(f"<{len(FIELDS)}I H I ? d")
"""Words of each field, length of the vector, distinct words, shortness, day."""

_SEEDS = {name: zlib.crc32(name.encode()) for name in FIELDS}


@dataclass(frozen=True, eq=False)
class ItemFingerprint:
    """What is compared of an item.

    Args:
        words: numbers of the words, field after field in the order of ``FIELDS``, ascending within
            each.
        counts: how often each is there, 1–255.
        lengths: how many words each field has.
        vector: of the item's heading, of length 1.
        ages: see ``Reading``, as are the next six.
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
        """Numbers of the words of one field, ascending."""
        place = FIELDS.index(field)
        start = sum(self.lengths[:place])
        return self.words[start : start + self.lengths[place]]


def of(reading: ItemFeatures, vector: Vector, label: str | None = None) -> ItemFingerprint:
    """The imprint of what was read of an item."""
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
    """To be stored; ``from_bytes`` reads it."""
    head = _HEAD.pack(
        *imprint.lengths,
        len(imprint.vector),
        imprint.distinct,
        imprint.short,
        math.nan if imprint.day is None else imprint.day,
    )
    told = [
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
    return b"".join((head, *arrays, json.dumps(told).encode()))


def from_bytes(stored: bytes) -> ItemFingerprint:
    """The imprint that ``to_bytes`` wrote."""
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
