"""Train the alignment network on labelled claims, and say how well it does on unseen documents.

    pip install torch
    python scripts/train_alignment.py DIRECTORY SCRATCH

DIRECTORY holds ``calibration/`` and ``train/`` with ``*.jsonl.gz`` of rows with ``claim``,
``label`` (1 supported, 0 not) and ``source_text`` or ``sources``.  SCRATCH is a folder for what is
costly to make again, token vectors (about 3 GB) and finished folds; a run that was cut off goes on
there.  Written in the end: ``SCRATCH/scores.json``, the log-odds of every calibration row from a
fold that never saw its document, which ``scripts/fit_verifier.py`` reads, and the weights in
``summarizer/adapters/models/alignment``.

Only sets whose licence lets weights be made from them are trained on; the others are scored by the
mean of all folds.  Each set weighs as much as ``MOST`` says, supported and unsupported rows the
same within it.  Run on 2026-11-24.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from evals.verifier import auc, balanced_accuracy, recall_at
from summarizer.adapters.alignment.entailment import MODEL
from summarizer.adapters.alignment.network import (
    MOST_CLAIM_TOKENS,
    MOST_SOURCE_TOKENS,
    SHARPNESS,
    flags,
)
from summarizer.adapters.alignment.selection import SourceSentences
from summarizer.adapters.minilm import MODEL_DIR, MiniLmEmbedder
from summarizer.faithfulness.words import listed
from summarizer.verification import parse_row

MOST = {
    "calibration": {
        "summedits_other7": (9_999, 1_500),
        "ragtruth_summary": (9_999, 1_500),
        "ragtruth_qa": (2_000, 1_500),
        "ragtruth_summary_response": (9_999, 500),
        "bump_sent": (9_999, 800),
        "frank_cnndm": (9_999, 1_500),
        "frank_xsum": (9_999, 800),
        "xsumfaith": (1_200, 800),
        "cliff": (9_999, 800),
        "wice_dev": (9_999, 800),
        "summhay_news_multi": (400, 400),
        "factcheckgpt_stance": (1_200, 800),
        "summeval": (1_000, 800),
    },
    "train": {
        "fever_nli": (12_000, 4_000),
        "mnli_binary": (14_000, 4_000),
        "fool_me_twice": (9_999, 800),
        "fever_symmetric": (9_999, 800),
        "cg2c_doc": (9_999, 800),
    },
}
"""Of each set that is trained on: rows read, and rows it weighs as much as."""
ONLY_SCORED = ("qags_cnndm", "qags_xsum", "attributionbench_500", "goyal21", "entfa")
"""Sets without a stated licence: judged, never trained on."""
FUNCTION_WORDS = frozenset(
    listed(
        "the a an of to in on at for and or is are was were be been by with that this it its as "
        "from has have had will would their his her he she they them"
    )
)
NEGATIONS = frozenset(listed("not no never n't without nor none cannot neither t"))
FOLDS, EPOCHS, FINAL_EPOCHS, ROWS, WIDTH = 3, 3, 3, 48, 128


@dataclass(frozen=True)
class Row:
    """A labelled claim: its sentences and their sources as numbers of sentences."""

    set: str
    key: str
    label: int
    document: int
    pairs: tuple[tuple[int, tuple[int, ...]], ...]
    trained: bool


class Sentences:
    """Every sentence once, by number, with token ids and vectors."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a sentence; a new one gets the next."""
        return self.texts.setdefault(text, len(self.texts))

    def embed(self, scratch: Path) -> None:
        """Embed all, or read what an earlier run embedded."""
        states, rest = scratch / "states.npy", scratch / "tokens.npz"
        if not rest.exists():
            self._embed(states, rest)
        with np.load(rest) as arrays:
            self.ids, self.starts = arrays["ids"], arrays["starts"]
        if len(self.starts) != len(self.texts) + 1:
            sys.exit(f"{rest} is of other data: empty {scratch} and run again.")
        self.states = np.load(states)

    def _embed(self, states: Path, rest: Path) -> None:
        embedder = MiniLmEmbedder(threads=2)
        texts = list(self.texts)
        ids, starts = [], [0]
        with states.with_suffix(".raw").open("wb") as raw:
            for at in range(0, len(texts), 500):
                for token_ids, vectors in embedder.tokens(texts[at : at + 500]):
                    vectors.astype(np.float16).tofile(raw)
                    ids.append(token_ids)
                    starts.append(starts[-1] + len(token_ids))
                print(f"embedded {min(at + 500, len(texts))} of {len(texts)}", flush=True)
        np.save(states, np.fromfile(raw.name, np.float16).reshape(-1, 384))
        Path(raw.name).unlink()
        np.savez(rest, ids=np.concatenate(ids), starts=np.array(starts))


