"""Salience of sentences: how much of what the items tell each of them tells; and repetition."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.cache import cached_by_text
from summarizer.text.dates import mentions
from summarizer.text.quantities import quantities
from summarizer.text.tokens import fold, read

Matrix = NDArray[np.float64]

_MAX_VOCABULARY = 4000
_REPEATS = 0.65  # shared stems / stems of the shorter sentence, and
_OVERLAPS = 0.55  # shared stems / stems of the longer one, from which they repeat each other
_CONTAINED = 0.85  # shared stems / stems of the shorter one, from which it adds nothing
_SHARED = 0.4  # shared stems / stems of the shorter one, with an amount in common
_OPENING = 0.3  # shared stems / stems of the shorter one, of two items' first sentences
_HALF = 0.5  # shared stems / stems of the shorter one, with names in common
_TOGETHER = 2  # amounts and names in common, above which they tell of one thing
_ONE_DAY = dt.timedelta(days=1)
_PARTICULAR = 100  # amounts from which two equal ones are no chance
_SAME = 0.72  # Jaccard of stems from which two sentences may state the same fact
_NEAR = 0.5  # cosine below which sentences are not compared word by word
_DIGITS = 9  # decimals of a score; further ones differ between linear algebra libraries


@dataclass(frozen=True)
class Ranking:
    """Salience and similarity of sentences, by their index.

    Args:
        salience: importance of each sentence for the incident, 0–1.
        likeness: cosine of each pair of sentences, 0–1.
        gist: how often the items use each word.
    """

    sentences: tuple[Sentence, ...]
    salience: Matrix
    likeness: Matrix
    gist: Gist

    def score(self, sentence: Sentence) -> float:
        """Salience of a sentence, 0–1."""
        return float(self.salience[sentence.index])

    def near(self, sentence: Sentence) -> list[int]:
        """Indices of sentences with a cosine of at least ``_NEAR``, in order."""
        return [int(i) for i in np.flatnonzero(self.likeness[sentence.index] >= _NEAR)]

    def alike(self, a: Sentence, b: Sentence) -> float:
        """Cosine of two sentences, 0–1."""
        return float(self.likeness[a.index, b.index])


class Gist:
    """How often the items use each word, in headline and text; copies count once."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        told: dict[str, Counter[str]] = {}
        for s in sentences:
            if s.item.origin not in told:
                told[s.item.origin] = Counter(read(s.item.title).content_set)
            told[s.item.origin].update(s.stems)
        self._told = [(words, sqrt(sum(n * n for n in words.values()))) for words in told.values()]

    def share(self, stems: frozenset[str]) -> float:
        """Mean cosine of a set of stems with the words of each item, 0–1."""
        shares = [sum(words[s] for s in stems) / max(1.0, length) for words, length in self._told]
        return sum(shares) / max(1, len(shares)) / sqrt(max(1, len(stems)))


def rank(sentences: Sequence[Sentence]) -> Ranking:
    """Score sentences by their share of what the items tell, and by their position in the item.

    On stories of newsrooms this chooses as well as LexRank, support by other origins, closeness to
    titles, position and length together (docs/decisions/0058-salience.md).
    """
    vectors = _tf_idf([s.stems for s in sentences])
    likeness = np.round(vectors @ vectors.T, _DIGITS)
    gist = Gist(sentences)
    lead = np.array([0.45 + 0.55 / (1.0 + 0.35 * s.position) for s in sentences])
    raw = np.array([gist.share(s.stems) for s in sentences]) * lead
    top = float(raw.max(initial=0.0)) or 1.0
    return Ranking(tuple(sentences), np.round(raw / top, _DIGITS), likeness, gist)


def _tf_idf(documents: Sequence[frozenset[str]]) -> Matrix:
    counts = Counter(stem for document in documents for stem in document)
    common = sorted(counts, key=lambda s: (-counts[s], s))[:_MAX_VOCABULARY]
    column = {stem: n for n, stem in enumerate(common)}
    vectors = np.zeros((len(documents), max(1, len(column))))
    for row, document in enumerate(documents):
        for stem in document:
            if stem in column:
                vectors[row, column[stem]] = np.log(1.0 + len(documents) / counts[stem])
    return _normalised(vectors)


