"""Fit the pair model of clustering, and print its evaluation.

    python scripts/fit_pair_scorer.py VECTORS FILE… [--samples FILE…] [--cases FILE…]

Prints tables for docs/method.md and writes ``summarizer/clustering/pair_scorer.json``.  Each FILE
is one of ``summarizer eval clustering``; the samples, each one gold cluster, are clustered
together.  The cases are files with a ``family`` beside ``gold_cluster``: they are fitted as one
stream and family by family, since a small store knows no word as common, and are not printed.
VECTORS is a ``.npz`` cache of heading vectors, created if missing.

Items are read in order of publication.  For each item, only the deciding pairs are fitted: the
highest-scoring item of its own incident and the two highest-scoring items of others; this is
repeated with the new scores.  Each file has equal weight.  The threshold maximises mean B-cubed F1.
"file left out" fits on all other files; "half left out" fits on one half of the time line of every
file and is evaluated on the other, although incidents may begin in the fitted half.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.datasets import group_of, json_lines
from evals.suites.clustering.metrics import b_cubed
from evals.suites.clustering.suite import TOGETHER, read
from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.clustering.online import (
    ClusterItem,
    OnlineClusterer,
    fingerprint_of,
    in_time_order,
)
from summarizer.clustering.pair_features import NAMES, Comparison, PairFeatures
from summarizer.clustering.pair_model import COPY, FILE, PairModel, Regime
from summarizer.ingestion.index_sync import heading

Floats = NDArray[np.float64]
L2 = 3e-3
ROUNDS = 4
"""Number of rounds in which deciding pairs are chosen with the scores of the last round."""
THRESHOLDS = np.arange(-1.75, 0.76, 0.25)
MERGE_MARGIN, MOST_MERGED, BEST, SEVERAL = 1.5, 10, 0.5, 3
MANY, SUPPORT = 4, 1.0
CASES = {False: 0.7, True: 0.2}
"""Weight of a file of cases, where a file counts 1, for full texts and for pairs with a short item:
titles of cases are few and stiff beside those of real feeds."""
SAMPLES = 2.0
"""Weight of the samples: they alone have posts without a title."""
FIRST = ("words", "meaning", "overlap")
"""Features whose sum chooses the pairs of the first round."""

_OF_TIME = {
    NAMES.index("days_apart"): -1,
    NAMES.index("weeks_apart"): -1,
    NAMES.index("same_day"): 1,
}
"""Columns of time, and the sign of their weights, so that more time never raises a score.  Where
the fit would turn one, it is left out."""

_SLOPES = np.eye(len(NAMES))
"""Weights of the features by those that are fitted: of the time within a week and beyond it."""
_SLOPES[NAMES.index("weeks_apart"), NAMES.index("days_apart")] = -1

GROUPS = {
    "meaning": ("meaning", "usual"),
    "words of the whole": ("words", "overlap", "shared_words", "known_words"),
    "title and lead": ("title", "lead"),
    "bigrams": ("bigrams", "shared_bigrams"),
    "frame": ("frame", "frame_of_other_lead_names", "frame_of_other_numbers"),
    "names": ("names", "shared_names", "full_names", "lead_names"),
    "numbers, ages": ("numbers", "same_age", "other_age"),
    "streets": ("same_street", "other_street"),
    "days that a text speaks of": ("same_event_day", "other_event_day"),
    "outlet": ("same_outlet", "other_outlet"),
    "time": ("days_apart", "weeks_apart", "same_day", "undated"),
}
"""Groups of features that the ablation omits."""


@dataclass(frozen=True)
class Compared:
    """One file: items with their comparisons, in order of publication.

    Args:
        pairs: comparison of each item with its candidates; ``None`` for the first item.
        gold: gold cluster of each item.
    """

    items: Sequence[ClusterItem]
    pairs: Sequence[Comparison | None]
    gold: Sequence[str]

    def same(self, n: int) -> NDArray[np.bool_]:
        """Which candidates of an item are in its gold cluster."""
        found = self.pairs[n]
        rows: Iterable[int] = () if found is None else found.numbers.tolist()
        return np.array([self.gold[row] == self.gold[n] for row in rows], dtype=bool)


class Replay:
    """Clustering by precomputed comparisons, with ``OnlineClusterer``."""

    def __init__(self, scorer: PairModel, compared: Compared) -> None:
        self._clusterer = OnlineClusterer(scorer)
        self._compared = compared

    def incidents(self) -> list[str]:
        """Final incident of each item."""
        where: dict[str, list[int]] = {}
        for n, pairs in enumerate(self._compared.pairs):
            into = str(n)
            if pairs is not None:
                found = self._clusterer.choose(pairs)
                into = found.incident or into
                for gone in found.merges:
                    self._clusterer.places.merge(gone, into)
                    where.setdefault(into, []).extend(where.pop(gone))
            self._clusterer.places.put(str(n), n, into)
            where.setdefault(into, []).append(n)
        name = {n: incident for incident, numbers in where.items() for n in numbers}
        return [name[n] for n in range(len(self._compared.pairs))]


Half = Callable[[int], range]


def everything(items: int) -> range:
    """All positions."""
    return range(items)


def first_half(items: int) -> range:
    """The earlier half of the time line."""
    return range(items // 2)


def second_half(items: int) -> range:
    """The later half of the time line."""
    return range(items // 2, items)


Cases = Sequence[Sequence[Compared]]
"""Files of cases, each as one stream or as its families."""


def fit(
    files: Mapping[str, Compared],
    cases: Cases,
    without: Sequence[str] = (),
    half: Half = everything,
) -> PairModel:
    """Fit the regression on files and cases, and choose the best threshold on the files."""
    kept = np.array([name not in without for name in NAMES], dtype=np.float64)
    scorer = _first(without)
    for _ in range(ROUNDS):
        rows = [
            _weighed(_deciding([file], scorer, half), SAMPLES if name == TOGETHER else 1.0)
            for name, file in files.items()
        ]
        more = [_deciding(parts, scorer, everything) for parts in cases]
        regimes = [
            _regression([*rows, *(_weighed(r, weight) for r in more)], kept, short)
            for short, weight in CASES.items()
        ]
        scorer = scorer.model_copy(update={"long": regimes[0], "short": regimes[1]})

    tried = [scorer.model_copy(update={"threshold": float(t)}) for t in THRESHOLDS]
    return max(tried, key=lambda one: np.mean([f1(one, file, half) for file in files.values()]))


def f1(scorer: PairModel, file: Compared, half: Half = everything) -> float:
    """B-cubed F1 of a part of one file."""
    found = Replay(scorer, file).incidents()
    part = half(len(found))
    return b_cubed([file.gold[n] for n in part], [found[n] for n in part]).f1


def _first(without: Sequence[str]) -> PairModel:
    weights = {name: 1.0 for name in FIRST if name not in without} or {"names": 1.0}
    regime = Regime(intercept=0, weights=weights)
    return PairModel(
        long=regime,
        short=regime,
        threshold=0,
        merge_margin=MERGE_MARGIN,
        most_merged=MOST_MERGED,
        best=BEST,
        several=SEVERAL,
        many=MANY,
        support=SUPPORT,
    )


Rows = tuple[Floats, Floats, Floats, NDArray[np.bool_]]
"""Features, labels and weights of pairs, and whether one of the items is short."""


def _deciding(parts: Sequence[Compared], scorer: PairModel, half: Half) -> Rows:
    features: list[Floats] = []
    labels: list[float] = []
    weights: list[float] = []
    short: list[bool] = []
    for file, n in [(part, n) for part in parts for n in half(len(part.pairs))]:
        pairs = file.pairs[n]
        if pairs is None:
            continue
        odds = np.where(pairs.copy, -COPY, scorer.log_odds(pairs))
        for same, label, most in ((file.same(n), 1.0, 1), (~file.same(n), 0.0, 2)):
            places = np.flatnonzero(same & ~pairs.copy)
            for place in places[np.argsort(-odds[places], kind="stable")][:most]:
                features.append(pairs.features[place])
                labels.append(label)
                weights.append(1 / most)
                short.append(bool(pairs.short[place]))
    weighed = np.array(weights)
    return np.array(features), np.array(labels), weighed / len(weighed), np.array(short)


def _weighed(rows: Rows, weight: float) -> Rows:
    features, labels, weights, short = rows
    return features, labels, weights * weight, short


def _regression(files: Sequence[Rows], kept: Floats, short: bool) -> Regime:
    x, y, w = (np.concatenate([rows[k][rows[3] == short] for rows in files]) for k in range(3))
    w = w / w.sum()
    x, kept = x @ _SLOPES, kept.copy()
    while True:
        raw, intercept = _fitted(x, y, w, kept)
        # Titles of the sets lie days apart: fitted freely, months between two speak for one event.
        wrong = [n for n, sign in _OF_TIME.items() if raw[n] * sign < 0]
        if not wrong:
            break
        kept[wrong] = 0
    values = (_SLOPES @ raw).tolist()
    weights = {name: round(value, 5) for name, value in zip(NAMES, values, strict=True) if value}
    return Regime(intercept=round(intercept, 5), weights=weights)


def _fitted(x: Floats, y: Floats, w: Floats, kept: Floats) -> tuple[Floats, float]:
    """Weights and intercept of the logistic regression on the kept columns."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    a = np.c_[(x - mean) / scale * kept, np.ones(len(x))]
    penalty = np.append(np.full(len(kept), L2), 0.0)
    b = np.zeros(a.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(a @ b, -30, 30)))
        slope = a.T @ (w * (p - y)) + penalty * b
        curve = (a * (w * p * (1 - p) + 1e-12)[:, None]).T @ a + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        b -= step
        if np.abs(step).max() < 1e-6:
            break
    raw = b[:-1] / scale * kept
    return raw, float(b[-1] - mean @ raw)


