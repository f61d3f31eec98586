"""How likely two items tell of one incident: a logistic regression over what is compared.

Its numbers lie in ``pair_scorer.json``, fitted by ``scripts/fit_pair_scorer.py``, which says on
what.  There are two sets of them: for two full texts, and for where either is a title or a post.
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
"""Log-odds of a copy: above all others."""

FILE = Path(__file__).parent / "pair_scorer.json"


class Regime(Model):
    """Weights of features by name, added to ``intercept``."""

    intercept: float
    weights: Mapping[str, float]


class PairModel(Model):
    """Numbers of the regression, and when items join and incidents merge.

    Args:
        long: for two full texts.
        short: where either is short.
        threshold: log-odds of an incident from which an item joins it.
        merge_margin: log-odds beyond the threshold from which an item that joins one incident
            shows that another is the same one.
        most_merged: items that an incident may hold to be merged into another one.
        best: share of the best item in the log-odds of an incident; the rest is the mean of its
            ``several`` best, so that one chance resemblance does not chain two incidents.
        many: items of one incident among those that decide, beyond which their number speaks for
            it: one title is little to go by, and being like ten of an incident says more than
            being as like to one.
        support: how much it does.
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
        """Of each row that an item was compared with."""
        found = np.where(
            compared.short,
            compared.features @ _vector(self.short) + self.short.intercept,
            compared.features @ _vector(self.long) + self.long.intercept,
        )
        return np.where(compared.copy, COPY, found)

    def draw(self, items: int) -> float:
        """Log-odds that an incident gains by the number of its items among those that decide."""
        return self.support * math.log(max(1.0, items / self.many))

    def contributions(self, features: Mapping[str, float], short: bool) -> dict[str, float]:
        """What each feature adds to the log-odds of one pair, the largest first."""
        weights = (self.short if short else self.long).weights
        parts = {name: weights.get(name, 0.0) * value for name, value in features.items()}
        return dict(sorted(parts.items(), key=lambda part: (-abs(part[1]), part[0])))


def _vector(regime: Regime) -> Floats:
    return np.array([regime.weights.get(name, 0.0) for name in NAMES])


@cache
def shipped() -> PairModel:
    """The scorer that ships with the product."""
    return PairModel.model_validate_json(FILE.read_text(encoding="utf-8"))
