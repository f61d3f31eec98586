import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest

from evals.framework.confidence import column
from evals.framework.results import Outcome
from evals.suites.verifier import ablation, curves, metrics
from evals.suites.verifier import suite as verifier_suite
from evals.suites.verifier.suite import VerifierSuite
from summarizer.errors import InputError
from summarizer.verification import scoring
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.rows import verify_row
from tests.support.builders import OneWordJudge

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
    assert metrics.auc(LABELS, np.array(scores)) == pytest.approx(auc)


def test_auc_of_one_class_is_no_number() -> None:
    assert math.isnan(metrics.auc(np.array([1, 1]), np.array([0.1, 0.2])))


def test_balanced_accuracy_weighs_both_classes_the_same() -> None:
    accepted = np.array([True, True, False, True, False])
    assert metrics.balanced_accuracy(LABELS, accepted) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_recall_is_taken_where_few_supported_claims_are_flagged() -> None:
    labels = np.array([1] * 100 + [0] * 4)
    scores = np.array([*np.linspace(0.5, 1, 100), 0.1, 0.2, 0.51, 0.9])
    assert metrics.recall_at(labels, scores, 0.01) == 0.5
    assert metrics.recall_at(labels, scores, 0.05) == 0.75


@pytest.mark.parametrize(
    ("recall", "false_alarms", "precision"),
    [(0.5, 0.05, 0.035 / (0.035 + 0.0465)), (1.0, 0.0, 1.0), (0.0, 0.5, 0.0)],
)
def test_most_flags_are_false_where_few_claims_are_unsupported(
    recall: float, false_alarms: float, precision: float
) -> None:
    assert metrics.precision_of_flag(recall, false_alarms) == pytest.approx(precision)


def test_without_flags_there_is_no_precision() -> None:
    assert math.isnan(metrics.precision_of_flag(0.0, 0.0))


def test_scores_that_mean_what_they_say_have_no_calibration_error() -> None:
    generator = np.random.default_rng(0)
    scores = generator.uniform(size=20_000)
    labels = (generator.uniform(size=20_000) < scores).astype(np.int64)
    assert metrics.calibration_error(labels, scores) < 0.02
    assert metrics.calibration_error(labels, 1 - scores) == pytest.approx(0.5, abs=0.02)


def test_calibration_weighs_both_classes_the_same() -> None:
    labels = np.array([1] * 90 + [0] * 10)
    assert metrics.calibration_error(labels, np.full(100, 0.5)) == pytest.approx(0)
    assert metrics.calibration_error(labels, np.full(100, 0.9)) == pytest.approx(0.4)
    bins = metrics.calibration(labels, np.linspace(0, 1, 100))
    assert sum(mass for _, _, mass in bins) == pytest.approx(1)


@pytest.mark.parametrize("labels", [[], [1, 1], [0, 0]])
def test_where_a_class_is_missing_what_needs_it_is_no_number(labels: list[int]) -> None:
    y, scores = np.array(labels, dtype=np.int64), np.linspace(0.2, 0.8, len(labels))
    assert math.isnan(metrics.balanced_accuracy(y, scores > 0.5))
    assert math.isnan(metrics.calibration_error(y, scores))
    assert math.isnan(metrics.auc(y, scores))


def write(path: Path, *rows: dict[str, object]) -> Path:
    with gzip.open(path, "wt") as file:
        file.write("\n".join(json.dumps(row) for row in rows))
    return path


SOURCE = "Meridian recalled 300 robots after two of them caught fire in Ostia. Nobody was hurt."
OTHER = "Halden Line cancelled 14 crossings on Thursday, the company said."
ROWS: tuple[dict[str, object], ...] = (
    {"claim": "Nobody was hurt.", "label": 1, "source_text": SOURCE},
    {"claim": "Meridian recalled 300 robots.", "label": 1, "sources": [SOURCE]},
    {"claim": "Meridian recalled 900 robots.", "label": 0, "sources": [{"text": SOURCE}]},
    {"claim": "Halden Line cancelled 14 crossings.", "label": 0, "sources": [OTHER]},
)


def suite(*paths: Path) -> VerifierSuite:
    words = LexicalEntailment()
    return VerifierSuite(paths, words, {"lexical": words, "alignment": words}, OneWordJudge())


def outcomes(found: VerifierSuite) -> list[Outcome]:
    return [outcome for task in found.tasks() for outcome in task.judge()]


def test_outcomes_tell_the_rungs_apart(tmp_path: Path) -> None:
    found = outcomes(suite(write(tmp_path / "rows.jsonl.gz", *ROWS[:3])))
    figures = verifier_suite.measure_verifier(found)
    assert figures["checks: AUC"] == figures["checks: balanced accuracy"] == 1.0
    assert figures["false alarms"] == 0.0
    assert figures["AUC"] == 1.0
    assert [o.values["check:numbers"] for o in found] == [0.0, 0.0, 1.0]
    assert [o.values["checks accepts"] for o in found] == [1.0, 1.0, 0.0]


def test_an_outcome_agrees_with_the_verdict_that_verify_gives(tmp_path: Path) -> None:
    found = outcomes(suite(write(tmp_path / "rows.jsonl.gz", *ROWS)))
    for outcome, row in zip(found, ROWS, strict=True):
        verdict = verify_row(row, LexicalEntailment())
        assert outcome.values["ladder"] == verdict["score"]
        assert outcome.values["ladder accepts"] == (verdict["verdict"] == "supported")


def test_claims_of_one_source_are_one_cluster(tmp_path: Path) -> None:
    found = outcomes(suite(write(tmp_path / "rows.jsonl.gz", *ROWS)))
    first, second, third, fourth = (o.cluster for o in found)
    assert first == second == third != fourth


