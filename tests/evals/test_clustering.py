from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.suites.clustering.metrics import b_cubed, v_measure
from evals.suites.clustering.suite import ClusteringSuite, measure_clustering, outcomes, read
from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.errors import InputError

GROUPS = st.lists(st.integers(0, 4), min_size=1, max_size=30)
PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


@given(GROUPS)
def test_a_perfect_grouping_scores_one_whatever_it_calls_the_groups(gold: list[int]) -> None:
    renamed = [f"group {g}" for g in gold]
    assert b_cubed(gold, renamed).f1 == pytest.approx(1)
    assert v_measure(gold, renamed) == pytest.approx(1)


@given(GROUPS)
def test_items_left_alone_are_pure_and_recall_groups_over_items(gold: list[int]) -> None:
    score = b_cubed(gold, range(len(gold)))
    assert score.precision == pytest.approx(1)
    assert score.recall == pytest.approx(len(set(gold)) / len(gold))


@given(GROUPS)
def test_one_group_for_all_recalls_everything(gold: list[int]) -> None:
    score = b_cubed(gold, [0] * len(gold))
    assert score.recall == pytest.approx(1)
    squares = sum(n * n for n in Counter(gold).values())
    assert score.precision == pytest.approx(squares / len(gold) ** 2)


@given(PAIRS)
def test_exchanging_gold_and_found_exchanges_precision_and_recall(
    pairs: list[tuple[int, int]],
) -> None:
    gold, found = [g for g, _ in pairs], [f for _, f in pairs]
    there, back = b_cubed(gold, found), b_cubed(found, gold)
    assert there.precision == pytest.approx(back.recall)
    assert there.recall == pytest.approx(back.precision)
    assert v_measure(gold, found) == pytest.approx(v_measure(found, gold), abs=1e-9)


@given(PAIRS)
def test_b_cubed_is_the_average_over_items(pairs: list[tuple[int, int]]) -> None:
    shares = [sum(p == q for q in pairs) / sum(p[1] == q[1] for q in pairs) for p in pairs]
    score = b_cubed([g for g, _ in pairs], [f for _, f in pairs])
    assert score.precision == pytest.approx(sum(shares) / len(pairs))


def test_a_worked_example_scores_as_by_hand() -> None:
    score = b_cubed("aaabb", "xxyyy")
    assert score.precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)


def test_one_group_for_all_has_no_v_measure() -> None:
    assert v_measure("aabb", "xxxx") == pytest.approx(0)


@pytest.mark.parametrize(("gold", "found"), [("", ""), ("ab", "a")])
def test_groupings_that_cannot_be_compared_are_refused(gold: str, found: str) -> None:
    with pytest.raises(ValueError, match="Cannot compare"):
        b_cubed(gold, found)
    with pytest.raises(ValueError, match="Cannot compare"):
        v_measure(gold, found)


ROWS = [
    {
        "title": "Ferry Aurelia runs aground off Port Harrow",
        "text": "",
        "gold_cluster": "ferry",
        "published_at": "2026-05-01T10:00:00Z",
    },
    {
        "title": "Rye bread from Stannick wins prize",
        "text": None,
        "gold_cluster": "bread",
        "published_at": None,
    },
    {
        "title": "Aurelia ferry aground at Port Harrow: all safe",
        "gold_cluster": "ferry",
        "published_at": "2026-05-02",
    },
]


def test_a_file_is_read_gzipped_or_not_and_scored(tmp_path: Path) -> None:
    text = "\n".join(map(json.dumps, ROWS)) + "\n\n"
    (tmp_path / "rows.jsonl").write_text(text)
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    plain, packed = tmp_path / "rows.jsonl", tmp_path / "packed.jsonl.gz"
    assert read(plain) == read(packed)
    suite = ClusteringSuite([plain, packed], MiniLmEmbedder())
    tasks = list(suite.tasks())
    assert [task.key for task in tasks] == ["rows", "packed"]
    figures = suite.measure(tasks[0].judge())
    assert figures["B-cubed F1"] == figures["V-measure"] == pytest.approx(1)
    assert figures["F1 of items left alone"] == pytest.approx(0.8)
    assert [(f.name, f.rows) for f in suite.inputs] == [("rows.jsonl", 3), ("packed.jsonl.gz", 3)]


@given(PAIRS)
def test_figures_of_outcomes_are_those_of_the_grouping(pairs: list[tuple[int, int]]) -> None:
    gold, found = [g for g, _ in pairs], [f for _, f in pairs]
    keys = [str(n) for n in range(len(gold))]
    figures = measure_clustering(outcomes("file", keys, gold, found, 0))
    score = b_cubed(gold, found)
    assert figures["B-cubed precision"] == pytest.approx(score.precision)
    assert figures["B-cubed recall"] == pytest.approx(score.recall)
    assert figures["B-cubed F1"] == pytest.approx(score.f1)
    assert figures["F1 of items left alone"] == pytest.approx(b_cubed(gold, range(len(gold))).f1)
    assert figures["V-measure"] == pytest.approx(v_measure(gold, found))


def test_groups_of_two_files_never_meet(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    suite = ClusteringSuite([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], MiniLmEmbedder())
    made = [outcome for task in suite.tasks() for outcome in task.judge()]
    assert len({o.values["gold"] for o in made}) == len({o.cluster for o in made}) == 4
    assert suite.measure(made)["V-measure"] == pytest.approx(1)


def test_files_that_name_no_group_are_one_each_and_are_clustered_together(tmp_path: Path) -> None:
    ferry, bread = ({**row, "gold_cluster": None} for row in ROWS[:2])
    (tmp_path / "ferry.jsonl").write_text(json.dumps(ferry) + "\n" + json.dumps(ferry))
    (tmp_path / "bread.jsonl").write_text(json.dumps(bread))
    suite = ClusteringSuite([tmp_path / "ferry.jsonl", tmp_path / "bread.jsonl"], MiniLmEmbedder())
    (task,) = suite.tasks()
    made = task.judge()
    assert {o.place: o.cluster for o in made} == {
        "files as groups:ferry:1": "files as groups:ferry",
        "files as groups:ferry:2": "files as groups:ferry",
        "files as groups:bread:1": "files as groups:bread",
    }
    assert suite.measure(made)["B-cubed F1"] == pytest.approx(1)


def test_dates_without_a_zone_are_utc_and_missing_ones_stay_missing(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    dates = [row.item.published_at for row in read(tmp_path / "rows.jsonl")]
    assert [d and d.isoformat() for d in dates] == [
        "2026-05-01T10:00:00+00:00",
        None,
        "2026-05-02T00:00:00+00:00",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        '{"title": "no gold"}',
        '{"gold_cluster": "no text"}',
        '{"title": "t", "gold_cluster": "g", "published_at": "soon"}',
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps(ROWS[0]) + "\n" + line)
    with pytest.raises(InputError, match=r"rows\.jsonl:2: .*gold_cluster"):
        read(tmp_path / "rows.jsonl")
