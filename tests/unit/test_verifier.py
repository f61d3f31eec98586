import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest

from evals import verifier
from summarizer.adapters.lexical import LexicalEntailment
from summarizer.errors import InputError

LABELS = np.array([1, 1, 1, 0, 0])


@pytest.mark.parametrize(
    ("scores", "auc"),
    [
        ([0.9, 0.8, 0.7, 0.2, 0.1], 1.0),
        ([0.1, 0.2, 0.3, 0.8, 0.9], 0.0),
        ([0.5, 0.5, 0.5, 0.5, 0.5], 0.5),
        ([0.9, 0.8, 0.3, 0.4, 0.1], 5 / 6),
    ],
)
def test_auc_is_the_share_of_pairs_in_the_right_order(scores: list[float], auc: float) -> None:
    assert verifier.auc(LABELS, np.array(scores)) == pytest.approx(auc)


def test_auc_of_one_class_is_no_number() -> None:
    assert math.isnan(verifier.auc(np.array([1, 1]), np.array([0.1, 0.2])))


def test_balanced_accuracy_weighs_both_classes_the_same() -> None:
    accepted = np.array([True, True, False, True, False])
    assert verifier.balanced_accuracy(LABELS, accepted) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_recall_is_taken_where_few_supported_claims_are_flagged() -> None:
    labels = np.array([1] * 100 + [0] * 4)
    scores = np.array([*np.linspace(0.5, 1, 100), 0.1, 0.2, 0.51, 0.9])
    assert verifier.recall_at(labels, scores, 0.01) == 0.5
    assert verifier.recall_at(labels, scores, 0.05) == 0.75


def write(path: Path, *rows: dict[str, object]) -> Path:
    with gzip.open(path, "wt") as file:
        file.write("\n".join(json.dumps(row) for row in rows))
    return path


SOURCE = "Meridian recalled 300 robots after two of them caught fire in Ostia. Nobody was hurt."


def test_a_report_tells_the_rungs_apart(tmp_path: Path) -> None:
    path = write(
        tmp_path / "rows.jsonl.gz",
        {"claim": "Nobody was hurt.", "label": 1, "source_text": SOURCE},
        {"claim": "Meridian recalled 300 robots.", "label": 1, "sources": [SOURCE]},
        {"claim": "Meridian recalled 900 robots.", "label": 0, "sources": [{"text": SOURCE}]},
    )
    report = verifier.evaluate(path, LexicalEntailment())
    assert (report.rows, report.supported) == (3, 2)
    assert report.checks.auc == report.checks.balanced_accuracy == 1.0
    assert report.ladder.false_alarms == 0.0
    assert report.claims_per_second > 0
    assert verifier.table([report]).count("rows.jsonl.gz") == 3


def test_a_row_without_a_label_is_named_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl.gz", {"claim": "a", "source_text": "b"})
    with pytest.raises(InputError, match=r"rows\.jsonl\.gz:1: 'label'"):
        list(verifier.read_rows(path))


def test_the_command_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"claim": "Nobody was hurt.", "label": n, "source_text": SOURCE} for n in (0, 1)]
    path = tmp_path / "plain.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    verifier.main([str(path)])
    assert "| plain.jsonl | 2 | ladder |" in capsys.readouterr().out
