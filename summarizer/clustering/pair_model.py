"""Logistic regression over pair features: the log-odds that two items report one incident.

``scripts/fit_pair_scorer.py`` fits the parameters in ``pair_scorer.json``: one set for two full
texts, one for pairs with a title or a post.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from summarizer.clustering.pair_features import NAMES, Comparison
from summarizer.clustering.tfidf import Floats
from summarizer.domain.model import Model

COPY = 60.0
"""Log-odds of a copy, above those of any other pair."""

FILE = Path(__file__).parent / "pair_scorer.json"


class Regime(Model):
    """Weights of features by name, added to ``intercept``."""

    intercept: float
    weights: Mapping[str, float]


class PairModel(Model):
    """Parameters of the regression, of joining and of merging.

    Args:
        long: for two full texts.
        short: for pairs with a short item.
        threshold: log-odds of an incident from which an item joins it.
        merge_margin: log-odds above the threshold from which a second incident is merged.
        most_merged: most items of an incident that is merged into another one.
        best: weight (0–1) of the best pair in an incident's log-odds; the mean of its ``several``
            best pairs has the remaining weight, so that one chance pair does not join incidents.
        several: number of pairs in that mean.
        many: pairs of one incident above which their number raises the log-odds of a short item.
        support: log-odds gained for each e-fold of pairs above ``many``.
    """

    long: Regime
    short: Regime
    threshold: float
    merge_margin: float
    most_merged: int
    best: float
    several: int
    many: int
    support: float

    def log_odds(self, compared: Comparison) -> Floats:
        """Log-odds of each row of a comparison."""
        found = np.where(
            compared.short,
            compared.features @ _vector(self.short) + self.short.intercept,
            compared.features @ _vector(self.long) + self.long.intercept,
        )
        return np.where(compared.copy, COPY, found)

    def draw(self, items: int) -> float:
        """Log-odds that an incident gains by the number of its considered pairs."""
        return self.support * math.log(max(1.0, items / self.many))

    def contributions(self, features: Mapping[str, float], short: bool) -> dict[str, float]:
        """Contribution of each feature to the log-odds of one pair, largest magnitude first."""
        weights = (self.short if short else self.long).weights
        parts = {name: weights.get(name, 0.0) * value for name, value in features.items()}
        return dict(sorted(parts.items(), key=lambda part: (-abs(part[1]), part[0])))


def _vector(regime: Regime) -> Floats:
    return np.array([regime.weights.get(name, 0.0) for name in NAMES])


@cache
def shipped() -> PairModel:
    """The model that ships with the product."""
    return PairModel.model_validate_json(FILE.read_text(encoding="utf-8"))
