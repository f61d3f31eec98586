"""What the alignment network is trained on and judged by, as numbers and vectors of tokens."""

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
"""Of each set that is trained on: rows read, and rows it weighs as much as."""
MOST = {name: weight for name, (_, weight) in (CALIBRATION | TRAIN).items()}
ONLY_SCORED = ("qags_cnndm", "qags_xsum", "attributionbench_500", "goyal21", "entfa")
"""Sets without a stated licence: judged, never trained on, nothing made of their texts."""

FOLDS = 3


@dataclass(frozen=True)
class Text:
    """A labelled claim with its sources; ``fold`` names the network that must not see it, if any.

    A claim with ``trained`` false is seen by none.
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
        """The same number for claims with the same sources."""
        return zlib.crc32("".join(self.sources).encode())


@dataclass(frozen=True)
class Row:
    """A claim as numbers: of its sentences, each with those of its sources."""

    set: str
    key: str
    label: int
    fold: int | None
    trained: bool
    pairs: tuple[tuple[int, tuple[int, ...]], ...]


def read_texts(directory: Path) -> list[Text]:
    """All sets: those that are trained on, then those that are only scored."""
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
    """Every sentence once, by number, with the ids and vectors of its tokens.

    Args:
        scratch: folder that keeps what was embedded, for the next run too.
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
        """Each claim with the source sentences chosen for it; those without any are left out.

        Claims of one document come together, so that it is read once.
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
        """Embed what no earlier run has, and read it all."""
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
        """Where the tokens of a sentence stand in ``states`` and ``ids``."""
        return np.arange(self.starts[number], self.starts[number + 1])

    def token_counts(self, size: int) -> tuple[np.ndarray, int]:
        """How often each token stands in the sentences of this run, and how many those are."""
        tokens = np.concatenate([self.ids[self.places(n)] for n in sorted(self._used)])
        return np.bincount(tokens, minlength=size), len(self._used)


def _append(path: Path, arrays: Sequence[np.ndarray]) -> None:
    with path.open("ab") as file:
        np.concatenate(arrays).tofile(file)
