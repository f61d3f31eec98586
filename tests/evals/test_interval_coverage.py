"""How often intervals of 95% hold the truth, by simulation (docs/decisions/0036-intervals.md)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evals.framework.confidence import column, differences, estimates
from evals.framework.estimates import Estimate
from evals.framework.results import Outcome

pytestmark = pytest.mark.slow

RUNS = {6: 2000, 12: 2000, 50: 500}
"""Simulated data sets by number of clusters; of the 500, a coverage of 95% has an error of 1%."""

ICC = 0.2
"""Correlation of two claims about one document."""

Generator = np.random.Generator
Table = Mapping[str, NDArray[Any]]


def alike(generator: Generator, mean: float, clusters: NDArray[np.intp]) -> NDArray[np.float64]:
    """A probability for each claim, shared by the claims of a document (beta-binomial)."""
    spread = 1 / ICC - 1
    of_cluster = generator.beta(mean * spread, (1 - mean) * spread, clusters.max() + 1)
    return of_cluster[clusters]


def claims(generator: Generator, clusters: int) -> NDArray[np.intp]:
    """The document of each claim: 2 to 18 claims a document."""
    return np.repeat(np.arange(clusters), generator.integers(2, 19, clusters))


def of_binary(generator: Generator, clusters: int) -> Table:
    of = claims(generator, clusters)
    return {"cluster": of, "right": generator.random(len(of)) < alike(generator, 0.8, of)}


def of_paired(generator: Generator, clusters: int) -> Table:
    """Two runs, right in 80% of claims; each changes some claims of a document."""
    table = dict(of_binary(generator, clusters))
    of, right = table["cluster"], table["right"] == 1
    lost = generator.random(len(of)) < alike(generator, 0.1, of)
    gained = generator.random(len(of)) < alike(generator, 0.4, of)
    table["right after"] = np.where(right, ~lost, gained)
    return table


def of_classes(generator: Generator, clusters: int) -> Table:
    """Claims of two classes, judged right in 80% and in 90% of them."""
    of = claims(generator, clusters)
    label = generator.random(len(of)) < np.repeat(generator.beta(2, 2, clusters), np.bincount(of))
    right = np.where(label, alike(generator, 0.8, of), alike(generator, 0.9, of))
    return {"cluster": of, "label": label, "right": generator.random(len(of)) < right}


def outcomes(table: Table, right: str = "right") -> list[Outcome]:
    return [
        Outcome.model_construct(
            key=str(n),
            cluster=str(table["cluster"][n]),
            group="g",
            values={
                "right": float(table[right][n]),
                "label": float(table["label"][n]) if "label" in table else None,
            },
        )
        for n in range(len(table["cluster"]))
    ]


def share(found: Sequence[Outcome]) -> Mapping[str, float]:
    return {"share": float(column(found, "right").mean())}


def balanced(found: Sequence[Outcome]) -> Mapping[str, float]:
    label, right = column(found, "label"), column(found, "right")
    if not 0 < label.sum() < len(label):
        return {"share": float("nan")}
    return {"share": float((right[label == 1].mean() + right[label == 0].mean()) / 2)}


def mean_of(table: Table) -> Mapping[str, Estimate]:
    return estimates(outcomes(table), share)


def difference_of(table: Table) -> Mapping[str, Estimate]:
    return differences(outcomes(table), outcomes(table, "right after"), share)


def balanced_of(table: Table) -> Mapping[str, Estimate]:
    return estimates(outcomes(table), balanced)


@pytest.mark.parametrize("clusters", RUNS)
@pytest.mark.parametrize(
    ("made", "found", "truth"),
    [
        pytest.param(of_binary, mean_of, 0.8, id="mean"),
        pytest.param(of_paired, difference_of, 0.0, id="difference"),
        pytest.param(of_classes, balanced_of, 0.85, id="balanced accuracy"),
    ],
)
def test_an_interval_of_95_percent_holds_the_truth_in_92_to_97_of_100(
    made: Callable[[Generator, int], Table],
    found: Callable[[Table], Mapping[str, Estimate]],
    truth: float,
    clusters: int,
) -> None:
    generator = np.random.default_rng(clusters)
    drawn = [found(made(generator, clusters)) for _ in range(RUNS[clusters])]
    # A data set in which too few documents have both classes has no interval.
    ends = [one["share"].interval() for one in drawn if one]
    held = np.mean([low <= truth <= high for low, high in ends])
    wide = np.mean([high - low for low, high in ends])
    print(f"{clusters} clusters: {held:.1%} of {len(ends)} intervals hold, mean width {wide:.3f}")
    assert len(ends) > 0.8 * len(drawn)
    assert 0.92 <= held <= 0.97
