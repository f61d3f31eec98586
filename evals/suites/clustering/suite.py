"""Clustering suite: assignment of items to incidents, on manually labelled rows.

Rows are JSON Lines, gzipped or not, with ``gold_cluster`` beside the fields of a source item.
Items are clustered one by one in order of publication, with the product's settings.  A file
without any ``gold_cluster`` is one gold cluster; such files are clustered together.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from evals.datasets import json_lines, read_groups
from evals.framework import versions
from evals.framework.confidence import Column, column
from evals.framework.keys import content_key, told_apart
from evals.framework.results import Better, Figure, Outcome, Task
from evals.suites.clustering.metrics import v_measure
from summarizer import __version__
from summarizer.clustering.online import ClusterItem, cluster, in_time_order
from summarizer.clustering.pair_model import PairModel
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.ingestion.index_sync import heading
from summarizer.ports.models import Embedder

MOST_ITEMS = 10**9
"""Offset of cluster numbers between files, so that they are unique."""


TOGETHER = "files as groups"
"""Report group of the files that are one gold cluster each."""


class ClusteringRow(Model):
    """One item with its gold cluster; ``None`` if its file is one cluster."""

    item: ClusterItem
    gold: str | None


def measure_clustering(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """B-cubed, its F1 for singletons as a floor, and the V-measure.

    Compare by F1; the V-measure is high for any result if most clusters are small.
    """
    precision, recall = (_mean(column(outcomes, name)) for name in ("precision", "recall"))
    gold, found = (column(outcomes, name).tolist() for name in ("gold", "found"))
    return {
        "B-cubed F1": _harmonic(precision, recall),
        "B-cubed precision": precision,
        "B-cubed recall": recall,
        "F1 of items left alone": _harmonic(1.0, _mean(column(outcomes, "recall alone"))),
        "V-measure": v_measure(gold, found) if gold else math.nan,
    }


def _mean(values: Column) -> float:
    return float(values.mean()) if len(values) else math.nan


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall)


class ClusteringSuite:
    """Clustering of the items of several files; implements ``Suite``.

    Each file with gold clusters is one task; the others together are one more.  Bootstrap
    intervals resample gold clusters.  Items are pooled under ``all``, where large files weigh more.

    Args:
        files: JSON Lines, gzipped or not; each is a report group, named by ``group_of``.
        embedder: embeds the items.

    Raises:
        InputError: a file cannot be read, holds no rows or a malformed one, or two have one name.
    """

    name = "clustering"
    better: Mapping[str, Better] = {
        "B-cubed F1": "higher",
        "B-cubed precision": "higher",
        "B-cubed recall": "higher",
        "V-measure": "higher",
    }
    margins: Mapping[str, float] = {"B-cubed F1": 0.01}
    measure = staticmethod(measure_clustering)

    def __init__(self, files: Sequence[Path], embedder: Embedder) -> None:
        self._embedder = embedder
        groups, self.inputs = read_groups(files, read)
        self._rows: dict[str, list[ClusteringRow]] = {}
        for group, rows in groups.items():
            if rows[0].gold is None:
                self._rows.setdefault(TOGETHER, []).extend(_of_one_group(rows, group))
            else:
                self._rows[group] = rows
        every = [row for rows in self._rows.values() for row in rows]
        keys = iter(told_apart(map(_content, every)))
        self._keys = {group: [next(keys) for _ in rows] for group, rows in self._rows.items()}

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of the product, the suite, the clustering and the embedding model."""
        return {
            "summarizer": __version__,
            "suite code": versions.code("evals.suites.clustering"),
            "clustering code": versions.code(
                "summarizer.clustering", "summarizer.ingestion", "summarizer.text"
            ),
            "embedder": self._embedder.name,
        }

    def tasks(self) -> Iterator[Task]:
        """One task per file, since an item can join any earlier cluster of its file."""
        for number, (group, rows) in enumerate(self._rows.items()):
            yield Task(key=group, judge=partial(self.judge, group, number * MOST_ITEMS, rows))

    def judge(self, group: str, offset: int, rows: Sequence[ClusteringRow]) -> list[Outcome]:
        """The outcomes of one file; its clusters are numbered from ``offset``."""
        order = in_time_order([row.item for row in rows])
        ordered, keys = [rows[i] for i in order], [self._keys[group][i] for i in order]
        gold, found = [row.gold for row in ordered], incidents_of(ordered, self._embedder)
        made = outcomes(group, keys, gold, found, offset)
        places = [{"place": f"{group}:{row.item.key}"} for row in ordered]
        return [o.model_copy(update=place) for o, place in zip(made, places, strict=True)]

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """No figures; the table is sufficient."""
        return ()