def read_set(path: Path, most: int, trained: bool, sentences: Sentences) -> Iterator[Row]:
    """The rows of a file, or a seeded sample of them, with the sources chosen for each."""
    with gzip.open(path, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    if len(rows) > most:
        rows = random.Random(7).sample(rows, most)
    for raw in rows:
        row = parse_row(raw)
        texts = [text for _, text in row.sources]
        pairs = tuple(
            (sentences.number(p.claim), tuple(sentences.number(s) for s in p.sources))
            for p in SourceSentences(texts).pairs(row.claim)
        )
        if pairs:
            document = zlib.crc32("".join(texts).encode())
            yield Row(path.name.split(".")[0], raw["id"], raw["label"], document, pairs, trained)


def token_table(sentences: Sentences) -> np.ndarray:
    """What is known of a token without its context, in the columns that ``network`` names."""
    words = json.loads((MODEL_DIR / "tokenizer.json").read_text())["model"]["vocab"]
    vocabulary = sorted(words, key=words.__getitem__)
    count = np.bincount(sentences.ids, minlength=len(vocabulary))
    rarity = np.log(len(sentences.texts) / (1 + count)).clip(0, 12) / 6
    columns = [
        [bool(re.fullmatch(r"(##)?\d+", word)) for word in vocabulary],
        [not re.search(r"[a-z0-9]", word) for word in vocabulary],
        [word in FUNCTION_WORDS for word in vocabulary],
        [word in NEGATIONS for word in vocabulary],
        rarity,
    ]
    return np.stack([np.asarray(c, dtype=np.float32) for c in columns], axis=1)


class TorchNetwork(nn.Module):
    """The same computation as ``alignment.network.Network``, which a test holds against it."""

    def __init__(self, table: np.ndarray) -> None:
        super().__init__()
        self.table = table
        self.q, self.v = nn.Linear(384, WIDTH), nn.Linear(384, WIDTH)
        self.t = nn.Parameter(torch.tensor(2.0))
        gelu = nn.GELU(approximate="tanh")
        self.g = nn.Sequential(
            nn.Linear(4 * WIDTH + 11, 160), gelu, nn.Dropout(0.2), nn.Linear(160, 64), gelu
        )
        self.h = nn.Sequential(nn.Linear(192, 64), gelu, nn.Dropout(0.2), nn.Linear(64, 1))
        self.att = nn.Linear(64, 1)
        self.drop = nn.Dropout(0.15)

    def forward(
        self,
        a: Tensor,
        b: Tensor,
        seen: Tensor,
        in_a: Tensor,
        in_b: Tensor,
        row: Tensor,
        rows: int,
    ) -> Tensor:
        """Log-odds of each of ``rows`` rows; ``row`` says to which a sentence belongs."""
        a, b = functional.normalize(a, dim=-1), functional.normalize(b, dim=-1)
        cosine = (a @ b.transpose(1, 2)).masked_fill(~in_b[:, None], -1)
        attention = self.q(a) @ self.q(b).transpose(1, 2) + cosine * self.t.exp()
        partner = attention.masked_fill(~in_b[:, None], -1e4).softmax(-1) @ b
        x, y = self.drop(self.v(a) * 4), self.drop(self.v(partner) * 4)
        alike = (cosine.max(-1).values[..., None], (a * partner).sum(-1, keepdim=True))
        told = self.g(torch.cat([x, y, (x - y).abs(), x * y, seen, *alike], -1))
        there = in_a[..., None]
        mean = (told * there).sum(1) / there.sum(1)
        most = told.masked_fill(~there, -1e4).max(1).values
        weights = self.att(told).masked_fill(~there, -1e4).softmax(1)
        odds = self.h(torch.cat([mean, most, (told * weights).sum(1)], -1))[:, 0]
        bad = torch.exp(-SHARPNESS * odds.clamp(-8, 8))
        return -torch.log(torch.zeros(rows).index_add(0, row, bad) + 1e-9) / SHARPNESS

    def batch(self, rows: Sequence[Row], data: Sentences) -> tuple[Any, ...] | None:
        """The rows as padded tensors; ``None`` when no sentence of them has a token."""
        found = []
        for n, row in enumerate(rows):
            for claim, sources in row.pairs:
                mine = slice(data.starts[claim], data.starts[claim + 1])
                places = np.concatenate(
                    [np.arange(data.starts[s], data.starts[s + 1]) for s in sources]
                )[:MOST_SOURCE_TOKENS]
                if mine.stop > mine.start and len(places):
                    found.append((n, np.arange(mine.start, mine.stop)[:MOST_CLAIM_TOKENS], places))
        if not found:
            return None
        wide, long = max(len(m) for _, m, _ in found), max(len(p) for _, _, p in found)
        a, b = torch.zeros(len(found), wide, 384), torch.zeros(len(found), long, 384)
        seen = torch.zeros(len(found), wide, 9)
        for n, (_, mine, places) in enumerate(found):
            a[n, : len(mine)] = torch.from_numpy(data.states[mine].astype(np.float32))
            b[n, : len(places)] = torch.from_numpy(data.states[places].astype(np.float32))
            seen[n, : len(mine)] = torch.from_numpy(
                flags(data.ids[mine], data.ids[places], self.table)
            )
        in_a = torch.arange(wide)[None] < torch.tensor([len(m) for _, m, _ in found])[:, None]
        in_b = torch.arange(long)[None] < torch.tensor([len(p) for _, _, p in found])[:, None]
        return a, b, seen, in_a, in_b, torch.tensor([n for n, _, _ in found]), len(rows)


def fit(rows: Sequence[Row], data: Sentences, epochs: int, seed: int) -> TorchNetwork:
    """Train a network on some rows."""
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    size = Counter((row.set, row.label) for row in rows)
    most = {name: weight for sets in MOST.values() for name, (_, weight) in sets.items()}

    def weight(row: Row) -> float:
        whole = size[row.set, 0] + size[row.set, 1]
        return min(most[row.set], whole) / 2 / size[row.set, row.label]

    net = TorchNetwork(token_table(data))
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.02)
    steps = epochs * (len(rows) // ROWS + 40)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 2e-3, total_steps=steps, pct_start=0.1
    )
    for epoch in range(epochs):
        total = 0.0
        for chosen in _batches(rows, shuffle):
            batch = net.batch(chosen, data)
            if batch is None:
                continue
            labels = torch.tensor([float(row.label) for row in chosen])
            weights = torch.tensor([weight(row) for row in chosen])
            loss = functional.binary_cross_entropy_with_logits(
                net(*batch), labels, reduction="none"
            )
            mean = (loss * weights).sum() / weights.sum()
            optimiser.zero_grad()
            mean.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += mean.item()
        print(f"epoch {epoch + 1}: loss {total * ROWS / len(rows):.3f}", flush=True)
    return net.eval()


