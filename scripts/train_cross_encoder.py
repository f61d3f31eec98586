r"""Train a cross-encoder that reads a source and a claim, and write it as a checker.

    pip install -e '.[train]'
    python scripts/fetch_base_model.py BASE
    python scripts/train_cross_encoder.py BASE/all-mpnet-base-v2 OUT \
        --train DATA/train/{fever_nli,mnli_binary,fool_me_twice,cg2c_doc,begin}.jsonl.gz \
        --held-out DATA/calibration/{summedits_other7,ragtruth_summary,bump_sent}.jsonl.gz

Files are JSON Lines, gzipped or not, of rows as ``summarizer eval verifier`` reads them.  Families
that are held out are never trained on, nor any document of theirs.  Synthetic pairs
(``synthetic_pairs``) are made of the training sources into OUT/synthetic.jsonl; with ``--prepare``
that is all that is done, since it needs no GPU and takes minutes.

Training ends after ``--minutes`` (eight are meant for one large GPU; a CPU runs a small slice) or
``--epochs``, whichever is first; the learning rate falls towards that end.  OUT/checkpoint.pt is
written every minute, and an interrupted run continues there if it is called with the same
arguments.  OUT then holds ``model.onnx`` (int8), ``tokenizer.json``, ``config.json`` with
``id2label``, and ``MODEL_CARD.md`` with the figures on the held-out sets, measured on the int8
file as the product runs it.  ``SUMMARIZER_ENTAILMENT=OUT`` uses it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from cross_encoder_output import export, measured
from cross_encoder_rows import (
    LICENCES,
    Row,
    check_sets,
    read_rows,
    synthetic,
    weights,
    window,
    without_documents,
)
from torch import Tensor
from torch.nn import functional
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from summarizer import __version__

LABELS = {0: "unsupported", 1: "supported"}
MOST_TOKENS = 384
"""Tokens of an input: some 12 sentences beside the claim."""
WARM_UP = 0.06
"""Share of the run in which the learning rate rises."""
SAVED_EVERY_S = 60.0


@dataclass(frozen=True)
class Example:
    """An encoded pair."""

    ids: list[int]
    label: int
    weight: float


# --- Data --------------------------------------------------------------------------------------


def training_rows(asked: argparse.Namespace) -> list[Row]:
    """Rows of the training files and synthetic pairs, without documents that are held out."""
    held = [row for path in asked.held_out for row in read_rows(path, 10**9, asked.seed)]
    given = [row for path in asked.train for row in read_rows(path, asked.most, asked.seed)]
    given = without_documents(given, held)
    kept = asked.out / "synthetic.jsonl"
    if not kept.exists():
        pairs = synthetic(given, asked.synthetic, asked.seed)
        kept.write_text("".join(json.dumps(vars(row)) + "\n" for row in pairs), encoding="utf-8")
    lines = kept.read_text(encoding="utf-8").splitlines()
    made = [Row(**row | {"sources": tuple(row["sources"])}) for row in map(json.loads, lines)]
    for name, count in sorted(Counter(row.set for row in given + made).items()):
        print(f"{name}: {count} rows", flush=True)
    return given + made


def encoded(rows: Sequence[Row], tokenizer: Any) -> list[Example]:
    """The rows as token ids."""

    def offsets(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        if not texts:
            return []
        found = tokenizer(
            list(texts), add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        return [list(map(tuple, places)) for places in found["offset_mapping"]]

    texts = [window(row, offsets, MOST_TOKENS) for row in rows]
    found = tokenizer(
        [source for source, _ in texts],
        [claim for _, claim in texts],
        truncation="only_first",
        max_length=MOST_TOKENS,
    )["input_ids"]
    weighed = weights(rows)
    return [Example(i, r.label, w) for i, r, w in zip(found, rows, weighed, strict=True)]


def batches(
    examples: Sequence[Example], most_tokens: int, seed: int
) -> Iterator[Sequence[Example]]:
    """Examples of like length, each batch within its padded tokens, in random order."""
    chance = random.Random(seed)
    order = sorted(examples, key=lambda e: (len(e.ids), chance.random()))
    found: list[list[Example]] = [[]]
    for example in order:
        if found[-1] and len(example.ids) * (len(found[-1]) + 1) > most_tokens:
            found.append([])
        found[-1].append(example)
    chance.shuffle(found)
    yield from found


def tensors(batch: Sequence[Example], pad: int, device: str) -> dict[str, Tensor]:
    """A batch as the model takes it."""
    width = max(len(example.ids) for example in batch)
    ids = torch.full((len(batch), width), pad)
    for n, example in enumerate(batch):
        ids[n, : len(example.ids)] = torch.tensor(example.ids)
    mask = torch.zeros_like(ids)
    for n, example in enumerate(batch):
        mask[n, : len(example.ids)] = 1
    return {"input_ids": ids.to(device), "attention_mask": mask.to(device)}


# --- Training ----------------------------------------------------------------------------------


class Training:
    """A run that can be broken off and continued.

    Args:
        asked: the arguments of the command.
        examples: what is trained on.
    """

    def __init__(self, asked: argparse.Namespace, examples: Sequence[Example]) -> None:
        self._asked, self._examples = asked, examples
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(asked.seed)
        self.model = AutoModelForSequenceClassification.from_pretrained(
            asked.base,
            num_labels=len(LABELS),
            id2label=LABELS,
            label2id={name: n for n, name in LABELS.items()},
        ).to(self._device)
        self._optimiser = torch.optim.AdamW(self.model.parameters(), asked.rate, weight_decay=0.01)
        self._steps = asked.epochs * sum(1 for _ in batches(examples, asked.batch_tokens, 0))
        self.step, self.elapsed = 0, 0.0
        self._checkpoint = asked.out / "checkpoint.pt"
        if self._checkpoint.exists():
            self._restore()

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0–1: of its steps or of its minutes."""
        done = max(self.step / self._steps, self.elapsed / (60 * self._asked.minutes))
        return min(done, 1.0)

    def run(self) -> None:
        """Train until the end, from wherever it was broken off."""
        self.model.train()
        saved = time.monotonic()
        for n, batch in enumerate(self._all_batches()):
            if n < self.step:
                continue
            if self.progress >= 1:
                break
            began = time.monotonic()
            loss = self._learn(batch)
            self.step += 1
            self.elapsed += time.monotonic() - began
            if self.step % 20 == 0:
                print(f"step {self.step}, {self.progress:.0%}: loss {loss:.3f}", flush=True)
            if time.monotonic() - saved > SAVED_EVERY_S:
                self._save()
                saved = time.monotonic()
        self._save()

    def _all_batches(self) -> Iterator[Sequence[Example]]:
        for epoch in range(self._asked.epochs):
            yield from batches(self._examples, self._asked.batch_tokens, self._asked.seed + epoch)

    def _learn(self, batch: Sequence[Example]) -> float:
        done = self.progress
        for group in self._optimiser.param_groups:
            group["lr"] = self._asked.rate * min(done / WARM_UP, 1.0, 1 - done)
        given = tensors(batch, self.model.config.pad_token_id or 0, self._device)
        labels = torch.tensor([example.label for example in batch], device=self._device)
        weight = torch.tensor([example.weight for example in batch], device=self._device)
        with torch.autocast(self._device, torch.bfloat16, enabled=self._device == "cuda"):
            logits = self.model(**given).logits
        losses = functional.cross_entropy(logits.float(), labels, reduction="none")
        loss = (losses * weight).sum() / weight.sum()
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimiser.step()
        return float(loss.item())

    def _save(self) -> None:
        state = {
            "arguments": arguments(self._asked),
            "model": self.model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "step": self.step,
            "elapsed": self.elapsed,
            "chance": torch.get_rng_state(),
        }
        part = self._checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(self._checkpoint)

    def _restore(self) -> None:
        state = torch.load(self._checkpoint, map_location=self._device, weights_only=True)
        if state["arguments"] != arguments(self._asked):
            raise SystemExit(
                f"{self._checkpoint} is of a run with other arguments: {state['arguments']}. "
                "Remove it, or name another folder."
            )
        self.model.load_state_dict(state["model"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.step, self.elapsed = state["step"], state["elapsed"]
        torch.set_rng_state(state["chance"].cpu())
        print(f"continued at step {self.step}, {self.progress:.0%}", flush=True)


def arguments(asked: argparse.Namespace) -> str:
    """The arguments that decide what is trained, as one line."""
    other = ("out", "rows", "prepare")
    kept = {name: value for name, value in vars(asked).items() if name not in other}
    return json.dumps(kept, default=str, sort_keys=True)


# --- Output ------------------------------------------------------------------------------------


def card(asked: argparse.Namespace, training: Training, rows: Sequence[Row], table: str) -> str:
    """What the model is made of and how well it did."""
    sets = Counter(row.set for row in rows)
    made_of = "\n".join(
        f"| {name} | {count} | {LICENCES.get(name, 'of its sources')} |"
        for name, count in sorted(sets.items())
    )
    digest = hashlib.sha256((asked.out / "model.onnx").read_bytes()).hexdigest()
    return f"""# Cross-encoder

Reads a source and a claim, and gives the probability that the source supports the claim.
`model.onnx` has int8 weights; sha256 `{digest}`.

**Made by** `scripts/train_cross_encoder.py` of version {__version__}, from `{asked.base.name}`:
{training.step} steps, {training.elapsed / 60:.1f} minutes, {training.progress:.0%} of the run;
seed {asked.seed}.

| trained on | rows | licence |
|---|---|---|
{made_of}

**Measured** on families of which nothing was trained on, at the threshold .50:

| set | rows | AUROC | balanced accuracy | recall at 2% false alarms |
|---|---|---|---|---|
{table}
"""


def parsed() -> argparse.Namespace:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", type=Path, help="folder of the base model, as transformers has it")
    parser.add_argument("out", type=Path, help="folder that is written")
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    parser.add_argument("--held-out", type=Path, nargs="+", required=True)
    parser.add_argument("--synthetic", type=int, default=20_000, help="most synthetic pairs")
    parser.add_argument("--most", type=int, default=20_000, help="most rows of a training file")
    parser.add_argument("--rows", type=int, default=1_500, help="most rows of a held-out file")
    parser.add_argument("--minutes", type=float, default=8.0, help="longest training")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch-tokens", type=int, default=16_384, help="padded tokens of a step")
    parser.add_argument("--rate", type=float, default=3e-5, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--prepare", action="store_true", help="only make the synthetic pairs")
    return parser.parse_args()


def main() -> None:
    """Read, train, export, measure."""
    asked = parsed()
    check_sets(asked.train, asked.held_out)
    asked.out.mkdir(parents=True, exist_ok=True)
    rows = training_rows(asked)
    if asked.prepare:
        return
    tokenizer = AutoTokenizer.from_pretrained(asked.base)
    training = Training(asked, encoded(rows, tokenizer))
    training.run()
    export(training.model, tokenizer, asked.base, asked.out)
    table = "\n".join(measured(asked.out, asked.held_out, asked.rows, asked.seed))
    (asked.out / "MODEL_CARD.md").write_text(card(asked, training, rows, table), encoding="utf-8")
    print(f"Wrote {asked.out}: SUMMARIZER_ENTAILMENT={asked.out} uses it.")


if __name__ == "__main__":
    main()