def compared(items: Sequence[ClusterItem], gold: Sequence[str], vectors: Floats) -> Compared:
    """Compare every item with the items before it."""
    order = in_time_order(items)
    pairs: list[Comparison | None] = []
    table = PairFeatures()
    for number, n in enumerate(order):
        imprint = fingerprint_of(items[n], vectors[n])
        pairs.append(table.compare(imprint) if number else None)
        table.add(number, imprint)
    return Compared([items[n] for n in order], pairs, [gold[n] for n in order])


def load(vectors: Path, files: Sequence[Path], samples: Sequence[Path]) -> dict[str, Compared]:
    """The files by name, with the samples as one."""
    rows = {group_of(path): [(r.item, str(r.gold)) for r in read(path)] for path in files}
    rows[TOGETHER] = [(r.item, path.stem) for path in samples for r in read(path)]
    made: Mapping[str, Floats] = dict(np.load(vectors)) if vectors.exists() else {}
    if set(made) != set(rows):
        embedder = MiniLmEmbedder()
        made = {
            name: embedder.embed([heading(item.title, item.text) for item, _ in found])
            for name, found in rows.items()
        }
        np.savez(vectors, **made)
    return {
        name: compared([item for item, _ in found], [gold for _, gold in found], made[name])
        for name, found in rows.items()
    }


