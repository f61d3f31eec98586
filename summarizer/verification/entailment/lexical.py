"""Entailment without a model: a logistic regression over word overlap.

Fitted with ``python scripts/fit_verifier.py DIRECTORY SCORES`` on 18 public data sets of claims
labelled by people (RAGTruth, SummEdits, FRANK, QAGS, CLIFF, XSumFaith, EntFA, AttributionBench,
WiCE, SummEval, BUMP, SummHay, Factcheck-GPT, Goyal 2021).  Sets of up to 600 rows and both classes
weigh equally; L2 30 on standardised features; cross-validated by document and by family of sets in
the same script.  The model knows no synonyms; the alignment network complements it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from summarizer.text.cache import cached_by_text
from summarizer.text.sentences import sentences
from summarizer.verification.entailment.lexical_features import NAMES, Sources, features

BIAS = -0.8029
WEIGHTS: Mapping[str, float] = {
    "mean_recall": 0.5539,
    "mean_long_recall": 1.3523,
    "mean_best_sentence": -0.4645,
    "mean_best_pair": 0.6384,
    "mean_bigrams": -0.3386,
    "mean_together": -0.2107,
    "mean_trigrams": -1.0413,
    "mean_unknown": 0.1297,
    "mean_unknown_run": 0.5633,
    "mean_unknown_late": -1.6637,
    "mean_numbers_unknown": -1.6620,
    "mean_capitals_unknown": -1.0284,
    "mean_clause_worst": 0.5915,
    "mean_alike": 1.9893,
    "mean_negation_differs": 0.1445,
    "mean_length": 2.3301,
    "mean_verbatim": 0.4184,
    "worst_recall": -1.2749,
    "worst_long_recall": -0.5798,
    "worst_best_sentence": 0.8280,
    "worst_best_pair": -0.4387,
    "worst_bigrams": 0.6495,
    "worst_together": -0.0210,
    "worst_trigrams": -0.2905,
    "worst_unknown": -0.3818,
    "worst_unknown_run": -0.1851,
    "worst_unknown_late": -1.5831,
    "worst_numbers_unknown": -0.3729,
    "worst_capitals_unknown": -0.8502,
    "worst_clause_worst": 0.0717,
    "worst_alike": 0.1714,
    "worst_negation_differs": -0.1920,
    "worst_length": -0.9887,
    "worst_verbatim": 0.5261,
    "sentences": -0.2127,
    "source_length": -0.8033,
}

VERBATIM = 0.98
"""Probability for a claim of which every sentence is a verbatim sentence of a source."""


class LexicalEntailment:
    """Entailment by word overlap; an ``Entailment``."""

    @property
    def name(self) -> str:
        """Name and version; raise the version when features or weights change."""
        return "lexical-3"

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """Support probability, 0–1, of each pair, in order; 0 without claim or sources."""
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
    """Whether each sentence of the claim is a whole sentence of a source, apart from spaces."""
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


@cached_by_text
def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
