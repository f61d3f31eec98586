"""Template texts about different things stay apart, and the items of one story come together.

The cases are invented: families of one template (with and without sentences), each with one other
telling of its first member, and stories told by a notice, a follow-up, an opinion piece and others.
The pair model was fitted on the files named ``…-dev``, not on those named ``…-held``.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest

from evals.datasets import json_lines
from evals.suites.clustering.suite import ClusteringRow, incidents_of, read
from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.clustering.online import ClusterItem

CASES = Path(__file__).parents[1] / "cases" / "clustering"


def wrong_pairs(rows: Sequence[ClusteringRow]) -> tuple[int, int]:
    """Pairs wrongly in one incident, and wrongly in two."""
    found = incidents_of(rows, MiniLmEmbedder())
    merged = split = 0
    for one, other in combinations(range(len(rows)), 2):
        together, right = found[one] == found[other], rows[one].gold == rows[other].gold
        merged += together and not right
        split += right and not together
    return merged, split


def of_titles(*titles: str) -> list[ClusteringRow]:
    return [
        ClusteringRow(item=ClusterItem(key=str(n), title=title, text=title), gold=str(n))
        for n, title in enumerate(titles)
    ]


@pytest.mark.parametrize(
    "titles",
    [
        (
            "Veltra quarterly profit rises 12 percent",
            "Kessel Foods quarterly profit rises 9 percent",
            "Marrick Gas quarterly profit rises 31 percent",
        ),
        ("Composer Piers Aldane dies at 77", "Novelist Hanna Veldt dies at 81"),
        ("Quake of magnitude 5.1 near Tarvik", "Quake of magnitude 4.7 near Osmund Bay"),
    ],
)
def test_headlines_of_one_template_are_different_incidents(titles: tuple[str, ...]) -> None:
    assert wrong_pairs(of_titles(*titles)) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "most_merged", "most_split"),
    [
        ("templates-dev", 8, 2),
        ("templates-held", 20, 2),
        ("stories-dev", 0, 2),
        ("stories-held", 0, 11),
    ],
)
def test_few_pairs_of_a_family_are_merged_or_split(
    file: str, most_merged: int, most_split: int
) -> None:
    families: dict[str, list[ClusteringRow]] = defaultdict(list)
    path = CASES / f"{file}.jsonl"
    for row, (_, fields) in zip(read(path), json_lines(path), strict=True):
        families[fields["family"]].append(row)
    merged, split = map(sum, zip(*(wrong_pairs(rows) for rows in families.values()), strict=True))
    assert merged <= most_merged
    assert split <= most_split
