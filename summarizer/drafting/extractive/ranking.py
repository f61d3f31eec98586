"""Salience of sentences (centrality, independent support, titles, position) and repetition.

Centrality is LexRank (Erkan and Radev, JAIR 22, 2004): the stationary distribution of a random
walk over sentences that are joined if their TF-IDF cosine is at least 0.1, with damping 0.15.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.cache import cached_by_text
from summarizer.text.dates import mentions
from summarizer.text.quantities import quantities
from summarizer.text.tokens import fold, read

Matrix = NDArray[np.float64]

_JOINED = 0.1  # cosine from which LexRank joins two sentences, as in the paper
_DAMPING = 0.15
_MANY = 20  # sentences from which one that shares no words with another tells of something else
_ROUNDS = 40
_RELATED = 0.25  # cosine from which a sentence of another origin supports a sentence
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
        centre: closeness of each sentence to the titles of the items, 0–1.
    """

    sentences: tuple[Sentence, ...]
    salience: Matrix
    likeness: Matrix
    centre: Matrix

    def score(self, sentence: Sentence) -> float:
        """Salience of a sentence, 0–1."""
        return float(self.salience[sentence.index])

    def near(self, sentence: Sentence) -> list[int]:
        """Indices of sentences with a cosine of at least ``_NEAR``, in order."""
        return [int(i) for i in np.flatnonzero(self.likeness[sentence.index] >= _NEAR)]

    def is_apart(self, sentence: Sentence) -> bool:
        """Whether a sentence of a large pack is joined to no other."""
        joined = int((self.likeness[sentence.index] >= _JOINED).sum())
        return len(self.sentences) > _MANY and joined <= 1

    def alike(self, a: Sentence, b: Sentence) -> float:
        """Cosine of two sentences, 0–1."""
        return float(self.likeness[a.index, b.index])


def rank(sentences: Sequence[Sentence]) -> Ranking:
    """Score sentences by centrality, independent origins, titles, position and length.

    The score is the product of five factors, scaled to at most 1: LexRank centrality,
    1 + log2 of the number of origins with a related sentence, closeness to the items' titles,
    position in the item, and length up to ten stems.  Offsets keep single factors from deciding.
    """
    vectors = _tf_idf([s.stems for s in sentences])
    likeness = np.round(vectors @ vectors.T, _DIGITS)
    centre = _closeness_to_titles(sentences, vectors)
    support = 1.0 + np.log2(np.maximum(1.0, _related_origins(sentences, likeness)))
    lead = np.array([0.45 + 0.55 / (1.0 + 0.35 * s.position) for s in sentences])
    length = np.array([min(1.0, len(s.stems) / 10.0) for s in sentences])
    raw = (0.25 + _lex_rank(likeness)) * support * (0.35 + centre) * lead * length
    top = float(raw.max(initial=0.0)) or 1.0
    return Ranking(tuple(sentences), np.round(raw / top, _DIGITS), likeness, centre)


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


def _lex_rank(likeness: Matrix) -> Matrix:
    """LexRank, scaled to a maximum of 1."""
    size = len(likeness)
    if size == 0:
        return np.zeros(0)
    joined = (likeness >= _JOINED).astype(np.float64)
    np.fill_diagonal(joined, 1.0)
    walk = joined / joined.sum(axis=1, keepdims=True)
    scores = np.full(size, 1.0 / size)
    for _ in range(_ROUNDS):
        scores = _DAMPING / size + (1.0 - _DAMPING) * (scores @ walk)
    scaled: Matrix = scores / scores.max()
    return scaled


def _related_origins(sentences: Sequence[Sentence], likeness: Matrix) -> Matrix:
    """Number of independent origins with a related sentence, the sentence's own included."""
    origins = sorted({s.item.origin for s in sentences})
    member = np.array([[s.item.origin == o for o in origins] for s in sentences], dtype=np.float64)
    if not len(sentences):
        return np.zeros(0)
    related: Matrix = (((likeness >= _RELATED) @ member) > 0).sum(axis=1).astype(np.float64)
    return related


def _closeness_to_titles(sentences: Sequence[Sentence], vectors: Matrix) -> Matrix:
    """Title words per square root of sentence length, scaled to a maximum of 1.

    A word is weighted by the number of independent origins whose title has it.
    """
    titles = {s.item.origin: s.item.title for s in sentences}
    counts = Counter(stem for title in titles.values() for stem in read(title).content_set)
    scores = np.array(
        [sum(counts[stem] for stem in s.stems) / max(1, len(s.stems)) ** 0.5 for s in sentences]
    )
    top = float(scores.max(initial=0.0))
    return scores / top if top else np.zeros(len(sentences))


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
