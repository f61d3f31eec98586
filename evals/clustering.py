"""How well items are put into incidents, on rows that people grouped.

Rows are JSON Lines, gzipped or not, with ``gold_cluster`` beside the fields of a source item.  The
items are clustered one by one in the order of their publication, with the setting that the product
uses.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from evals.clustering_metrics import b_cubed, v_measure
from summarizer.clustering import ClusterItem, Weights, cluster, heading, in_time_order
from summarizer.domain import Model
from summarizer.errors import InputError
from summarizer.ports import Embedder


class ClusteringRow(Model):
    """One item and the name of the group it belongs to."""

    item: ClusterItem
    gold: str


class ClusteringScore(Model):
    """What one data set measured.

    Args:
        groups: how many people found.
        found: how many the product found.
        precision: B-cubed precision, 0–1.
        recall: B-cubed recall, 0–1.
        f1: B-cubed F1, 0–1; the figure to compare.
        alone_f1: the floor: B-cubed F1 of leaving every item alone.
        v_measure: 0–1; flatters where most groups are small.
        items_per_second: embedding included.
    """

    items: int
    groups: int
    found: int
    precision: float
    recall: float
    f1: float
    alone_f1: float
    v_measure: float
    items_per_second: float


def evaluate(
    rows: Sequence[ClusteringRow], embedder: Embedder, weights: Weights | None = None
) -> ClusteringScore:
    """Cluster the rows as the product would and compare with what people did.

    Args:
        rows: in any order.
        embedder: makes the vectors of the items.
        weights: another setting than the product's, to compare with.

    Raises:
        InputError: there are no rows.
    """
    if not rows:
        raise InputError("There is nothing to evaluate: the file holds no rows.")
    started = time.perf_counter()
    ordered = [rows[i] for i in in_time_order([row.item for row in rows])]
    items = [row.item for row in ordered]
    vectors = embedder.embed([heading(item.title, item.text) for item in items])
    found = [a.incident for a in cluster(zip(items, vectors, strict=True), weights)]
    seconds = time.perf_counter() - started
    gold = [row.gold for row in ordered]
    score = b_cubed(gold, found)
    return ClusteringScore(
        items=len(gold),
        groups=len(set(gold)),
        found=len(set(found)),
        **score.model_dump(),
        alone_f1=b_cubed(gold, range(len(gold))).f1,
        v_measure=v_measure(gold, found),
        items_per_second=len(gold) / seconds,
    )


def read(path: Path) -> list[ClusteringRow]:
    """The rows of a ``.jsonl`` or ``.jsonl.gz`` file.

    Raises:
        InputError: the file cannot be read or a line is not such a row; names file and line.
    """
    try:
        return list(_rows(path))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def table(scores: Sequence[tuple[str, ClusteringScore]]) -> str:
    """The scores of named sets as a Markdown table, with the mean F1 in its last line."""
    lines = [
        "| file | items | groups | found | P | R | B-cubed F1 | alone | V | items/s |",
        "|---" * 10 + "|",
    ]
    for name, score in scores:
        counts = f"{score.items} | {score.groups} | {score.found}"
        figures = (score.precision, score.recall, score.f1, score.alone_f1, score.v_measure)
        cells = " | ".join(f"{figure:.3f}" for figure in figures)
        lines.append(f"| {name} | {counts} | {cells} | {score.items_per_second:.0f} |")
    if scores:
        f1 = mean(score.f1 for _, score in scores)
        alone = mean(score.alone_f1 for _, score in scores)
        lines.append(f"| mean | | | | | | {f1:.3f} | {alone:.3f} | | |")
    return "\n".join(lines)


def _rows(path: Path) -> Iterator[ClusteringRow]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(_not_blank(lines), start=1):
            try:
                yield _row(json.loads(line), number)
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path}, line {number}: no row to evaluate ({type(error).__name__}: {error}). "
                    'It needs "gold_cluster", and "title" or "text".'
                ) from error


def _not_blank(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if line.strip())


def _row(fields: Any, number: int) -> ClusteringRow:
    if not isinstance(fields, dict):
        raise TypeError("a row is a JSON object")
    published = fields.get("published_at")
    item = ClusterItem(
        key=str(number),
        published_at=_utc(published) if published else None,
        title=fields.get("title") or "",
        text=fields.get("text") or fields["title"],
    )
    return ClusteringRow(item=item, gold=str(fields["gold_cluster"]))


def _utc(text: str) -> dt.datetime:
    """The time written in ISO 8601; one without a zone is taken for UTC."""
    read_time = dt.datetime.fromisoformat(text)
    return read_time if read_time.tzinfo else read_time.replace(tzinfo=dt.UTC)
