"""Fit the lexical entailment, its combination with the alignment network, and the ladder's weights.

    python scripts/fit_verifier.py DIRECTORY SCORES

Prints tables for docs/method.md and constants to paste.  DIRECTORY holds ``*.jsonl.gz`` with rows
of ``claim``, ``label`` (1 supported, 0 not) and ``source_text`` or ``sources``; for a quick check,
use links to a few files of at least two families.  SCORES is the output of
``scripts/train_alignment.py``: out-of-fold log-odds of the network.  Files have equal weight up to
``FILE_WEIGHT`` rows, with balanced classes.  Folds are by source document.  Tables "without the
family" leave out whole families of files (the name up to the first underscore), to estimate results
on unseen data sets.  Intervals are bootstraps over documents, as in
``evals/framework/confidence.py``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.framework.confidence import percentiles, resamples
from evals.suites.verifier.figures import FALSE_ALARM_RATES
from evals.suites.verifier.metrics import auroc, balanced_accuracy, recall_at
from evals.suites.verifier.rows import read_labelled
from summarizer.verification.entailment.lexical_features import NAMES, Sources, features
from summarizer.verification.evidence import of_texts
from summarizer.verification.scoring import CHECKS

Vector = NDArray[np.float64]
FILE_WEIGHT = 600
MOST_ROWS = 1_500
"""Maximum rows per file; larger files are sampled with a seed."""
FOLDS = 5
L2 = 30.0
LEAST_WEIGHT = 0.5
"""Minimum weight of a failed check, for faults that are rare in the data but matter to editors."""
CHECK_SCALE = 2.0
"""Factor of the fitted weights of checks; ``scoring.CHECK_WEIGHTS`` gives the reason."""


@dataclass(frozen=True)
class Table:
    """One file as arrays: features, failed checks, labels, log-odds of the network, documents.

    Args:
        document: number of the source document of each row.
    """

    x: Vector
    failed: Vector
    y: Vector
    aligned: Vector
    document: NDArray[np.int64]

    @property
    def fold(self) -> NDArray[np.int64]:
        """Fold of each row; rows of one document share a fold."""
        return self.document % FOLDS

    @property
    def weights(self) -> Vector:
        """Weights of rows: balanced classes, and at most ``FILE_WEIGHT`` in total."""
        share = self.y.mean()
        weights = np.where(self.y == 1, 0.5 / share, 0.5 / (1 - share))
        scaled: Vector = weights / weights.sum() * min(len(self.y), FILE_WEIGHT)
        return scaled


def table(path: Path, network: Mapping[str, float]) -> Table | None:
    """Read and analyse one file; ``None`` if it has no scores of the network."""
    with gzip.open(path, "rt") as lines:
        keys = [json.loads(line).get("id") for line in lines if line.strip()]
    rows = [
        (key, row) for key, row in zip(keys, read_labelled(path), strict=True) if key in network
    ]
    if len(rows) > MOST_ROWS:
        rows = random.Random(7).sample(rows, MOST_ROWS)
    x, failed, y, document = [], [], [], []
    for _, row in rows:
        sources = Sources([text for _, text in row.sources])
        grounds = of_texts(row.sources)
        x.append(features(row.claim, sources))
        failed.append([bool(check(row.claim, grounds)) for check in CHECKS.values()])
        y.append(row.label)
        document.append(zlib.crc32("".join(text for _, text in row.sources).encode()))
    if not rows:
        return None
    aligned = np.array([network[key] for key, _ in rows])
    print(f"read {path.name}: {len(rows)} rows", file=sys.stderr, flush=True)
    return Table(
        np.array(x),
        np.array(failed, dtype=float),
        np.array(y, dtype=float),
        aligned,
        np.array(document),
    )


def logistic(x: Vector, y: Vector, weights: Vector, l2: float) -> Vector:
    """Weights of an L2 logistic regression by Newton's method, the bias first.

    Features are standardised for the penalty; weights are returned in original units.
    """
    mean = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=weights)) + 1e-6
    z = np.c_[np.ones(len(x)), (x - mean) / spread]
    penalty = np.eye(z.shape[1]) * l2
    penalty[0, 0] = 0
    beta = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ beta))
        hessian = (z * (weights * p * (1 - p) + 1e-9)[:, None]).T @ z + penalty
        step = np.linalg.solve(hessian, z.T @ (weights * (p - y)) + penalty @ beta)
        beta -= step
        if np.abs(step).max() < 1e-6:
            break
    scaled = beta[1:] / spread
    found: Vector = np.r_[beta[0] - (scaled * mean).sum(), scaled]
    return found


def apply(beta: Vector, x: Vector) -> Vector:
    """Probabilities of a fitted regression."""
    found: Vector = 1 / (1 + np.exp(-(beta[0] + x @ beta[1:])))
    return found


def fit(tables: Sequence[Table], masks: Sequence[NDArray[np.bool_]]) -> Vector:
    """Fit the entailment on the masked rows of all tables."""
    chosen = [(t, m) for t, m in zip(tables, masks, strict=True) if m.any()]
    return logistic(
        np.concatenate([t.x[m] for t, m in chosen]),
        np.concatenate([t.y[m] for t, m in chosen]),
        np.concatenate([t.weights[m] for t, m in chosen]),
        L2,
    )


def out_of_fold(tables: Mapping[str, Table]) -> dict[str, Vector]:
    """Out-of-fold entailment scores of every row."""
    scores = {name: np.zeros(len(t.y)) for name, t in tables.items()}
    for fold in range(FOLDS):
        beta = fit(list(tables.values()), [t.fold != fold for t in tables.values()])
        for name, t in tables.items():
            scores[name][t.fold == fold] = apply(beta, t.x[t.fold == fold])
    return scores


def left_out(tables: Mapping[str, Table]) -> dict[str, Vector]:
    """Entailment scores of every file, fitted on the files of other families."""
    scores = {}
    for name, t in tables.items():
        family = name.split("_")[0]
        others = [o for n, o in tables.items() if n.split("_")[0] != family]
        scores[name] = apply(fit(others, [np.ones(len(o.y), bool) for o in others]), t.x)
    return scores


def log_odds(scores: Vector) -> Vector:
    """Log-odds of probabilities, clipped as in the ladder."""
    inside = np.clip(scores, 1e-4, 1 - 1e-4)
    found: Vector = np.log(inside / (1 - inside))
    return found


def join(
    tables: Mapping[str, Table], words: Mapping[str, Vector], without_fold: int | None = None
) -> tuple[Vector, Vector]:
    """Fit the weights of the entailment (lexical part and network) and of the ladder.

    The inputs of the ladder are the log-odds of the entailment and the failed checks.

    Args:
        tables: the files.
        words: out-of-fold probabilities of the lexical part.
        without_fold: fold whose rows are left out.
    """
    kept = {n: t.fold != without_fold for n, t in tables.items()}
    parts = {n: _parts(t, words[n]) for n, t in tables.items()}
    weights = np.concatenate([t.weights[kept[n]] for n, t in tables.items()])
    labels = np.concatenate([t.y[kept[n]] for n, t in tables.items()])
    given = np.concatenate([parts[n][kept[n]] for n in tables])
    entailment = logistic(given, labels, weights, 3.0)
    inputs = [_inputs(t, words[n], entailment)[kept[n]] for n, t in tables.items()]
    return entailment, logistic(np.concatenate(inputs), labels, weights, 3.0)


def _parts(table: Table, words: Vector) -> Vector:
    return np.c_[log_odds(words), table.aligned.clip(-6, 6)]


def _inputs(table: Table, words: Vector, entailment: Vector) -> Vector:
    return np.c_[log_odds(apply(entailment, _parts(table, words))), table.failed]


def judged(table: Table, words: Vector, entailment: Vector, ladder: Vector) -> Vector:
    """The ladder's score of each row, with the product's scaling of check weights."""
    scaled = np.r_[ladder[:2], np.minimum(ladder[2:] * CHECK_SCALE, -LEAST_WEIGHT)]
    return apply(scaled, _inputs(table, words, entailment))


def joined_by_fold(tables: Mapping[str, Table], words: Mapping[str, Vector]) -> dict[str, Vector]:
    """The ladder's score of every row, fitted without its fold."""
    scores = {name: np.zeros(len(t.y)) for name, t in tables.items()}
    for fold in range(FOLDS):
        weights = join(tables, words, fold)
        for name, t in tables.items():
            held = t.fold == fold
            scores[name][held] = judged(t, words[name], *weights)[held]
    return scores


