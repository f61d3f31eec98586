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
from evals.suites.verifier.figures import RUNGS, measure_verifier
from evals.suites.verifier.labelled import of_files, repeats
from evals.suites.verifier.llm_judge import Asked
from evals.suites.verifier.suite import VerifierSuite
from summarizer.verification import scoring
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.rows import verify_row
from tests.support.builders import OneWordJudge

LABELS = np.array([1, 1, 1, 0, 0])


@pytest.mark.parametrize("labels", [[], [1, 1], [0, 0]])
def test_where_a_class_is_missing_what_needs_it_is_no_number(labels: list[int]) -> None:
    y, scores = np.array(labels, dtype=np.int64), np.linspace(0.2, 0.8, len(labels))
    found = metrics.core(y, scores, scores > 0.5, (0.02,))
    two = ("balanced accuracy", "AUROC", "AUPRC", "recall at 2% false alarms")
    assert all(math.isnan(found[name]) for name in two)
    assert metrics.roc(y, scores) is None


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
    parts = {"lexical": words, "alignment": words}
    return VerifierSuite(of_files(paths), words, parts, Asked(OneWordJudge()))


def test_rows_that_repeat_or_contradict_others_are_counted(tmp_path: Path) -> None:
    again, otherwise = ROWS[0], ROWS[1] | {"label": 0}
    found = of_files([write(tmp_path / "a.jsonl.gz", *ROWS, again, again, otherwise)])
    assert repeats(found.cases) == (2, 2)


def outcomes(found: VerifierSuite) -> list[Outcome]:
    return [outcome for task in found.tasks() for outcome in task.judge()]


def test_outcomes_tell_the_rungs_apart(tmp_path: Path) -> None:
    found = outcomes(suite(write(tmp_path / "rows.jsonl.gz", *ROWS[:3])))
    figures = measure_verifier(found)
    assert figures["checks: AUROC"] == figures["checks: balanced accuracy"] == 1.0
    assert figures["false alarms"] == 0.0
    assert figures["AUROC"] == 1.0
    assert [o.values["check:numbers"] for o in found] == [0.0, 0.0, 1.0]
    assert [o.values["checks accepts"] for o in found] == [1.0, 1.0, 0.0]


def test_an_outcome_has_the_score_that_verify_gives(tmp_path: Path) -> None:
    found = outcomes(suite(write(tmp_path / "rows.jsonl.gz", *ROWS)))
    for outcome, row in zip(found, ROWS, strict=True):
        verdict = verify_row(row, LexicalEntailment())
        assert outcome.values["ladder"] == verdict["score"]
        assert outcome.values["ladder accepts"] == (verdict["failed_checks"] == [])
        assert outcome.values["ladder supported"] == (verdict["verdict"] == "supported")
        assert outcome.values["ladder unchecked"] == (verdict["verdict"] == "unchecked")


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
    made = outcomes(found)
    assert len({outcome.key for outcome in made}) == len(made) == 39
    assert [outcome.place for outcome in made] == [f"many:{n + 1}" for n in range(35)] + [
        f"few:{n + 1}" for n in range(4)
    ]
    assert [(f.name, f.rows) for f in found.inputs] == [("many.jsonl.gz", 35), ("few.jsonl.gz", 4)]
    assert found.version["entailment"] == "lexical-3"


def test_what_verify_calls_supported_is_counted_apart_from_what_the_score_accepts() -> None:
    def outcome(n: int, label: int, answer: str) -> Outcome:
        values = {"label": label, "ladder": 0.9, "ladder accepts": 1.0, "entailment": 0.9}
        said = {f"ladder {name}": float(name == answer) for name in ("supported", "unchecked")}
        return Outcome(key=str(n), cluster=str(n), group="g", values={**values, **said})

    answers = [(1, "supported"), (0, "supported"), (1, "unchecked"), (1, "unchecked")]
    found = measure_verifier([outcome(n, *a) for n, a in enumerate(answers)])
    assert found["precision of supported"] == 1 / 2
    assert found["coverage of supported"] == 1 / 3
    assert found["unchecked"] == 2 / 4
    assert found["false alarms"] == 0


def test_a_rung_is_measured_on_what_it_judged() -> None:
    values = [(1, 0.9), (0, 0.2), (0, None)]
    found = measure_verifier(
        [
            Outcome(
                key=str(n),
                cluster=str(n),
                group="g",
                values={"label": label, "judge": score, "judge accepts": score and score > 0.5},
            )
            for n, (label, score) in enumerate(values)
        ]
    )
    assert found["judge: AUROC"] == found["judge: recall"] == 1


def test_every_figure_but_none_else_has_a_better_way(tmp_path: Path) -> None:
    found = suite(write(tmp_path / "rows.jsonl.gz", *ROWS))
    described = {"share unsupported"}
    assert set(found.better) == set(found.measure(outcomes(found))) - described
    assert {name for name, way in found.better.items() if way == "lower"} == {
        "false alarms",
        "ECE",
        "unchecked",
        "entailment: false alarms",
        "checks: false alarms",
        "lexical: false alarms",
        "alignment: false alarms",
        "gate: false alarms",
        "judge: false alarms",
        "ladder and judge: false alarms",
        "judge: tokens",
        *(f"check {name}: false alarms" for name in scoring.CHECKS),
    }


