"""Train the alignment networks on labelled claims, and evaluate them on unseen documents.

    pip install torch
    python scripts/train_alignment.py DIRECTORY SCRATCH

DIRECTORY holds ``calibration/`` and ``train/`` with ``*.jsonl.gz`` of rows with ``claim``,
``label`` (1 supported, 0 not) and ``source_text`` or ``sources``.  SCRATCH caches token vectors
(about 2 GB) and finished networks; an interrupted run continues there.

One network is trained per fold, without a third of the calibration documents; the product ships all
of them, so the shipped networks are the evaluated ones.  Output: ``SCRATCH/scores.json``, the
out-of-fold log-odds of every calibration row (for sets that are only scored: the mean of all
networks), for ``scripts/fit_verifier.py``; and the weights in
``summarizer/verification/entailment/models/alignment``.

Only sets whose licence permits derived weights are used for training.  Weights of sets are given in
``training_rows``; classes are balanced within each set.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from training_rows import CALIBRATION, FOLDS, MOST, ONLY_SCORED, Row, Sentences, read_texts

from evals.suites.verifier.metrics import auroc, balanced_accuracy, recall_at
from summarizer.adapters.onnx.minilm import DIMENSIONS, MODEL_DIR
from summarizer.text.tokens import listed
from summarizer.verification.entailment.alignment import MODEL
from summarizer.verification.entailment.network import (
    MOST_CLAIM_TOKENS,
    MOST_SOURCE_TOKENS,
    SHARPNESS,
    Network,
    Tokens,
    joined,
    seen,
    unit,
)
from summarizer.verification.entailment.positions import COUNT

FUNCTION_WORDS = frozenset(
    listed(
        "the a an of to in on at for and or is are was were be been by with that this it its as "
        "from has have had will would their his her he she they them"
    )
)
NEGATIONS = frozenset(listed("not no never n't without nor none cannot neither t"))
EPOCHS, ROWS, WIDTH, RATE = 3, 48, 128, 2e-3
SEEN = 10 + COUNT
"""Columns of ``network.seen``."""


def token_table(sentences: Sentences) -> np.ndarray:
    """Context-free features of each token, in the columns of ``network``."""
    words = json.loads((MODEL_DIR / "tokenizer.json").read_text())["model"]["vocab"]
    vocabulary = sorted(words, key=words.__getitem__)
    count, whole = sentences.token_counts(len(vocabulary))
    rarity = np.log(whole / (1 + count)).clip(0, 12) / 6
    columns = [
        [bool(re.fullmatch(r"(##)?\d+", word)) for word in vocabulary],
        [not re.search(r"[a-z0-9]", word) for word in vocabulary],
        [word in FUNCTION_WORDS for word in vocabulary],
        [word in NEGATIONS for word in vocabulary],
        rarity,
    ]
    return np.stack([np.asarray(c, dtype=np.float32) for c in columns], axis=1)


class TorchNetwork(nn.Module):
    """Torch version of one network of ``entailment.network``; ``main`` checks their equality."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.v = nn.Linear(DIMENSIONS, WIDTH), nn.Linear(DIMENSIONS, WIDTH)
        self.t = nn.Parameter(torch.tensor(2.0))
        gelu = nn.GELU(approximate="tanh")
        self.g = nn.Sequential(
            nn.Linear(4 * WIDTH + SEEN + 1, 160), gelu, nn.Dropout(0.2), nn.Linear(160, 64), gelu
        )
        self.h = nn.Sequential(nn.Linear(192, 64), gelu, nn.Dropout(0.2), nn.Linear(64, 1))
        self.att = nn.Linear(64, 1)
        self.drop = nn.Dropout(0.15)

    def forward(
        self,
        a: Tensor,
        b: Tensor,
        known: Tensor,
        in_a: Tensor,
        in_b: Tensor,
        row: Tensor,
        rows: int,
    ) -> Tensor:
        """Log-odds of each of ``rows`` rows; ``row`` gives the row of each sentence."""
        attention = (self.q(a) @ self.q.weight + a * self.t.exp()) @ b.transpose(1, 2)
        partner = attention.masked_fill(~in_b[:, None], -1e4).softmax(-1).to(b.dtype) @ b
        x, y = self.drop(self.v(a) * 4), self.drop(self.v(partner) * 4)
        alike = (a * partner).sum(-1, keepdim=True)
        there = in_a[..., None]
        compared = torch.cat([x, y, (x - y).abs(), x * y, known, alike], -1)
        told = (self.g(compared) * there).float()
        mean = (told * there).sum(1) / there.sum(1)
        most = told.masked_fill(~there, -1e4).max(1).values
        weights = self.att(told).float().masked_fill(~there, -1e4).softmax(1)
        odds = self.h(torch.cat([mean, most, (told * weights).sum(1)], -1))[:, 0].float()
        bad = torch.exp(-SHARPNESS * odds.clamp(-8, 8))
        return -torch.log(torch.zeros(rows).index_add(0, row, bad) + 1e-9) / SHARPNESS