def joined_left_out(tables: Mapping[str, Table], words: Mapping[str, Vector]) -> dict[str, Vector]:
    """The ladder's score of each file, fitted on the files of other families."""
    scores = {}
    for name, t in tables.items():
        others = {n: o for n, o in tables.items() if n.split("_")[0] != name.split("_")[0]}
        scores[name] = judged(t, words[name], *join(others, words))
    return scores


def figures(y: NDArray[np.int64], scores: Vector) -> dict[str, float]:
    """Metrics of some rows."""
    recalls = {f"recall at {rate:.0%}": recall_at(y, scores, rate) for rate in FALSE_ALARM_RATES}
    return {"AUROC": auroc(y, scores), "BA": balanced_accuracy(y, scores >= 0.5), **recalls}


def report(title: str, tables: Mapping[str, Table], scores: Mapping[str, Vector]) -> None:
    """Print a Markdown table with one line per file."""
    names = list(figures(np.array([0, 1]), np.array([0.0, 1.0])))
    print(f"\n**{title}**\n\n| set | rows | documents | {' | '.join(names)} |")
    print("|---" * (len(names) + 3) + "|")
    for name, t in tables.items():
        y, of = t.y.astype(int), scores[name]
        ends = percentiles([figures(y[d], of[d]) for d in resamples([str(c) for c in t.document])])
        cells = (_shown(value, ends.get(n)) for n, value in figures(y, of).items())
        documents = len(set(t.document.tolist()))
        print(f"| {name} | {len(y)} | {documents} | {' | '.join(cells)} |", flush=True)


