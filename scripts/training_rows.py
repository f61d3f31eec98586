"""Training and evaluation data of the alignment network, as token ids and vectors."""

from __future__ import annotations

import gzip
import json
import os
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from summarizer.adapters.onnx.minilm import DIMENSIONS, MiniLmEmbedder
from summarizer.verification.entailment.sentence_selection import SourceSentences
from summarizer.verification.rows import parse_row

CALIBRATION = {
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
}
TRAIN = {
    "fever_nli": (12_000, 4_000),
    "mnli_binary": (14_000, 4_000),
    "fool_me_twice": (9_999, 800),
    "fever_symmetric": (9_999, 800),
    "cg2c_doc": (9_999, 800),
    "begin": (9_999, 800),
}
"""Training sets: maximum rows read, and weight in rows."""
MOST = {name: weight for name, (_, weight) in (CALIBRATION | TRAIN).items()}
ONLY_SCORED = ("qags_cnndm", "qags_xsum", "attributionbench_500", "goyal21", "entfa")
"""Sets without a stated licence, which are only used for evaluation."""

FOLDS = 3


@dataclass(frozen=True)
class Text:
    """A labelled claim with its sources; the network of ``fold`` is trained without it.

    Claims with ``trained`` false are not used for training.
    """

    set: str
    key: str
    label: int
    claim: str
    sources: tuple[str, ...]
    fold: int | None
    trained: bool = True

    @property
    def document(self) -> int:
        """Number of the source document; equal for claims with equal sources."""
        return zlib.crc32("".join(self.sources).encode())


@dataclass(frozen=True)
class Row:
    """A claim as sentence numbers, each with the numbers of its source sentences."""

    set: str
    key: str
    label: int
    fold: int | None
    trained: bool
    pairs: tuple[tuple[int, tuple[int, ...]], ...]


def read_texts(directory: Path) -> list[Text]:
    """All sets: training sets, then evaluation-only sets."""
    found = []
    for name, (most, _) in CALIBRATION.items():
        found += _read(directory / "calibration" / f"{name}.jsonl.gz", most, folds=FOLDS)
    for name, (most, _) in TRAIN.items():
        found += _read(directory / "train" / f"{name}.jsonl.gz", most, folds=None)
    for name in ONLY_SCORED:
        path = directory / "calibration" / f"{name}.jsonl.gz"
        found += _read(path, 9_999, folds=None, trained=False)
    return found


def _read(path: Path, most: int, folds: int | None, trained: bool = True) -> Iterator[Text]:
    with gzip.open(path, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    for raw in random.Random(7).sample(rows, most) if len(rows) > most else rows:
        row = parse_row(raw)
        texts = tuple(text for _, text in row.sources)
        fold = zlib.crc32("".join(texts).encode()) % folds if folds else None
        name = path.name.split(".")[0]
        yield Text(name, raw["id"], raw["label"], row.claim, texts, fold, trained)


# --- Sentences ---------------------------------------------------------------------------------


class Sentences:
    """Distinct sentences by number, with their token ids and vectors.

    Args:
        scratch: folder that caches the vectors between runs.
    """

    def __init__(self, scratch: Path) -> None:
        names = ("states.raw", "ids.raw", "lengths.raw", "texts.json")
        self._states, self._ids, self._lengths, self._texts = (scratch / name for name in names)
        for path in (self._states, self._ids, self._lengths):
            path.touch()
        known = json.loads(self._texts.read_text()) if self._texts.exists() else []
        embedded = known[: len(np.fromfile(self._lengths, np.int64))]
        self._numbers = {text: number for number, text in enumerate(embedded)}
        self._used: set[int] = set()

    def rows(self, texts: Sequence[Text]) -> list[Row]:
        """Each claim with its selected source sentences; claims without any are left out.

        Claims are grouped by document, so that each document is read once.
        """
        found = []
        order = sorted(texts, key=lambda text: text.sources)
        for sources, claims in groupby(order, key=lambda text: text.sources):
            source = SourceSentences(sources)
            for text in claims:
                chosen = tuple(
                    (self._number(pair.claim), tuple(map(self._number, pair.sources)))
                    for pair in source.pairs(text.claim)
                )
                if not chosen:
                    continue
                found.append(Row(text.set, text.key, text.label, text.fold, text.trained, chosen))
        return found

    def _number(self, text: str) -> int:
        number = self._numbers.setdefault(text, len(self._numbers))
        self._used.add(number)
        return number

    def embed(self) -> None:
        """Embed sentences that are not cached, and load all vectors."""
        texts = list(self._numbers)
        self._texts.write_text(json.dumps(texts))
        done = np.fromfile(self._lengths, np.int64)
        # What a run that was cut off wrote of a part is dropped.
        os.truncate(self._states, int(done.sum()) * DIMENSIONS * 2)
        os.truncate(self._ids, int(done.sum()) * 8)
        embedder = MiniLmEmbedder(threads=2)
        for at in range(len(done), len(texts), 500):
            found = embedder.tokens(texts[at : at + 500])
            _append(self._states, [vectors.astype(np.float16) for _, vectors in found])
            _append(self._ids, [numbers for numbers, _ in found])
            _append(self._lengths, [np.array([len(numbers) for numbers, _ in found])])
            print(f"embedded {at + len(found)} of {len(texts)}", flush=True)
        self.states = np.memmap(self._states, np.float16, mode="r").reshape(-1, DIMENSIONS)
        self.ids = np.fromfile(self._ids, np.int64)
        self.starts = np.r_[0, np.fromfile(self._lengths, np.int64).cumsum()]

    def places(self, number: int) -> np.ndarray:
        """Positions of a sentence's tokens in ``states`` and ``ids``."""
        return np.arange(self.starts[number], self.starts[number + 1])

    def token_counts(self, size: int) -> tuple[np.ndarray, int]:
        """Count of each token in the sentences of this run, and the number of sentences."""
        tokens = np.concatenate([self.ids[self.places(n)] for n in sorted(self._used)])
        return np.bincount(tokens, minlength=size), len(self._used)


def _append(path: Path, arrays: Sequence[np.ndarray]) -> None:
    with path.open("ab") as file:
        np.concatenate(arrays).tofile(file)
