import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evals.framework import runner
from evals.framework.baselines import accept, regressions
from evals.framework.compare import compare
from evals.framework.confidence import column
from evals.framework.results import Better, InputFile, Measurement, Outcome, Run
from evals.framework.thresholds import Threshold, missed_thresholds, parse_threshold
from summarizer.errors import InputError

BETTER: Mapping[str, Better] = {"recall": "higher", "false alarms": "lower"}


def outcome(n: int, value: float, group: str = "g") -> Outcome:
    return Outcome(key=f"o{n}", cluster=f"c{n // 2}", group=group, values={"value": value})


def measure(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    mean = float(column(outcomes, "value").mean())
    return {"recall": mean, "false alarms": 1 - mean, "size": 7.0}


def figure(
    name: str = "recall", value: float | None = 0.8, half: float | None = None, group: str = "all"
) -> Measurement:
    low, high = (None, None) if half is None or value is None else (value - half, value + half)
    return Measurement(
        group=group, name=name, value=value, low=low, high=high, n=9, better=BETTER.get(name)
    )


def run(
    outcomes: Sequence[Outcome] = (), measured: Sequence[Measurement] = (), **more: object
) -> Run:
    fields: dict[str, object] = {
        "suite": "verifier",
        "created_at": dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
        "version": {"judge": "1"},
        "inputs": (InputFile(name="rows.jsonl", sha256="a", rows=9),),
        "outcomes": tuple(outcomes),
        "measured": tuple(measured) or (figure(), figure("false alarms"), figure("size")),
        "seconds": 1.0,
        "peak_memory_mib": 1.0,
    }
    return Run.model_validate(fields | more)


# --- Two runs ----------------------------------------------------------------------------------


def test_a_run_does_not_differ_from_itself() -> None:
    one = run([outcome(n, n % 3) for n in range(30)])
    for found in compare(one, one, measure):
        assert (found.difference, found.low, found.high, found.direction) == (0, 0, 0, "")
        assert (found.only_a, found.only_b) == (0, 0)


def test_what_is_better_everywhere_is_called_so_in_either_direction() -> None:
    a = run([outcome(n, n % 3 / 10) for n in range(30)])
    b = run([outcome(n, n % 3 / 10 + 0.2) for n in range(30)])
    found = {(d.group, d.name): d for d in compare(a, b, measure)}
    assert found["all", "recall"].difference == pytest.approx(0.2)
    assert found["g", "recall"].direction == found["g", "false alarms"].direction == "better"
    assert found["all", "false alarms"].difference == pytest.approx(-0.2)
    assert {d.direction for d in compare(b, a, measure)} == {"worse", ""}
    assert found["all", "size"].direction == ""


def test_pairing_narrows_the_interval_of_a_difference() -> None:
    a = run([outcome(n, n % 10) for n in range(60)])
    b = run([outcome(n, n % 10 + 0.1) for n in range(60)])
    (found,) = (d for d in compare(a, b, measure) if (d.group, d.name) == ("all", "recall"))
    assert found.low == pytest.approx(0.1) and found.high == pytest.approx(0.1)


def test_a_difference_of_chance_is_not_called_better() -> None:
    a = run([outcome(n, n % 2) for n in range(40)])
    b = run([outcome(n, (n + 1) % 2 if n % 3 else n % 2) for n in range(40)])
    assert {d.direction for d in compare(a, b, measure)} == {""}


def test_outcomes_that_one_run_lacks_are_counted_by_group() -> None:
    a = run([outcome(n, 1, "x" if n < 10 else "y") for n in range(30)])
    b = run([outcome(n, 1, "x" if n < 10 else "y") for n in range(5, 32)])
    counts = {d.group: (d.n, d.only_a, d.only_b) for d in compare(a, b, measure)}
    assert counts == {"all": (25, 5, 2), "x": (5, 5, 0), "y": (20, 0, 2)}


def test_few_clusters_have_a_difference_without_an_interval() -> None:
    one = run([outcome(n, 1) for n in range(4)])
    assert {(d.low, d.high, d.difference) for d in compare(one, one, measure)} == {(None, None, 0)}


def test_runs_that_share_nothing_cannot_be_compared() -> None:
    a, b = run([outcome(1, 1)]), run([outcome(2, 1)])
    with pytest.raises(InputError, match="share no outcome"):
        compare(a, b, measure)
    with pytest.raises(InputError, match="'clustering'"):
        compare(a, run([outcome(1, 1)], suite="clustering"), measure)


# --- The baseline ------------------------------------------------------------------------------


def test_a_baseline_holds_figures_and_no_outcomes(tmp_path: Path) -> None:
    made = run([outcome(1, 1)])
    path = accept(made, tmp_path / "baselines")
    assert path == tmp_path / "baselines" / "verifier.json"
    kept = runner.load(path)
    assert kept.outcomes == ()
    assert (kept.measured, kept.inputs, kept.created_at, kept.version) == (
        made.measured, made.inputs, made.created_at, made.version,
    )  # fmt: skip
    assert regressions(made, kept) == ()


@pytest.mark.parametrize(
    ("was", "now", "regressed"),
    [
        (figure(value=0.80), figure(value=0.795), False),
        (figure(value=0.80), figure(value=0.785), True),
        (figure(value=0.80), figure(value=0.785, half=0.02), False),
        (figure(value=0.80), figure(value=0.775, half=0.02), True),
        (figure(value=0.80), figure(value=0.785, half=0.001), True),
        (figure(value=0.80), figure(value=0.99), False),
        (figure(value=0.80), figure(value=None), True),
        (figure(value=0.80), figure(value=0.8, group="other"), True),
        (figure(value=None), figure(value=0.1), False),
        (figure("false alarms", 0.10), figure("false alarms", 0.15), True),
        (figure("false alarms", 0.10), figure("false alarms", 0.02), False),
        (figure("size", 9.0), figure("size", 1.0), False),
    ],
)
def test_a_regression_is_worse_than_the_baseline_beyond_the_tolerance(
    was: Measurement, now: Measurement, regressed: bool
) -> None:
    found = regressions(run(measured=[now]), run(measured=[was]))
    assert bool(found) is regressed
    assert all(was.name in str(one) for one in found)


def test_a_baseline_of_other_data_is_not_held_against_a_run() -> None:
    other = run(inputs=(InputFile(name="rows.jsonl", sha256="b", rows=9),))
    with pytest.raises(InputError, match=r"other data.*rows\.jsonl"):
        regressions(run(), other)


# --- Bars --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bar"),
    [
        ("recall=0.7", Threshold(name="recall", value=0.7)),
        ("false alarms=.05@a_file", Threshold(name="false alarms", value=0.05, group="a_file")),
        (" recall = 1 @ a=b@c ", Threshold(name="recall", value=1, group="a=b@c")),
    ],
)
def test_a_bar_is_a_name_a_value_and_perhaps_a_group(text: str, bar: Threshold) -> None:
    assert parse_threshold(text, BETTER) == bar


