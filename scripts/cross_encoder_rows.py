"""Rows that the cross-encoder is trained and measured on: labelled files and synthetic pairs."""

from __future__ import annotations

import gzip
import json
import random
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthetic_pairs import pairs

from summarizer.adapters.onnx.source_windows import Offsets, SourceWindows
from summarizer.verification.rows import parse_row

LICENCES: Mapping[str, str] = {
    "fever_nli": "CC BY-SA 3.0",
    "mnli_binary": "mixed, permissive",
    "fool_me_twice": "Apache-2.0",
    "fever_symmetric": "MIT",
    "cg2c_doc": "MIT",
    "begin": "CC",
    "summedits_other7": "Apache-2.0",
    "ragtruth_summary": "MIT",
    "ragtruth_qa": "MIT",
    "ragtruth_data2txt": "MIT",
    "bump_sent": "MIT",
    "frank_cnndm": "MIT",
    "frank_xsum": "MIT",
    "xsumfaith": "CC BY 4.0",
    "cliff": "Apache-2.0",
    "wice_dev": "ODC-BY",
    "summhay_news_multi": "Apache-2.0",
    "factcheckgpt_stance": "Apache-2.0",
    "summeval": "MIT",
}
"""Sets that may be trained on, by the name of their file.  A set without a stated licence is for
measuring only."""


@dataclass(frozen=True)
class Row:
    """A claim with its sources.

    Args:
        set: name of the file, or ``synthetic:`` and the fault.
    """

    set: str
    claim: str
    sources: tuple[str, ...]
    label: int

    @property
    def document(self) -> int:
        """Number of the sources; equal for equal ones."""
        return zlib.crc32("\x1f".join(self.sources).encode("utf-8", "replace"))


def set_of(path: Path) -> str:
    """Name of a set by its file: ``bump_sent`` of ``bump_sent.jsonl.gz``."""
    return path.name.split(".")[0]


def family_of(name: str) -> str:
    """The family of a set: ``ragtruth`` of ``ragtruth_qa_response``.  Sets of a family share
    documents or annotators."""
    return name.split("_")[0]


def check_sets(train: Iterable[Path], held_out: Iterable[Path]) -> None:
    """Refuse a training set without a licence, and one of a family that is held out.

    Raises:
        SystemExit: with what is wrong.
    """
    held = {family_of(set_of(path)): path.name for path in held_out}
    for path in train:
        name = set_of(path)
        if name not in LICENCES:
            sys.exit(f"{path}: no licence that allows derived weights is known. Leave it out, or "
                     "add it to LICENCES of scripts/cross_encoder_rows.py.")  # fmt: skip
        if family_of(name) in held:
            sys.exit(
                f"{path}: {held[family_of(name)]} of the same family is held out. Give the family "
                "to one side only."
            )


def read_rows(path: Path, most: int, seed: int) -> list[Row]:
    """At most so many rows of a file, chosen by a seed; in their order."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        raw = [json.loads(line) for line in lines if line.strip()]
    kept = sorted(random.Random(seed).sample(range(len(raw)), min(most, len(raw))))
    found = []
    for n in kept:
        row = parse_row(raw[n])
        texts = tuple(text for _, text in row.sources)
        found.append(Row(set_of(path), row.claim, texts, raw[n]["label"]))
    return found


def without_documents(rows: Iterable[Row], held_out: Iterable[Row]) -> list[Row]:
    """Rows whose sources no row that is held out has."""
    held = {row.document for row in held_out}
    return [row for row in rows if row.document not in held]


def synthetic(rows: Sequence[Row], most: int, seed: int) -> list[Row]:
    """Pairs made of the rows' sources: at most so many, the faults in near equal number."""
    chance = random.Random(seed)
    documents = {row.document: row for row in rows}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in chance.sample(list(documents.values()), len(documents)):
        if sum(map(len, found.values())) >= 2 * most:
            break
        for pair in pairs(" ".join(row.sources), chance):
            made = Row(f"synthetic:{pair.kind}", pair.claim, (pair.source,), pair.label)
            found[pair.kind].append(made)
    return list(_in_turn(list(found.values()), most))


def _in_turn(kinds: Sequence[Sequence[Row]], most: int) -> Iterator[Row]:
    """Two of each kind, which are a fault and its twin, again and again."""
    given = 0
    for at in range(0, max(map(len, kinds), default=0), 2):
        for rows in kinds:
            for row in rows[at : at + 2]:
                if given == most:
                    return
                given += 1
                yield row


def weights(rows: Sequence[Row]) -> list[float]:
    """A weight for each row, so that both labels of a set weigh the same."""
    size = Counter((row.set, row.label) for row in rows)
    both = {row.set: size[row.set, 0] + size[row.set, 1] for row in rows}
    return [both[row.set] / 2 / size[row.set, row.label] for row in rows]


def window(row: Row, offsets: Offsets, most_tokens: int) -> tuple[str, str]:
    """The stretch of a row's sources that is trained on, and the claim, cut to half the input."""
    (places,) = offsets([row.claim])
    half = (most_tokens - 4) // 2
    claim = row.claim[: places[half - 1][1]] if len(places) > half else row.claim
    room = most_tokens - 4 - min(len(places), half)
    found = SourceWindows(row.sources, offsets, half).of(claim, room)
    return (found[-1] if found else ""), claim