def test_the_plots_are_of_rungs_files_and_checks(tmp_path: Path) -> None:
    mixed = write(tmp_path / "mixed.jsonl.gz", *ROWS)
    one_class = write(tmp_path / "good.jsonl.gz", *ROWS[:2])
    found = suite(mixed, one_class)
    by_rung, by_file, calibration, caught, alarms, *earned = found.figures(outcomes(found))
    assert [line.name for line in by_rung.lines] == list(RUNGS)
    assert [line.name for line in by_file.lines] == ["mixed"]
    for line in (*by_rung.lines, *by_file.lines):
        assert (line.points[0], line.points[-1]) == ((0, 0), (1, 1))
        assert list(line.points) == sorted(line.points)
    assert calibration.diagonal and calibration.lines
    bars = {bar.name: bar.value for bar in caught.bars}
    assert bars["numbers"] == 0.5
    assert {bar.value for bar in alarms.bars} == {0.0}
    assert [figure.x_span[0] < 0 < figure.x_span[1] for figure in earned] == [True]


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
    assert np.trapezoid(y, x) == pytest.approx(metrics.auroc(labels.astype(int), scores), abs=1e-3)


def test_a_check_earns_what_the_ladder_loses_without_it(tmp_path: Path) -> None:
    right = {"claim": "Meridian recalled 300 robots.", "label": 1, "source_text": SOURCE}
    wrong = {"claim": "Meridian recalled 900 robots.", "label": 0, "source_text": SOURCE}
    made = outcomes(suite(write(tmp_path / "rows.jsonl.gz", right, wrong)))
    trusting = [o.model_copy(update={"values": {**o.values, "entailment": 0.9}}) for o in made]
    figures = ablation.measure(trusting)

    assert figures["check numbers: caught"] == 1.0
    assert figures["check numbers: false alarms"] == 0.0
    assert figures["check numbers: balanced accuracy earned"] == 0.5
    assert figures["check dates: balanced accuracy earned"] == 0.0


def test_the_whole_ladder_that_ablation_starts_from_is_the_product(tmp_path: Path) -> None:
    made = outcomes(suite(write(tmp_path / "rows.jsonl.gz", *ROWS)))
    labels, entailment = (column(made, name) for name in ("label", "entailment"))
    failed = {name: column(made, f"check:{name}") == 1 for name in scoring.CHECKS}
    found = ablation.ladder_accuracy(labels.astype(int), entailment, failed)

    whole = measure_verifier(made)
    assert found == pytest.approx(whole["balanced accuracy"])


def test_a_row_keeps_its_key_wherever_it_stands(tmp_path: Path) -> None:
    one = suite(write(tmp_path / "one.jsonl.gz", *ROWS))
    other = suite(write(tmp_path / "other.jsonl.gz", *reversed(ROWS), ROWS[0]))
    keys, again = ([o.key for o in outcomes(found)] for found in (one, other))

    assert again == [*reversed(keys), f"{keys[0]}-2"]


def test_a_relabelled_row_is_another_row(tmp_path: Path) -> None:
    flipped = ROWS[0] | {"label": 0}
    (one,) = outcomes(suite(write(tmp_path / "one.jsonl.gz", ROWS[0])))
    (other,) = outcomes(suite(write(tmp_path / "other.jsonl.gz", flipped)))
    assert one.key != other.key


def judge_outcome(n: int, label: int, accepts: int | None) -> Outcome:
    values = {"label": label, "ladder": 0.5, "ladder accepts": 1, "tokens": 1}
    for rung in ("judge", "ladder and judge"):
        values |= {rung: accepts, f"{rung} accepts": accepts}
    return Outcome(key=str(n), cluster=str(n), group="g", values=values)


def test_a_dropped_verdict_is_not_a_caught_fault() -> None:
    """22 faults, of which the judge answered on 16 and flagged 1: it caught .06, not .32."""
    said = [*[None] * 6, 0, *[1] * 15]
    faults = [judge_outcome(n, 0, accepts) for n, accepts in enumerate(said)]
    honest = [judge_outcome(100 + n, 1, None if n < 5 else 1) for n in range(20)]
    found = measure_verifier([*faults, *honest])

    assert found["judge: recall"] == found["ladder and judge: recall"] == 1 / 16
    assert found["judge: false alarms"] == 0
    assert found["judge: coverage"] == 31 / 42


@pytest.mark.parametrize(
    ("labels", "accepted", "kappa"),
    [
        ([1, 1, 0, 0], [1, 1, 0, 0], 1.0),
        ([1, 1, 0, 0], [1, 0, 1, 0], 0.0),
        ([1, 0], [0, 1], -1.0),
        # 35 of 50 agreed, 25 of them by chance.
        ([1] * 25 + [0] * 25, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15, 0.4),
        ([1, 1], [1, 1], math.nan),
        ([], [], math.nan),
    ],
)
def test_agreement_is_beyond_chance(labels: list[int], accepted: list[int], kappa: float) -> None:
    found = metrics.cohens_kappa(np.array(labels, np.int64), np.array(accepted, np.bool_))
    assert found == pytest.approx(kappa, nan_ok=True)
