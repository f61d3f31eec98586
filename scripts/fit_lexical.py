"""Fit the lexical entailment and the weights of the ladder; prints them ready to paste.

    python scripts/fit_lexical.py DIRECTORY

DIRECTORY holds ``*.jsonl.gz`` of rows with ``claim``, ``label`` (1 supported, 0 not) and
``source_text`` or ``sources``.  Each file weighs the same up to ``FILE_WEIGHT`` rows, supported and
unsupported rows the same within it.  Folds are by source document, so that no document is fitted
and judged; the second table leaves out whole families of files (the name up to the first
underscore), which is what an unseen set will look like.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.verifier import auc, balanced_accuracy, read_rows, recall_at
from summarizer.adapters.lexical_features import NAMES, Sources, features
from summarizer.faithfulness.grounds import align, of_texts
from summarizer.faithfulness.ladder import CHECKS

Vector = NDArray[np.float64]
FILE_WEIGHT = 600
FOLDS = 5
L2 = 30.0
CHECK_SCALE = 2.0
"""What fitted weights of checks are multiplied by; ``ladder.CHECK_WEIGHTS`` says why."""


@dataclass(frozen=True)
class Table:
    """One file as arrays: features, failed checks, labels and fold."""

    x: Vector
    failed: Vector
    y: Vector
    fold: NDArray[np.int64]

    @property
    def weights(self) -> Vector:
        """Both classes weigh the same, the whole file at most ``FILE_WEIGHT`` rows."""
        share = self.y.mean()
        weights = np.where(self.y == 1, 0.5 / share, 0.5 / (1 - share))
        scaled: Vector = weights / weights.sum() * min(len(self.y), FILE_WEIGHT)
        return scaled


def table(path: Path) -> Table:
    """Read and analyse one file."""
    x, failed, y, fold = [], [], [], []
    for row in read_rows(path):
        sources = Sources([text for _, text in row.sources])
        grounds = of_texts(row.sources)
        x.append(features(row.claim, sources))
        failed.append([bool(check(row.claim, grounds)) for check in CHECKS.values()])
        y.append(row.label)
        fold.append(zlib.crc32("".join(text for _, text in row.sources).encode()) % FOLDS)
    return Table(
        np.array(x), np.array(failed, dtype=float), np.array(y, dtype=float), np.array(fold)
    )


def logistic(x: Vector, y: Vector, weights: Vector, l2: float) -> Vector:
    """Weights of an L2 logistic regression by Newton's method, the bias first.

    Features are standardised for the penalty and given back in their own units.
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
    """The entailment, fitted on the masked rows of all tables."""
    chosen = [(t, m) for t, m in zip(tables, masks, strict=True) if m.any()]
    return logistic(
        np.concatenate([t.x[m] for t, m in chosen]),
        np.concatenate([t.y[m] for t, m in chosen]),
        np.concatenate([t.weights[m] for t, m in chosen]),
        L2,
    )


def out_of_fold(tables: Mapping[str, Table]) -> dict[str, Vector]:
    """Entailment scores of every row from a fit that never saw its document."""
    scores = {name: np.zeros(len(t.y)) for name, t in tables.items()}
    for fold in range(FOLDS):
        beta = fit(list(tables.values()), [t.fold != fold for t in tables.values()])
        for name, t in tables.items():
            scores[name][t.fold == fold] = apply(beta, t.x[t.fold == fold])
    return scores


def left_out(tables: Mapping[str, Table]) -> dict[str, Vector]:
    """Entailment scores of every file from a fit on the files of other families."""
    scores = {}
    for name, t in tables.items():
        family = name.split("_")[0]
        others = [o for n, o in tables.items() if n.split("_")[0] != family]
        scores[name] = apply(fit(others, [np.ones(len(o.y), bool) for o in others]), t.x)
    return scores


def ladder_inputs(scores: Vector, failed: Vector) -> Vector:
    """What the ladder combines: log-odds of the entailment, and which checks failed."""
    inside = np.clip(scores, 1e-4, 1 - 1e-4)
    found: Vector = np.c_[np.log(inside / (1 - inside)), failed]
    return found


def report(title: str, tables: Mapping[str, Table], scores: Mapping[str, Vector]) -> None:
    """Print one line a file."""
    print(f"\n{title}\n{'file':28s}   AUC    BA  recall at 2% false alarms")
    for name, t in tables.items():
        s, y = scores[name], t.y.astype(int)
        print(
            f"{name:28s} {auc(y, s):.3f} {balanced_accuracy(y, s >= 0.5):.3f} "
            f"{recall_at(y, s, 0.02):.3f}"
        )


def shown_threshold(path: Path, beta: Vector) -> float:
    """The score below which 5% of supported sentences fall when only the three source sentences
    most like each count as cited."""
    scores = []
    for row in read_rows(path):
        if row.label:
            cited = [a.text for a in align(row.claim, of_texts(row.sources).cited, limit=3)]
            scores.append(float(apply(beta, features(row.claim, Sources(cited))[None])[0]))
    return float(np.quantile(scores, 0.05))


def main() -> None:
    """Fit, cross-validate and print."""
    directory = Path(sys.argv[1])
    tables = {p.name.split(".")[0]: table(p) for p in sorted(directory.glob("*.jsonl.gz"))}
    held = out_of_fold(tables)
    report("Entailment, folds by document", tables, held)
    report("Entailment, families left out", tables, left_out(tables))
    inputs = {name: ladder_inputs(held[name], t.failed) for name, t in tables.items()}
    weights = np.concatenate([t.weights for t in tables.values()])
    labels = np.concatenate([t.y for t in tables.values()])
    ladder = logistic(np.concatenate(list(inputs.values())), labels, weights, 3.0)
    report("Ladder", tables, {name: apply(ladder, x) for name, x in inputs.items()})
    beta = fit(list(tables.values()), [np.ones(len(t.y), bool) for t in tables.values()])
    print(f"\nBIAS = {beta[0]:.4f}\nWEIGHTS = {{")
    print("\n".join(f'    "{n}": {b:.4f},' for n, b in zip(NAMES, beta[1:], strict=True)) + "\n}")
    print(f"\nladder: BIAS = {ladder[0]:.4f}\nENTAILMENT_WEIGHT = {ladder[1]:.4f}")
    print(
        "\n".join(
            f'    "{n}": {-b * CHECK_SCALE:.4f},' for n, b in zip(CHECKS, ladder[2:], strict=True)
        )
    )
    if (path := directory / "ragtruth_summary.jsonl.gz").exists():
        print(f"SHOWN_SUPPORT = {shown_threshold(path, beta):.3f}")


if __name__ == "__main__":
    main()