@pytest.mark.parametrize(
    "text", ["recall", "recall=", "recall=high", "=0.7", "recall=nan", "recall=0.7@", "recal=0.7"]
)
def test_a_bar_that_cannot_be_read_says_how_to_write_it(text: str) -> None:
    with pytest.raises(InputError, match=r"NAME=VALUE|Name one of: recall, false alarms"):
        parse_threshold(text, BETTER)


@pytest.mark.parametrize(
    ("value", "name", "bar", "reached"),
    [
        (0.8, "recall", 0.8, True),
        (0.79, "recall", 0.8, False),
        (0.05, "false alarms", 0.05, True),
        (0.06, "false alarms", 0.05, False),
        (None, "recall", 0.0, False),
    ],
)
def test_a_bar_is_a_floor_or_a_ceiling(
    value: float | None, name: str, bar: float, reached: bool
) -> None:
    missed = missed_thresholds(
        run(measured=[figure(name, value)]), [Threshold(name=name, value=bar)]
    )
    assert (not missed) is reached
    assert all(name in said for said in missed)


def test_a_bar_of_an_unknown_group_names_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"'nowhere'.*It has: all"):
        missed_thresholds(run(), [Threshold(name="recall", value=0.1, group="nowhere")])
    with pytest.raises(InputError, match="'precision'"):
        missed_thresholds(run(), [Threshold(name="precision", value=0.1)])
