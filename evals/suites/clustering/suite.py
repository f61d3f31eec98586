"""How well items are put into incidents, on rows that people grouped.

Rows are JSON Lines, gzipped or not, with ``gold_cluster`` beside the fields of a source item.  The
items are clustered one by one in the order of their publication, with the setting that the product
uses.  Files in which no row has a ``gold_cluster`` hold one group each and are clustered together.
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
from evals.framework.confidence import Column, column
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
"""Above the number of groups that a file can hold, so that numbers of two files never meet."""


TOGETHER = "files as groups"
"""The group under which files that hold one group each are reported."""


class ClusteringRow(Model):
    """One item and the name of the group it belongs to, ``None`` where its file is the group."""

    item: ClusterItem
    gold: str | None


def measure_clustering(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """B-cubed of some items with its floor, leaving every item alone, and the V-measure.

    F1 is the figure to compare; the V-measure flatters where most groups are small.
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
    """Items of several files, each file that names groups clustered by itself as one task, the
    others together as another; meets ``Suite``.

    A gold group is what intervals draw again.  Items are pooled under ``all``, so that a large file
    weighs more there than a small one.

    Args:
        files: JSON Lines, gzipped or not; each is a group, named by ``group_of``.
        embedder: makes the vectors of the items.

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

    @property
    def version(self) -> Mapping[str, str]:
        """Of the product, whose clustering this is, and of the embedding model."""
        return {"summarizer": __version__, "embedder": self._embedder.name}

    def tasks(self) -> Iterator[Task]:
        """One a file: every item may join a group that any earlier one opened."""
        for number, (group, rows) in enumerate(self._rows.items()):
            yield Task(key=group, judge=partial(self.judge, group, number * MOST_ITEMS, rows))

    def judge(self, group: str, offset: int, rows: Sequence[ClusteringRow]) -> list[Outcome]:
        """The outcomes of one file; numbers of its groups start above ``offset``."""
        ordered = [rows[i] for i in in_time_order([row.item for row in rows])]
        gold, found = [row.gold for row in ordered], incidents_of(ordered, self._embedder)
        return outcomes(group, [row.item.key for row in ordered], gold, found, offset)

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """None: the table says it."""
        return ()


def outcomes(
    group: str,
    keys: Sequence[str],
    gold: Sequence[Hashable],
    found: Sequence[Hashable],
    offset: int,
) -> list[Outcome]:
    """Of each item the share of its found group that belongs with it, and the reverse.

    Args:
        group: the file.
        keys: of the items, unique in the file.
        gold: the group that people put each item into.
        found: the group that the product put it into.
        offset: what the numbers of the groups start from.
    """
    together = Counter(zip(gold, found, strict=True))
    of_gold, of_found = Counter(gold), Counter(found)
    gold_numbers, found_numbers = _numbered(gold, offset), _numbered(found, offset)
    return [
        Outcome(
            key=f"{group}:{key}",
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
    """The incident that the product puts each row into.

    Args:
        rows: in the order of publication.
        embedder: makes the vectors of the items.
        scorer: another one than the product's, to compare with.
    """
    items = [row.item for row in rows]
    vectors = embedder.embed([heading(item.title, item.text) for item in items])
    return [str(a.incident) for a in cluster(zip(items, vectors, strict=True), scorer)]


def _numbered(names: Sequence[Hashable], offset: int) -> dict[Hashable, float]:
    """A number for each name, as an outcome's figures are numbers."""
    return {name: float(offset + n) for n, name in enumerate(dict.fromkeys(names))}


def read(path: Path) -> list[ClusteringRow]:
    """The rows of a ``.jsonl`` or ``.jsonl.gz`` file.

    Raises:
        InputError: the file cannot be read or a line is not such a row; names file and line.
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
    """The time written in ISO 8601; one without a zone is taken for UTC."""
    read_time = dt.datetime.fromisoformat(text)
    return read_time if read_time.tzinfo else read_time.replace(tzinfo=dt.UTC)