def test_only_errors_of_the_ladder_bear_a_note(tmp_path: Path) -> None:
    flipped = [row | {"label": 1 - int(str(row["label"]))} for row in ROWS[1:3]]
    missed, alarm = outcomes(suite(write(tmp_path / "rows.jsonl.gz", *flipped)))
    assert missed.note == "missed: Meridian recalled 300 robots."
    assert alarm.note == "false alarm (numbers): Meridian recalled 900 robots."
    assert not any(o.note for o in outcomes(suite(write(tmp_path / "r.jsonl.gz", *ROWS[:3]))))


def test_files_are_groups_and_rows_are_numbered_across_batches(tmp_path: Path) -> None:
    many = write(tmp_path / "many.jsonl.gz", *ROWS[:1] * (verifier_suite.BATCH + 3))
    few = write(tmp_path / "few.jsonl.gz", *ROWS)
    found = suite(many, few)
    assert [task.key for task in found.tasks()] == [
        "many:1",
        f"many:{verifier_suite.BATCH + 1}",
        "few:1",
    ]
    keys = [outcome.key for outcome in outcomes(found)]
    assert keys == [f"many:{n + 1}" for n in range(35)] + [f"few:{n + 1}" for n in range(4)]
    assert [(f.name, f.rows) for f in found.inputs] == [("many.jsonl.gz", 35), ("few.jsonl.gz", 4)]
    assert found.version["entailment"] == "lexical-3"


def test_every_figure_but_none_else_has_a_better_way(tmp_path: Path) -> None:
    found = suite(write(tmp_path / "rows.jsonl.gz", *ROWS))
    assert set(found.better) == set(found.measure(outcomes(found)))
    assert {name for name, way in found.better.items() if way == "lower"} == {
        "false alarms",
        "calibration error",
        "entailment: false alarms",
        "checks: false alarms",
        "lexical: false alarms",
        "alignment: false alarms",
        "judge: false alarms",
        "ladder and judge: false alarms",
        "judge: unchecked",
        "judge: tokens",
        *(f"check {name}: false alarms" for name in scoring.CHECKS),
    }


def test_the_plots_are_of_rungs_files_and_checks(tmp_path: Path) -> None:
    mixed = write(tmp_path / "mixed.jsonl.gz", *ROWS)
    one_class = write(tmp_path / "good.jsonl.gz", *ROWS[:2])
    found = suite(mixed, one_class)
    by_rung, by_file, calibration, caught, alarms, *earned = found.figures(outcomes(found))
    assert [line.name for line in by_rung.lines] == list(verifier_suite.RUNGS)
    assert [line.name for line in by_file.lines] == ["mixed"]
    for line in (*by_rung.lines, *by_file.lines):
        assert (line.points[0], line.points[-1]) == ((0, 0), (1, 1))
        assert list(line.points) == sorted(line.points)
    assert calibration.diagonal and calibration.lines
    bars = {bar.name: bar.value for bar in caught.bars}
    assert bars["numbers"] == 0.5
    assert {bar.value for bar in alarms.bars} == {0.0}
    assert [figure.x_span[0] < 0 < figure.x_span[1] for figure in earned] == [True, True]


def test_the_area_under_the_plotted_curve_is_the_auc(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    found = [
        Outcome(
            key=str(n),
            cluster=str(n),
            group="g",
            values={"label": n % 2, "ladder": round(float(generator.beta(2 + n % 2, 2)), 2)},
        )
        for n in range(400)
    ]
    line = curves.roc(found, "ladder", "ladder")
    assert line is not None
    x, y = np.array(line.points).T
    labels, scores = (np.array([o.values[v] for o in found]) for v in ("label", "ladder"))
    assert np.trapezoid(y, x) == pytest.approx(metrics.auc(labels.astype(int), scores), abs=1e-3)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"claim": "a", "source_text": "b"}', r"rows\.jsonl:2: 'label' must be 0 or 1"),
        ('{"label": 1, "source_text": "b"}', r"rows\.jsonl:2: Field 'claim'"),
        ("[]", r"rows\.jsonl:2: A row must be an object"),
        ("{", r"rows\.jsonl:2: this is not JSON"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n" + line)
    with pytest.raises(InputError, match=says):
        list(verifier_suite.read_rows(path))


def test_a_check_earns_what_the_ladder_loses_without_it(tmp_path: Path) -> None:
    right = {"claim": "Meridian recalled 300 robots.", "label": 1, "source_text": SOURCE}
    wrong = {"claim": "Meridian recalled 900 robots.", "label": 0, "source_text": SOURCE}
    made = outcomes(suite(write(tmp_path / "rows.jsonl.gz", right, wrong)))
    trusting = [o.model_copy(update={"values": {**o.values, "entailment": 0.9}}) for o in made]
    figures = ablation.measure(trusting)

    assert figures["check numbers: caught"] == 1.0
    assert figures["check numbers: false alarms"] == 0.0
    assert figures["check numbers: balanced accuracy earned"] == 0.5
    assert figures["check numbers: AUC earned"] == 0.5
    assert figures["check dates: balanced accuracy earned"] == 0.0


def test_the_whole_ladder_that_ablation_starts_from_is_the_product(tmp_path: Path) -> None:
    made = outcomes(suite(write(tmp_path / "rows.jsonl.gz", *ROWS)))
    labels, entailment = (column(made, name) for name in ("label", "entailment"))
    failed = {name: column(made, f"check:{name}") == 1 for name in scoring.CHECKS}
    found = ablation.ladder_figures(labels.astype(int), entailment, failed)

    whole = verifier_suite.measure_verifier(made)
    assert list(found) == pytest.approx([whole["balanced accuracy"], whole["AUC"]])
