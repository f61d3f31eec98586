"""Selection of the source sentences that each sentence of a claim is compared with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from summarizer.text.tokens import read

MOST_SENTENCES = 5
"""Most source sentences for one sentence of a claim."""
MOST_CHARACTERS = 600
"""Characters of a sentence that are used; the rest is cut."""
MOST_CLAIM_SENTENCES = 14
"""Sentences of a claim that are used; a longer claim is an article."""
CANDIDATES = 40


class Pair(NamedTuple):
    """One sentence of a claim with its source sentences, in source order."""

    claim: str
    sources: tuple[str, ...]


class _Sentence(NamedTuple):
    text: str
    content: frozenset[str]


class SourceSentences:
    """All sentences of a claim's sources, with the number of sentences for each word."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._sentences = [sentence for text in texts for sentence in _sentences(text)]
        self._found_in = Counter(word for s in self._sentences for word in s.content)

    def pairs(self, claim: str) -> list[Pair]:
        """Sentences of the claim, each with its selected source sentences; none without either."""
        if not self._sentences:
            return []
        return [
            Pair(sentence.text, tuple(self._sentences[i].text for i in self._chosen(sentence)))
            for sentence in _sentences(claim)[:MOST_CLAIM_SENTENCES]
        ]

    def _chosen(self, claim: _Sentence) -> list[int]:
        """Indices of the most similar sentence and of those that add most missing words."""
        ranked = sorted(range(len(self._sentences)), key=lambda i: (-self._likeness(claim, i), i))
        chosen = ranked[:1]
        missing = claim.content - self._sentences[ranked[0]].content
        while len(chosen) < min(MOST_SENTENCES, len(ranked)):
            left = [i for i in ranked[:CANDIDATES] if i not in chosen]
            gain = {i: self._gain(claim, missing, i) for i in left}
            best = max(left, key=lambda i: (gain[i], -i))
            chosen.append(best)
            missing = missing - self._sentences[best].content
        return sorted(chosen)

    def _likeness(self, claim: _Sentence, i: int) -> float:
        content = self._sentences[i].content
        whole = self._weight(claim.content) or 1.0
        # Of two sentences with the same words of the claim, prefer the shorter.
        return self._weight(claim.content & content) / whole - 0.0005 * len(content)

    def _gain(self, claim: _Sentence, missing: frozenset[str], i: int) -> float:
        content = self._sentences[i].content
        return self._weight(missing & content) + 0.3 * self._weight(claim.content & content)

    def _weight(self, words: frozenset[str]) -> float:
        """Total weight of words, by rarity in these sources."""
        count = len(self._sentences)
        return sum(math.log(1 + count / (1 + self._found_in[word])) for word in sorted(words))


def _sentences(text: str) -> list[_Sentence]:
    reading = read(text)
    found = (
        _Sentence(text[span.start : span.end].strip()[:MOST_CHARACTERS], content)
        for span, content in zip(reading.spans, reading.sentence_contents, strict=True)
    )
    return [sentence for sentence in found if sentence.text]