def _shown(value: float, ends: tuple[float, float] | None) -> str:
    return f"{value:.3f}" + (f" [{ends[0]:.2f}, {ends[1]:.2f}]" if ends else "")


def main() -> None:
    """Fit, cross-validate and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("scores", type=Path)
    asked = parser.parse_args()
    directory, network = asked.directory, json.loads(asked.scores.read_text())
    read = {p.name.split(".")[0]: table(p, network) for p in sorted(directory.glob("*.jsonl.gz"))}
    tables = {name: t for name, t in read.items() if t is not None}
    held, apart = out_of_fold(tables), left_out(tables)
    report("Words, folds by document", tables, held)
    report("Words, without the family", tables, apart)
    unseen = {n: apply(np.array([0.0, 1.0]), t.aligned[:, None]) for n, t in tables.items()}
    report("Network, folds by document", tables, unseen)
    report("Ladder, folds by document", tables, joined_by_fold(tables, held))
    report("Ladder, joined and weighed without the family", tables, joined_left_out(tables, apart))
    entailment, ladder = join(tables, held)
    beta = fit(list(tables.values()), [np.ones(len(t.y), bool) for t in tables.values()])
    print(f"\nlexical.py: BIAS = {beta[0]:.4f}\nWEIGHTS = {{")
    print("\n".join(f'    "{n}": {b:.4f},' for n, b in zip(NAMES, beta[1:], strict=True)) + "\n}")
    print(
        f"\nalignment.py: BIAS = {entailment[0]:.4f}\n"
        f"LEXICAL_WEIGHT = {entailment[1]:.4f}\nALIGNMENT_WEIGHT = {entailment[2]:.4f}"
    )
    print(f"\nscoring.py: BIAS = {ladder[0]:.4f}\nENTAILMENT_WEIGHT = {ladder[1]:.4f}")
    for name, weight in zip(CHECKS, ladder[2:], strict=True):
        fired = int(sum(t.failed[:, list(CHECKS).index(name)].sum() for t in tables.values()))
        shown = max(-weight * CHECK_SCALE, LEAST_WEIGHT)
        print(f'    "{name}": {shown:.4f},  # fitted {-weight:.4f}, fired {fired}')


if __name__ == "__main__":
    main()