def _batches(rows: Sequence[Row], shuffle: random.Random) -> list[list[Row]]:
    """Rows of like size together, in a random order."""
    mixed = list(rows)
    shuffle.shuffle(mixed)
    found = []
    for at in range(0, len(mixed), 20 * ROWS):
        part = sorted(mixed[at : at + 20 * ROWS], key=lambda r: sum(len(s) for _, s in r.pairs))
        found += [part[i : i + ROWS] for i in range(0, len(part), ROWS)]
    shuffle.shuffle(found)
    return found


def predict(net: TorchNetwork, rows: Sequence[Row], data: Sentences) -> list[float]:
    """Log-odds of some rows."""
    found: list[float] = []
    with torch.no_grad():
        for at in range(0, len(rows), 64):
            batch = net.batch(rows[at : at + 64], data)
            found += net(*batch).tolist() if batch else [0.0] * len(rows[at : at + 64])
    return found


def out_of_fold(rows: Sequence[Row], data: Sentences, scratch: Path) -> dict[str, float]:
    """Log-odds of every calibration row from folds that never saw its document."""
    told: dict[str, list[float]] = {}
    for fold in range(FOLDS):
        path = scratch / f"fold{fold}.json"
        if not path.exists():
            judged = [r for r in rows if not r.trained or _fold(r) == fold]
            net = fit([r for r in rows if r.trained and _fold(r) != fold], data, EPOCHS, fold)
            scores = predict(net, judged, data)
            path.write_text(json.dumps({r.key: s for r, s in zip(judged, scores, strict=True)}))
        for key, score in json.loads(path.read_text()).items():
            told.setdefault(key, []).append(score)
    return {key: float(np.mean(scores)) for key, scores in told.items()}


def _fold(row: Row) -> int:
    return row.document % FOLDS if row.set in MOST["calibration"] else -1


def save(net: TorchNetwork, path: Path) -> None:
    """Write the weights at 16 bits, and their hash beside them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: value.detach().numpy() for name, value in net.named_parameters()}
    arrays["table"] = net.table
    np.savez_compressed(path, **{n: a.astype(np.float16) for n, a in arrays.items()})
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    (path.parent / "SHA256SUMS").write_text(f"{found}  {path.name}\n")


def main() -> None:
    """Read, embed, judge by folds, train on everything, save."""
    directory, scratch = Path(sys.argv[1]), Path(sys.argv[2])
    scratch.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    sentences, rows = Sentences(), []
    for folder, sets in MOST.items():
        for name, (most, _) in sets.items():
            path = directory / folder / f"{name}.jsonl.gz"
            rows += read_set(path, most, True, sentences)
    for name in ONLY_SCORED:
        path = directory / "calibration" / f"{name}.jsonl.gz"
        rows += read_set(path, 9_999, False, sentences)
    print(f"{len(rows)} rows, {len(sentences.texts)} sentences", flush=True)
    sentences.embed(scratch)
    scores = out_of_fold(rows, sentences, scratch)
    (scratch / "scores.json").write_text(json.dumps(scores))
    for name in (*MOST["calibration"], *ONLY_SCORED):
        judged = [row for row in rows if row.set == name]
        y, s = np.array([r.label for r in judged]), np.array([scores[r.key] for r in judged])
        print(
            f"{name:28s} {auc(y, s):.3f} {balanced_accuracy(y, s >= 0):.3f} "
            f"{recall_at(y, s, 0.02):.3f}"
        )
    save(fit([r for r in rows if r.trained], sentences, FINAL_EPOCHS, FOLDS), MODEL)


if __name__ == "__main__":
    main()