def outcomes(
    group: str,
    keys: Sequence[str],
    gold: Sequence[Hashable],
    found: Sequence[Hashable],
    offset: int,
) -> list[Outcome]:
    """B-cubed precision and recall of each item.

    Args:
        group: name of the file.
        keys: keys of the items, unique in the run.
        gold: gold cluster of each item.
        found: cluster of each item by the product.
        offset: first number of the clusters.
    """
    together = Counter(zip(gold, found, strict=True))
    of_gold, of_found = Counter(gold), Counter(found)
    gold_numbers, found_numbers = _numbered(gold, offset), _numbered(found, offset)
    return [
        Outcome(
            key=key,
            cluster=f"{group}:{g}",
            group=group,
            values={
                "precision": together[g, f] / of_found[f],
                "recall": together[g, f] / of_gold[g],
                "recall alone": 1 / of_gold[g],
                "gold": gold_numbers[g],
                "found": found_numbers[f],
            },
        )
        for key, g, f in zip(keys, gold, found, strict=True)
    ]


def incidents_of(
    rows: Sequence[ClusteringRow], embedder: Embedder, scorer: PairModel | None = None
) -> list[str]:
    """Incident of each row by the product's clustering.

    Args:
        rows: rows in order of publication.
        embedder: embeds the items.
        scorer: pair model to compare; defaults to the product's.
    """
    items = [row.item for row in rows]
    vectors = embedder.embed([heading(item.title, item.text) for item in items])
    return [str(a.incident) for a in cluster(zip(items, vectors, strict=True), scorer)]


def _content(row: ClusteringRow) -> str:
    fields = row.item.model_dump(mode="json", exclude={"key"})
    return content_key(fields, row.gold)


def _numbered(names: Sequence[Hashable], offset: int) -> dict[Hashable, float]:
    """A number for each cluster name, because outcome values are numbers."""
    return {name: float(offset + n) for n, name in enumerate(dict.fromkeys(names))}


def read(path: Path) -> list[ClusteringRow]:
    """The rows of a ``.jsonl`` or ``.jsonl.gz`` file.

    Raises:
        InputError: the file cannot be read or a row is malformed; names file and line.
    """
    rows = [_row(value, number, f"{path}:{number}") for number, value in json_lines(path)]
    without = [row.item.key for row in rows if row.gold is None]
    if 0 < len(without) < len(rows):
        raise InputError(
            f'{path}:{without[0]}: other rows of the file have a "gold_cluster" and this has '
            "none. Give every row one, or none where the file holds one group."
        )
    return rows


def _of_one_group(rows: Iterable[ClusteringRow], name: str) -> list[ClusteringRow]:
    return [
        ClusteringRow(item=row.item.model_copy(update={"key": f"{name}:{row.item.key}"}), gold=name)
        for row in rows
    ]


def _row(fields: Any, number: int, where: str) -> ClusteringRow:
    try:
        return _parsed(fields, number)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{where}: no row to evaluate ({type(error).__name__}: {error}). "
            'It needs "title" or "text", and "gold_cluster" unless its file is one group.'
        ) from error


def _parsed(fields: Any, number: int) -> ClusteringRow:
    if not isinstance(fields, dict):
        raise TypeError("a row is a JSON object")
    published = fields.get("published_at")
    item = ClusterItem(
        key=str(number),
        published_at=_utc(published) if published else None,
        title=fields.get("title") or "",
        text=fields.get("text") or fields["title"],
        url=fields.get("url"),
    )
    gold = fields.get("gold_cluster")
    return ClusteringRow(item=item, gold=None if gold is None else str(gold))


def _utc(text: str) -> dt.datetime:
    """Parse an ISO 8601 time; UTC without a zone."""
    read_time = dt.datetime.fromisoformat(text)
    return read_time if read_time.tzinfo else read_time.replace(tzinfo=dt.UTC)
