"""Clustering metrics: B-cubed and V-measure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence

from summarizer.domain.model import Model


class BCubed(Model):
    """Averages over items, 0–1 (Bagga and Baldwin 1998).

    Args:
        precision: mean share of an item's found cluster that has its gold label.
        recall: mean share of an item's gold cluster that is in its found cluster.
        f1: harmonic mean of the two means.
    """

    precision: float
    recall: float
    f1: float


def b_cubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> BCubed:
    """B-cubed of found clusters; both sequences give the cluster of each item.

    Raises:
        ValueError: the sequences differ in length or are empty.
    """
    pairs = _pairs(gold, found)
    of_gold, of_found = Counter(gold), Counter(found)
    precision = sum(n * n / of_found[f] for (_, f), n in pairs.items()) / len(gold)
    recall = sum(n * n / of_gold[g] for (g, _), n in pairs.items()) / len(gold)
    return BCubed(
        precision=precision, recall=recall, f1=2 * precision * recall / (precision + recall)
    )


def v_measure(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """Harmonic mean of homogeneity and completeness, 0–1 (Rosenberg and Hirschberg 2007).

    Raises:
        ValueError: the sequences differ in length or are empty.
    """
    pairs = _pairs(gold, found)
    of_gold, of_found = Counter(gold), Counter(found)
    total = len(gold)
    shared = sum(
        n / total * math.log(n * total / (of_gold[g] * of_found[f])) for (g, f), n in pairs.items()
    )
    homogeneity = shared / _entropy(of_gold, total) if len(of_gold) > 1 else 1.0
    completeness = shared / _entropy(of_found, total) if len(of_found) > 1 else 1.0
    if homogeneity + completeness <= 0:
        return 0.0
    return 2 * homogeneity * completeness / (homogeneity + completeness)


def _entropy(groups: Counter[Hashable], total: int) -> float:
    return -sum(n / total * math.log(n / total) for n in groups.values())


def _pairs(
    gold: Sequence[Hashable], found: Sequence[Hashable]
) -> Counter[tuple[Hashable, Hashable]]:
    if len(gold) != len(found) or not gold:
        raise ValueError(f"Cannot compare groupings of {len(gold)} and {len(found)} items.")
    return Counter(zip(gold, found, strict=True))
