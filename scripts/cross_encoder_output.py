"""A trained cross-encoder as a checker's folder, and its figures on labelled rows."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from cross_encoder_rows import read_rows, set_of
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic

from evals.suites.verifier.metrics import auroc, balanced_accuracy, recall_at
from summarizer.adapters.onnx.cross_encoder import CrossEncoderEntailment


def export(model: Any, tokenizer: Any, base: Path, out: Path) -> None:
    """Write the network with int8 weights, its tokenizer and its configuration."""
    model = model.to("cpu").eval()
    given = tokenizer("A source.", "A claim.", return_tensors="pt")
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "batch", 1: "tokens"} for name in names} | {"logits": {0: "batch"}}
    whole = out / "whole.onnx"
    torch.onnx.export(
        model,
        tuple(given[name] for name in names),
        whole,
        input_names=names,
        output_names=["logits"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    compare(model, tokenizer, whole)
    quantize_dynamic(whole, out / "model.onnx", per_channel=True, weight_type=QuantType.QInt8)
    whole.unlink()
    model.config.save_pretrained(out)
    shutil.copy(base / "tokenizer.json", out / "tokenizer.json")


def compare(model: Any, tokenizer: Any, path: Path) -> None:
    """Hold the exported network against the trained one, on pairs of other lengths than it was
    traced with.

    Raises:
        SystemExit: they differ.
    """
    claims = ["It rained.", "The port hired 12 guards, and the ferry line closed on Friday."]
    sources = ["Rain fell. " * n for n in (1, 40)]
    given = tokenizer(sources, claims, padding=True, return_tensors="pt")
    given = {name: given[name] for name in ("input_ids", "attention_mask")}
    with torch.no_grad():
        mine = model(**given).logits.numpy()
    session = InferenceSession(path, providers=["CPUExecutionProvider"])
    (theirs,) = session.run(None, {name: tensor.numpy() for name, tensor in given.items()})
    apart = float(np.abs(mine - theirs).max())
    print(f"exported and trained differ by {apart:.5f} at most", flush=True)
    if not apart < 0.001:
        raise SystemExit("The exported network is not the trained one.")


def measured(out: Path, files: Sequence[Path], most: int, seed: int) -> list[str]:
    """A line of a table for each set: rows, AUROC, balanced accuracy, recall at 2% false alarms."""
    checker = CrossEncoderEntailment(out)
    lines = []
    for path in files:
        rows = read_rows(path, most, seed)
        scores = np.array(checker.support([(row.claim, row.sources) for row in rows]))
        labels = np.array([row.label for row in rows])
        figures = (auroc(labels, scores), balanced_accuracy(labels, scores >= 0.5))
        figures = (*figures, recall_at(labels, scores, 0.02))
        cells = " | ".join(f"{figure:.3f}" for figure in figures)
        lines.append(f"| {set_of(path)} | {len(rows)} | {cells} |")
        print(lines[-1], flush=True)
    return lines
