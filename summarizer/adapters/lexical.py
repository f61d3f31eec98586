"""Entailment without a model: a logistic regression over word overlap.

Fitted with ``python scripts/fit_lexical.py DIRECTORY`` on 2026-11-23 on 23 public sets of claims
labelled by people (RAGTruth, SummEdits, FRANK, QAGS, CLIFF, XSumFaith, EntFA, AttributionBench,
WiCE, SummEval, PolyTope, BUMP, SummHay, Factcheck-GPT, Goyal 2021), each weighing the same up to
600 rows and both classes weighing the same, L2 30 on standardised features.  Cross-validated by
document and by family of sets in the same script.  A stand-in: it knows no synonyms and cannot
read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from summarizer.adapters.lexical_features import NAMES, Sources, features
from summarizer.faithfulness.words import remembered, sentences

BIAS = -0.3834
WEIGHTS: Mapping[str, float] = {
    "mean_recall": -0.2479,
    "mean_long_recall": 0.3403,
    "mean_best_sentence": 0.1309,
    "mean_best_pair": 0.7252,
    "mean_bigrams": -0.6098,
    "mean_together": 0.0401,
    "mean_trigrams": -1.6302,
    "mean_unknown": -0.0730,
    "mean_unknown_run": 0.4382,
    "mean_unknown_late": -2.7430,
    "mean_numbers_unknown": -2.8884,
    "mean_capitals_unknown": -1.4673,
    "mean_clause_worst": 0.8575,
    "mean_alike": 0.6839,
    "mean_negation_differs": 0.4701,
    "mean_length": 2.8856,
    "mean_verbatim": 0.3823,
    "worst_recall": -0.4475,
    "worst_long_recall": -0.9505,
    "worst_best_sentence": 1.1506,
    "worst_best_pair": -0.3096,
    "worst_bigrams": 0.9719,
    "worst_together": -0.2897,
    "worst_trigrams": -0.0044,
    "worst_unknown": -0.3231,
    "worst_unknown_run": -0.1976,
    "worst_unknown_late": -0.8549,
    "worst_numbers_unknown": 0.7635,
    "worst_capitals_unknown": -0.4068,
    "worst_clause_worst": -0.5049,
    "worst_alike": 1.1337,
    "worst_negation_differs": -0.2138,
    "worst_length": -0.1791,
    "worst_verbatim": 1.0675,
    "sentences": 0.0216,
    "source_length": -1.2324,
}

VERBATIM = 0.98
"""Probability for a claim whose every sentence stands word for word in one source."""


class LexicalEntailment:
    """Support of a claim by the words of its sources; meets ``ports.Entailment``."""

    @property
    def name(self) -> str:
        """Name and version; the version rises when features or weights change."""
        return "lexical-1"

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """For each (claim, sources) a probability, 0–1, in order; 0 without claim or sources."""
        found = []
        latest: tuple[tuple[str, ...], Sources] | None = None
        for claim, texts in pairs:
            key = tuple(texts)
            if latest is None or latest[0] != key:
                latest = key, Sources(key)
            found.append(_support(claim, latest[1]))
        return found


def _support(claim: str, sources: Sources) -> float:
    if not claim.strip() or not sources.length:
        return 0.0
    if _verbatim(claim, sources):
        return VERBATIM
    odds = BIAS + float(_VECTOR @ features(claim, sources))
    return float(1 / (1 + np.exp(-odds)))


_VECTOR = np.array([WEIGHTS.get(name, 0.0) for name in NAMES])


def _verbatim(claim: str, sources: Sources) -> bool:
    """Whether each sentence of the claim is a whole sentence of a source, spaces apart."""
    return all(
        any(_stands(_flat(claim[s.start : s.end]), r.text) for r in sources.readings)
        for s in sentences(claim)
    )


def _stands(sentence: str, text: str) -> bool:
    place = (flat := _flat(text)).find(sentence)
    if place < 0:
        return False
    before, behind = flat[:place].rstrip(), flat[place + len(sentence) :].lstrip()
    starts = not before or before[-1] in ".!?:;\"'”’)"
    return starts and (not behind or sentence[-1:] in ".!?\"'”’" or behind[0] in ".!?;")


@remembered
def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