class Batches:
    """Rows as padded tensors.

    Args:
        data: token vectors.
        table: features of each token.
    """

    def __init__(self, data: Sentences, table: np.ndarray) -> None:
        self._data, self._table = data, table
        self._known: dict[tuple[int, tuple[int, ...]], np.ndarray] = {}

    def size(self, row: Row) -> int:
        """Number of tokens in the sources of a row."""
        starts = self._data.starts
        return sum(int(starts[s + 1] - starts[s]) for _, sources in row.pairs for s in sources)

    def shuffled(self, rows: Sequence[Row], chance: random.Random) -> list[list[Row]]:
        """Batches of rows of similar size, in random order."""
        mixed = chance.sample(rows, len(rows))
        found = []
        for at in range(0, len(mixed), 20 * ROWS):
            part = sorted(mixed[at : at + 20 * ROWS], key=self.size)
            found += [part[i : i + ROWS] for i in range(0, len(part), ROWS)]
        chance.shuffle(found)
        return found

    def tensors(self, rows: Sequence[Row]) -> tuple[Any, ...] | None:
        """The arguments of the network; ``None`` if no sentence of the rows has a token."""
        found = []
        for n, row in enumerate(rows):
            for claim, sources in row.pairs:
                mine = self._data.places(claim)[:MOST_CLAIM_TOKENS]
                theirs = np.concatenate([self._data.places(s) for s in sources])
                if len(mine) and len(theirs):
                    found.append((n, mine, theirs[:MOST_SOURCE_TOKENS], (claim, sources)))
        if not found:
            return None
        a, in_a = self._padded([mine for _, mine, _, _ in found])
        b, in_b = self._padded([theirs for _, _, theirs, _ in found])
        known = torch.zeros(*a.shape[:2], SEEN)
        for n, (_, mine, theirs, key) in enumerate(found):
            known[n, : len(mine)] = torch.from_numpy(self._seen(key, mine, theirs)).float()
        return a, b, known, in_a, in_b, torch.tensor([n for n, *_ in found]), len(rows)

    def _padded(self, places: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
        lengths = torch.tensor([len(p) for p in places])
        wide = int(lengths.max())
        states = torch.zeros(len(places), wide, DIMENSIONS)
        for n, p in enumerate(places):
            states[n, : len(p)] = torch.from_numpy(self._data.states[p].astype(np.float32))
        return functional.normalize(states, dim=-1), torch.arange(wide)[None] < lengths[:, None]

    def _seen(
        self, key: tuple[int, tuple[int, ...]], mine: np.ndarray, theirs: np.ndarray
    ) -> np.ndarray:
        """The product's features of each token of a claim, cached as 16-bit floats."""
        if key not in self._known:
            lengths = [len(self._data.places(s)) for s in key[1]]
            numbers = np.repeat(np.arange(len(lengths)), lengths)[: len(theirs)]
            a, b = (unit(self._data.states[p].astype(np.float32)) for p in (mine, theirs))
            ids = self._data.ids
            found = seen(a @ b.T, ids[mine], ids[theirs], numbers, self._table)
            self._known[key] = found.astype(np.float16)
        return self._known[key]


def fit(rows: Sequence[Row], batches: Batches, seed: int) -> TorchNetwork:
    """Train a network on some rows."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    size = Counter((row.set, row.label) for row in rows)

    def weight(row: Row) -> float:
        whole = size[row.set, 0] + size[row.set, 1]
        return min(MOST[row.set], whole) / 2 / size[row.set, row.label]

    net = TorchNetwork()
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02)
    steps = EPOCHS * (len(rows) // ROWS + 40)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=steps, pct_start=0.1
    )
    for epoch in range(EPOCHS):
        total = 0.0
        for n, chosen in enumerate(batches.shuffled(rows, chance)):
            batch = batches.tensors(chosen)
            if batch is None:
                continue
            labels = torch.tensor([float(row.label) for row in chosen])
            weights = torch.tensor([weight(row) for row in chosen])
            with torch.autocast("cpu", torch.bfloat16):
                odds = net(*batch)
            loss = functional.binary_cross_entropy_with_logits(odds, labels, reduction="none")
            mean = (loss * weights).sum() / weights.sum()
            optimiser.zero_grad()
            mean.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += mean.item()
            if n % 100 == 99:
                print(
                    f"network {seed}, {epoch + 1}.{n + 1}: loss {total / (n + 1):.3f}", flush=True
                )
    return net.eval()


def predict(net: TorchNetwork, rows: Sequence[Row], batches: Batches) -> list[float]:
    """Log-odds of some rows."""
    found: list[float] = []
    with torch.no_grad():
        for at in range(0, len(rows), 64):
            batch = batches.tensors(rows[at : at + 64])
            found += net(*batch).tolist() if batch else [0.0] * len(rows[at : at + 64])
    return found


def trained(rows: Sequence[Row], batches: Batches, scratch: Path) -> list[TorchNetwork]:
    """The network of each fold, trained without the fold's documents or loaded from a former run.

    Networks are trained in parallel processes with one thread each.
    """
    paths = [scratch / f"network{fold}.pt" for fold in range(FOLDS)]
    context = multiprocessing.get_context("fork")  # shares the vectors without copying
    running = [
        context.Process(target=_train, args=(rows, batches, fold, path))
        for fold, path in enumerate(paths)
        if not path.exists()
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    if any(process.exitcode for process in running):
        raise SystemExit("A network was not trained: its process died, see above.")
    nets = [TorchNetwork() for _ in paths]
    for net, path in zip(nets, paths, strict=True):
        net.load_state_dict(torch.load(path, weights_only=True))
    return [net.eval() for net in nets]


def _train(rows: Sequence[Row], batches: Batches, fold: int, path: Path) -> None:
    torch.set_num_threads(1)
    net = fit([r for r in rows if r.trained and r.fold != fold], batches, fold)
    torch.save(net.state_dict(), path)


def out_of_fold(
    nets: Sequence[TorchNetwork], rows: Sequence[Row], batches: Batches
) -> dict[str, float]:
    """Mean log-odds of every evaluated row, by the networks trained without its document."""
    found: dict[str, list[float]] = {}
    for fold, net in enumerate(nets):
        judged = [r for r in rows if not r.trained or r.fold == fold]
        for row, score in zip(judged, predict(net, judged, batches), strict=True):
            found.setdefault(f"{row.set} {row.key}", []).append(score)
    return {key: float(np.mean(scores)) for key, scores in found.items()}


def report(rows: Sequence[Row], scores: Mapping[str, float]) -> None:
    """Print AUROC, balanced accuracy and recall at 2% false alarms of each set."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if f"{row.set} {row.key}" in scores:
            groups.setdefault(row.set, []).append(row)
    for name, judged in groups.items():
        y = np.array([r.label for r in judged])
        s = np.array([scores[f"{r.set} {r.key}"] for r in judged])
        print(
            f"{name:28s} {auroc(y, s):.3f} {balanced_accuracy(y, s >= 0):.3f} "
            f"{recall_at(y, s, 0.02):.3f}"
        )


def save(nets: Sequence[TorchNetwork], table: np.ndarray, path: Path) -> None:
    """Write the weights as 16-bit floats, one row per network, and their sha256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    states = [net.state_dict() for net in nets]
    arrays = {name: np.stack([state[name].numpy() for state in states]) for name in states[0]}
    arrays["table"] = table
    np.savez_compressed(path, **{n: a.astype(np.float16) for n, a in arrays.items()})
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    (path.parent / "SHA256SUMS").write_text(f"{found}  {path.name}\n")


def compare(
    nets: Sequence[TorchNetwork], rows: Sequence[Row], batches: Batches, sentences: Sentences
) -> None:
    """Say how far what was saved is from what was trained, which is a matter of 16 bits."""
    mine = np.mean([predict(net, rows, batches) for net in nets], axis=0)
    product = Network(MODEL)

    def tokens(number: int) -> Tokens:
        places = sentences.places(number)
        return Tokens(sentences.ids[places], sentences.states[places])

    theirs = [
        product.support([(tokens(c), joined([tokens(s) for s in of])) for c, of in row.pairs])
        for row in rows
    ]
    print(f"saved and trained differ by {np.abs(mine - theirs).max():.3f} at most", flush=True)


def main() -> None:
    """Read, embed, train by folds, judge, save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("scratch", type=Path)
    asked = parser.parse_args()
    directory, scratch = asked.directory, asked.scratch
    scratch.mkdir(parents=True, exist_ok=True)
    sentences = Sentences(scratch)
    rows = sentences.rows(read_texts(directory))
    print(f"{len(rows)} rows", flush=True)
    sentences.embed()
    table = token_table(sentences)
    batches = Batches(sentences, table)
    nets = trained(rows, batches, scratch)
    scores = out_of_fold(nets, rows, batches)
    judged = {*CALIBRATION, *ONLY_SCORED}
    kept = {r.key: scores[f"{r.set} {r.key}"] for r in rows if r.set in judged}
    (scratch / "scores.json").write_text(json.dumps(kept))
    report(rows, scores)
    save(nets, table, MODEL)
    compare(nets, rows[:: len(rows) // 200], batches, sentences)


if __name__ == "__main__":
    main()