def _normalised(vectors: Matrix) -> Matrix:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Matrix = vectors / np.where(lengths == 0.0, 1.0, lengths)
    return scaled


def same_fact(a: Sentence, b: Sentence) -> bool:
    """Whether two sentences state the same fact: similar words, equal numbers and names."""
    shared = len(a.stems & b.stems)
    if shared < _SAME * max(1, len(a.stems | b.stems)) or a.numbers != b.numbers:
        return False
    (first, names), (other_first, others) = _capitals(a), _capitals(b)
    return names <= others | {other_first} and others <= names | {first}


def repeats(a: Sentence, b: Sentence) -> bool:
    """Whether one of two sentences adds little to the other.

    They share most words; or many words and names; or some words as the openings of two items of
    about one day, which tell of one event; or particular amounts with many words or, as across
    languages, names.
    """
    shared = len(a.stems & b.stems)
    shorter, longer = sorted((max(1, len(a.stems)), max(1, len(b.stems))))
    contained = shared >= _CONTAINED * shorter
    if contained or (shared >= _REPEATS * shorter and shared >= _OVERLAPS * longer):
        return True
    named = len(_capitals(a)[1] & _capitals(b)[1])
    if named > _TOGETHER and shared >= _HALF * shorter:
        return True
    open_ = a.position == b.position == 0 and a.item.key != b.item.key
    if open_ and _are_of_one_day(a, b) and shared >= _OPENING * shorter:
        return True
    amounts = len(_amounts(a.text) & _amounts(b.text))
    return amounts > 0 and (shared >= _SHARED * shorter or amounts + named > _TOGETHER)


def _are_of_one_day(a: Sentence, b: Sentence) -> bool:
    """Whether two sentences were published within a day of each other, as far as is known."""
    first, second = a.item.published_at, b.item.published_at
    return first is None or second is None or abs(first - second) <= _ONE_DAY


@cached_by_text
def _amounts(text: str) -> frozenset[float]:
    """Amounts in a text that hardly stand there by chance: large or broken ones, and no dates."""
    dated = mentions(text)
    return frozenset(
        q.value
        for q in quantities(text)
        if not any(d.start <= q.start < d.end for d in dated)
        and (q.value >= _PARTICULAR or q.value % 1)
    )


def _capitals(sentence: Sentence) -> tuple[str, frozenset[str]]:
    """The first word, and the other words that are capitalised; folded."""
    words = [word.strip("“”\"'’.,;:()") for word in sentence.text.split()]
    return fold(words[0]), frozenset(fold(word) for word in words[1:] if word[:1].isupper())


def varied(
    candidates: Sequence[Sentence],
    worth: dict[int, float],
    likeness: Matrix,
    chosen: Sequence[Sentence],
    limit: int,
    balance: float = 0.6,
) -> list[Sentence]:
    """Select sentences by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).

    Args:
        candidates: sentences to select from.
        worth: value of each candidate by index, 0–1.
        likeness: cosine of each pair of sentences.
        chosen: sentences already on the page; candidates that repeat one are skipped.
        limit: maximum number of selected sentences.
        balance: weight of worth against novelty, 0–1.
    """
    picked: list[Sentence] = []
    left = sorted(candidates, key=lambda s: (-worth[s.index], s.index))
    while left and len(picked) < limit:
        shown = [*chosen, *picked]
        left = [s for s in left if not any(repeats(s, other) for other in shown)]
        if not left:
            break
        best = max(left, key=lambda s: _margin(s, worth, likeness, shown, balance))
        picked.append(best)
        left.remove(best)
    return picked


def _margin(
    sentence: Sentence,
    worth: dict[int, float],
    likeness: Matrix,
    shown: Sequence[Sentence],
    balance: float,
) -> tuple[float, int]:
    nearest = max((float(likeness[sentence.index, s.index]) for s in shown), default=0.0)
    margin = balance * worth[sentence.index] - (1.0 - balance) * nearest
    return round(margin, _DIGITS), -sentence.index
