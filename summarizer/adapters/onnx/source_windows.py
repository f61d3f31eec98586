"""Windows: stretches of the sources that fit into a cross-encoder beside a claim.

Sources are read in order as one row of sentences, so that a claim that joins two short passages is
held against both.  Where they don't fit at once, each window begins in the middle of the one
before, and one more window holds the sentences most like the claim, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from summarizer.text.sentences import sentences
from summarizer.text.tokens import coverage, read

MOST_WINDOWS = 12
"""Most windows of one claim: those with most words of the claim.  At 512 tokens, and half of each
new, they hold 20,000 characters."""

Offsets = Callable[[Sequence[str]], list[list[tuple[int, int]]]]
"""For each text, start and end of each of its tokens."""


class _Part(NamedTuple):
    text: str
    length: int
    content: frozenset[str]


class SourceWindows:
    """The sentences of a claim's sources, measured once for all claims on them.

    Args:
        texts: the sources.
        offsets: the model's tokens.
        longest: tokens from which a sentence is cut, so that two parts fit into a window.
    """

    def __init__(self, texts: Sequence[str], offsets: Offsets, longest: int) -> None:
        found = [text[s.start : s.end] for text in texts for s in sentences(text)]
        written = [sentence for sentence in found if sentence.strip()]
        self._parts = [
            part
            for sentence, places in zip(written, offsets(written), strict=True)
            for part in _cut(sentence, places, longest)
        ]

    def of(self, claim: str, room: int) -> list[str]:
        """Windows to hold a claim against, in a fixed order; none without a sentence.

        Args:
            claim: one sentence.
            room: tokens that a window may have.
        """
        if sum(part.length for part in self._parts) <= room:
            return [_joined(self._parts)] if self._parts else []
        words = read(claim).content_set
        spans = list(self._spans(room))

        def likeness(span: tuple[int, int]) -> float:
            there = frozenset().union(*(part.content for part in self._parts[slice(*span)]))
            return coverage(words, there)

        best = sorted(spans, key=likeness, reverse=True)[: MOST_WINDOWS - 1]
        windows = [_joined(self._parts[slice(*span)]) for span in sorted(best)]
        return list(dict.fromkeys([*windows, self._most_alike(words, room)]))

    def _spans(self, room: int) -> Iterator[tuple[int, int]]:
        """First and last part of each window."""
        start = 0
        while True:
            end, used = start, 0
            while end < len(self._parts) and used + self._parts[end].length <= room:
                used += self._parts[end].length
                end += 1
            yield start, end
            if end >= len(self._parts):
                return
            start = max(start + 1, (start + end) // 2)

    def _most_alike(self, words: frozenset[str], room: int) -> str:
        """The sentences that share most words with the claim, in the order of the sources."""
        order = sorted(
            range(len(self._parts)), key=lambda n: (-len(words & self._parts[n].content), n)
        )
        chosen, used = [], 0
        for n in order:
            if used + self._parts[n].length > room:
                break
            used += self._parts[n].length
            chosen.append(n)
        return _joined([self._parts[n] for n in sorted(chosen)])


def _cut(sentence: str, places: Sequence[tuple[int, int]], longest: int) -> Iterator[_Part]:
    """A sentence, in parts of at most ``longest`` tokens."""
    for first in range(0, max(1, len(places)), longest):
        inside = places[first : first + longest]
        whole = len(places) <= longest
        text = sentence if whole else sentence[inside[0][0] : inside[-1][1]]
        yield _Part(text, len(inside), read(text).content_set)


def _joined(parts: Sequence[_Part]) -> str:
    return " ".join(part.text for part in parts)