def load_cases(paths: Sequence[Path]) -> Cases:
    """Each file as one stream, and as its families."""
    found: list[Sequence[Compared]] = []
    for path in paths:
        rows = read(path)
        families = [str(fields["family"]) for _, fields in json_lines(path)]
        texts = [heading(r.item.title, r.item.text) for r in rows]
        vectors = MiniLmEmbedder().embed(texts).astype(np.float64)
        places = {name: [n for n, f in enumerate(families) if f == name] for name in families}
        groups = [list(range(len(rows))), *places.values()]
        made = [
            compared([rows[n].item for n in g], [str(rows[n].gold) for n in g], vectors[g])
            for g in groups
        ]
        found += [made[:1], made[1:]]
    return found


def main(
    vectors: Path, files: Sequence[Path], samples: Sequence[Path], cases: Sequence[Path]
) -> None:
    """Print the tables and write the pair model."""
    data = load(vectors, files, samples)
    own = load_cases(cases)
    shipped = fit(data, own)
    FILE.write_text(shipped.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print("| | " + " | ".join(data) + " | mean of files |")
    _row("in sample", {name: f1(shipped, file) for name, file in data.items()})
    for half, other, name in (
        (first_half, second_half, "first half fitted, second scored"),
        (second_half, first_half, "second half fitted, first scored"),
    ):
        scorer = fit(data, own, half=half)
        _row(name, {key: f1(scorer, file, other) for key, file in data.items()})
    left = {
        name: f1(fit({key: other for key, other in data.items() if key != name}, own), file)
        for name, file in data.items()
    }
    _row("file left out", left)
    for group, names in GROUPS.items():
        scorer = fit(data, own, without=names)
        _row(f"without {group}", {key: f1(scorer, file) for key, file in data.items()})


def _row(name: str, found: Mapping[str, float]) -> None:
    mean = np.mean([value for key, value in found.items() if key != TOGETHER])
    cells = " | ".join(f"{value:.3f}" for value in found.values())
    print(f"| {name} | {cells} | {mean:.4f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("vectors", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--samples", type=Path, nargs="+", default=[])
    parser.add_argument("--cases", type=Path, nargs="+", default=[])
    asked = parser.parse_args()
    main(asked.vectors, asked.files, asked.samples, asked.cases)
