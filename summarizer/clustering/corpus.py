"""What clustering has learned of all stored items, so that a process starts without reading them.

Word counts, and which items have a word, are stored in blocks of items.  A process reads the counts
and the fingerprints of the items after the last block, and closes a block when these are many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from summarizer.clustering.candidates import StoredMemory
from summarizer.clustering.fingerprint import ItemFingerprint
from summarizer.clustering.inverted_index import MOST_OF_A_WORD, Holding
from summarizer.clustering.pair_features import SEARCHED, PairFeatures
from summarizer.clustering.tfidf import Ints, TfIdf
from summarizer.storage.corpus import CorpusStore, Learned

BLOCK = 4_096
"""Items of a block: a start reads as many fingerprints at most, in a third of a second."""

LOOKED_AT = 64
"""Newest blocks in which a word is looked up; older items are found by their meaning alone."""

BLOCKS_AT_ONCE = 4
"""Blocks read at one time for a common word, of which the newest items are enough."""

READ = 1_000
"""Fingerprints read at one time."""


_NONE: Ints = np.zeros(0, dtype=np.int64)


class Corpus:
    """The features of pairs of stored items; not thread-safe.

    Attributes:
        pairs: features of pairs, of all items that were learned.
        upto: number of the last item in a block.
    """

    def __init__(self, stored: CorpusStore, memory: StoredMemory) -> None:
        """Read what was learned, or begin anew where fingerprints are of another version."""
        self._stored = stored
        self._memory = memory
        self._learned = stored.learned()
        if self._learned is not None and self._learned.version != memory.version:
            stored.clear()
            self._learned = None
        if self._learned is None:
            self.pairs = PairFeatures(memory, earlier=self._earlier)
        else:
            self.pairs = PairFeatures(
                memory,
                earlier=self._earlier,
                table=TfIdf.from_parts(self._learned.texts, stored.counts(self._learned.upto)),
                vectors=np.frombuffer(self._learned.vectors, "<i8").astype(np.int64),
            )
        self._open: set[int] = set()

    @property
    def upto(self) -> int:
        """Number of the last item in a block."""
        return 0 if self._learned is None else self._learned.upto

    def knows(self, number: int) -> bool:
        """Whether an item was learned."""
        return number <= self.upto or number in self._open

    def note(self, number: int) -> None:
        """Note that an item was learned by ``pairs``."""
        self._open.add(number)

    def learn(self, known: Mapping[int, ItemFingerprint]) -> None:
        """Learn items that are stored."""
        self.pairs.count(list(known.items()))
        self._open |= known.keys()

    def close_blocks(self, settled: int) -> bool:
        """Store what was learned of full blocks of items.

        Args:
            settled: number up to which every item is in an incident and was learned.

        Returns:
            ``False`` if another process has done so, and this is to be made anew.
        """
        while True:
            numbers = sorted(number for number in self._open if number <= settled)[:BLOCK]
            if len(numbers) < BLOCK:
                return True
            if not self._close(numbers):
                return False

    def _close(self, numbers: Sequence[int]) -> bool:
        block = 1 if self._learned is None else self._learned.blocks + 1
        self._stored.keep_items_with(block, _items_by_word(self._imprints(numbers)))
        rest = list(self._imprints(sorted(self._open.difference(numbers))))
        vectors = self.pairs.without(rest)
        texts, parts = self.pairs.table.to_parts()
        self._stored.keep_counts(numbers[-1], parts)
        now = Learned(
            self._memory.version, numbers[-1], block, texts, vectors.astype("<i8").tobytes()
        )
        if not self._stored.advance(self._learned, now):
            return False
        self._learned = now
        self._open.difference_update(numbers)
        self.pairs.vectors = vectors
        self.pairs.only(rest)
        return True

    def _imprints(self, numbers: Sequence[int]) -> Iterator[tuple[int, ItemFingerprint]]:
        rest = iter(numbers)
        while part := list(islice(rest, READ)):
            yield from self._memory.recall(part).items()

    def _earlier(self, words: Sequence[int]) -> Holding:
        """Look words up in the newest blocks; a common one is read when it is asked for."""
        if self._learned is None:
            return lambda word: _NONE
        blocks = self._learned.blocks
        hashes = np.array(words, dtype=np.uint32)
        common = self.pairs.table.holders(hashes) > MOST_OF_A_WORD
        signed = dict(zip(words, hashes.view(np.int32).tolist(), strict=True))
        rare = hashes[~common].view(np.int32).tolist()
        found = self._stored.items_with(rare, blocks - LOOKED_AT, blocks)
        read = dict(zip(words, common.tolist(), strict=True))

        def holding(word: int) -> Ints:
            key = signed[word]
            parts = self._newest(key, blocks) if read[word] else found.get(key, ())
            return np.frombuffer(b"".join(parts), "<u4").astype(np.int64)

        return holding

    def _newest(self, word: int, blocks: int) -> list[bytes]:
        """Numbers of the newest ``MOST_OF_A_WORD`` items or more, by their blocks."""
        found: list[bytes] = []
        oldest = max(0, blocks - LOOKED_AT)
        while blocks > oldest and sum(map(len, found)) < 4 * MOST_OF_A_WORD:
            after = max(oldest, blocks - BLOCKS_AT_ONCE)
            found += self._stored.items_with([word], after, blocks).get(word, ())
            blocks = after
        return found


def _items_by_word(
    known: Iterator[tuple[int, ItemFingerprint]],
) -> Iterator[tuple[int, bytes]]:
    """Words that are searched for, as signed hashes, and the numbers of the items with each."""
    words, lengths, numbers = [], [], []
    for number, imprint in known:
        mine = np.concatenate([imprint.words_of(field) for field in SEARCHED])
        words.append(mine)
        lengths.append(len(mine))
        numbers.append(number)
    flat = np.concatenate(words).view(np.int32)
    of_items = np.repeat(np.array(numbers, dtype="<u4"), lengths)
    order = np.lexsort((of_items, flat))
    flat, of_items = flat[order], of_items[order]
    starts = np.flatnonzero(np.diff(flat, prepend=flat[:1] - 1)).tolist()
    for start, end in zip(starts, [*starts[1:], len(flat)], strict=True):
        yield int(flat[start]), of_items[start:end].tobytes()
