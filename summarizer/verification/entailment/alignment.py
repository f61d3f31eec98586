"""The shipped entailment: the alignment network combined with the lexical regression."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from summarizer.ports.models import TokenEmbedder
from summarizer.verification.entailment.lexical import VERBATIM, LexicalEntailment
from summarizer.verification.entailment.network import Network, Tokens, joined
from summarizer.verification.entailment.sentence_selection import Pair, SourceSentences
from summarizer.verification.scoring import log_odds, probability

MODEL = Path(__file__).parent / "models" / "alignment" / "network.npz"

KEPT_SENTENCES = 2_000
"""Most sentences in the cache of token vectors: about 50 MB at 16 bits."""


class AlignmentEntailment:
    """Entailment by the alignment network alone; an ``Entailment``, thread-safe.

    Args:
        embedder: embedder that the network was trained with, MiniLM.
        network: the network; the shipped one by default.
    """

    def __init__(self, embedder: TokenEmbedder, network: Network | None = None) -> None:
        self._embedder = embedder
        self._network = network or Network(MODEL)
        self._kept: OrderedDict[str, Tokens] = OrderedDict()
        self._lock = Lock()

    @property
    def name(self) -> str:
        """Name with the first digits of the weights' hash."""
        return f"alignment-{self._network.version}"

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """Support probability, 0–1, of each pair, in order; 0 without claim or sources."""
        found = []
        latest: tuple[tuple[str, ...], SourceSentences] | None = None
        for claim, texts in pairs:
            key = tuple(texts)
            if latest is None or latest[0] != key:
                latest = key, SourceSentences(key)
            found.append(self._support(latest[1].pairs(claim)))
        return found

    def _support(self, pairs: Sequence[Pair]) -> float:
        made = self._tokens([text for pair in pairs for text in (pair.claim, *pair.sources)])
        given = [
            (made[pair.claim], joined([made[text] for text in pair.sources])) for pair in pairs
        ]
        given = [(claim, source) for claim, source in given if len(claim.ids) and len(source.ids)]
        if not given:
            return 0.0
        return probability(self._network.support(given))

    def _tokens(self, texts: Sequence[str]) -> dict[str, Tokens]:
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        made = {
            text: Tokens(ids, states.astype(np.float16).astype(np.float32))
            for text, (ids, states) in zip(missing, self._embedder.tokens(missing), strict=True)
        }
        with self._lock:
            for text, row in made.items():
                self._kept[text] = Tokens(row.ids, row.states.astype(np.float16))
            while len(self._kept) > KEPT_SENTENCES:
                self._kept.popitem(last=False)
        return found | made


BIAS = -0.1292
LEXICAL_WEIGHT = 0.6050
ALIGNMENT_WEIGHT = 0.2832
"""Weights of the two log-odds, fitted by ``python scripts/fit_verifier.py`` on out-of-fold scores
of the data sets named in ``lexical``."""


class CombinedEntailment:
    """Entailment by word overlap and alignment together; an ``Entailment``."""

    def __init__(self, alignment: AlignmentEntailment) -> None:
        self._alignment = alignment
        self._lexical = LexicalEntailment()

    @property
    def name(self) -> str:
        """Names and versions of both."""
        return f"{self._lexical.name}+{self._alignment.name}"

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """Support probability, 0–1, of each pair, in order; 0 without claim or sources."""
        words = self._lexical.support(pairs)
        open_ = [pair for pair, w in zip(pairs, words, strict=True) if not decided(w)]
        aligned = iter(self._alignment.support(open_))
        return [w if decided(w) else combined(w, next(aligned)) for w in words]


def decided(words: float) -> bool:
    """Whether words alone give the probability: of a verbatim claim, and of one without sources."""
    return words in (0.0, VERBATIM)


def combined(words: float, aligned: float) -> float:
    """Probability from both, of a claim that words do not decide."""
    odds = BIAS + LEXICAL_WEIGHT * log_odds(words) + ALIGNMENT_WEIGHT * log_odds(aligned)
    return probability(odds)
