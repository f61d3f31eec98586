import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evals.framework import runner, tables
from evals.framework.baselines import accept, name_of
from evals.framework.compare import compare
from evals.framework.confidence import column
from evals.framework.results import Better, Figure, InputFile, Measurement, Outcome, Run
from evals.framework.thresholds import Threshold, parse_threshold, shortfalls
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
        "version": {"entailment": "1"},
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
        assert (found.difference, found.direction) == (0, "")
        assert found.low is None or found.low <= 0 <= (found.high or 0)
        assert (found.only_a, found.only_b) == (0, 0)


def test_what_is_better_everywhere_is_called_so_in_either_direction() -> None:
    a = run([outcome(n, n % 3 / 10) for n in range(30)])
    b = run([outcome(n, n % 3 / 10 + 0.19 + n % 4 // 2 / 50) for n in range(30)])
    found = {(d.group, d.name): d for d in compare(a, b, measure)}
    assert found["all", "recall"].difference == pytest.approx(0.2, abs=0.002)
    assert found["g", "recall"].direction == found["g", "false alarms"].direction == "better"
    assert found["all", "false alarms"].difference == pytest.approx(-0.2, abs=0.002)
    assert {d.direction for d in compare(b, a, measure)} == {"worse", ""}
    assert found["all", "size"].direction == ""


def test_pairing_narrows_the_interval_of_a_difference() -> None:
    a = run([outcome(n, n % 10 / 20) for n in range(60)])
    b = run([outcome(n, n % 10 / 20 + 0.09 + n % 4 // 2 / 50) for n in range(60)])
    (found,) = (d for d in compare(a, b, measure) if (d.group, d.name) == ("all", "recall"))
    assert found.low == pytest.approx(0.1, abs=0.01) == found.high
    assert found.p_value is not None and found.p_value < 1e-6


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


@pytest.mark.parametrize("groups", [("g",), ("g", "h")])
def test_gated_figures_and_those_that_changed_tell_the_difference(groups: tuple[str, ...]) -> None:
    """A single group repeats all; one of several may change alone."""
    every = [(n, groups[n // 20 % len(groups)]) for n in range(40)]
    a = run([outcome(n, n % 2, group) for n, group in every])
    b = run([outcome(n, 1, group) for n, group in every])
    told = tables.telling(tables.once(compare(a, b, measure)), ["size", "recall"])
    named = [(d.group, d.name) for d in told]
    changed = [(group, name) for group in groups for name in ("recall", "false alarms")]
    assert named[:3] == [("all", "recall"), ("all", "size"), ("all", "false alarms")]
    assert named[3:] == (changed if len(groups) > 1 else [])


def test_runs_of_other_files_cannot_be_compared() -> None:
    """Though a key should be the same, as file and line were."""
    a, b = (
        run([outcome(1, n)], inputs=(InputFile(name=name, sha256=name, rows=1),))
        for n, name in enumerate(("bump.jsonl", "summedits.jsonl"))
    )
    with pytest.raises(InputError, match=r"first is of bump\.jsonl \(bump\.jso\); only the second"):
        compare(a, b, measure)


def test_a_file_is_the_same_under_another_name() -> None:
    a = run([outcome(1, 1)])
    b = run([outcome(1, 1)], inputs=(InputFile(name="moved.jsonl", sha256="a", rows=9),))
    assert compare(a, b, measure)


def test_runs_that_share_nothing_cannot_be_compared() -> None:
    a, b = run([outcome(1, 1)]), run([outcome(2, 1)])
    with pytest.raises(InputError, match="share no outcome"):
        compare(a, b, measure)
    with pytest.raises(InputError, match="'clustering'"):
        compare(a, run([outcome(1, 1)], suite="clustering"), measure)


def test_only_some_groups_are_compared_if_asked() -> None:
    one = run([outcome(n, 1, "xy"[n % 2]) for n in range(10)])
    assert {d.group for d in compare(one, one, measure, groups=("all", "y"))} == {"all", "y"}


# --- The baseline ------------------------------------------------------------------------------


def test_a_baseline_keeps_outcomes_in_columns_without_notes(tmp_path: Path) -> None:
    noted = Outcome(key="o", cluster="c", group="g", values={"value": 0.25, "more": None}, note="!")
    made = run([outcome(1, 1), noted], figures=(Figure(title="Bars"),))
    path = accept(made, tmp_path / "baselines")
    assert path == tmp_path / "baselines" / "verifier.json"
    kept = runner.load(path)
    assert kept.figures == ()
    assert [(o.key, o.cluster, o.group, o.note) for o in kept.outcomes] == [
        ("o1", "c0", "g", None), ("o", "c", "g", None),
    ]  # fmt: skip
    assert kept.outcomes[1].values == {"value": 0.25, "more": None}
    assert (kept.measured, kept.inputs, kept.created_at, kept.version) == (
        made.measured, made.inputs, made.created_at, made.version,
    )  # fmt: skip
    columns = [line for line in path.read_text().splitlines() if '"value": [1,0.25]' in line]
    assert len(columns) == 1


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ({}, "drafting.json"),
        ({"model": "none", "judge": "none"}, "drafting.json"),
        ({"model": "quill-large"}, "drafting.model.json"),
        ({"model": "none", "judge": "quill-large, prompt 3"}, "drafting.model.json"),
    ],
)
def test_runs_with_a_model_have_a_baseline_of_their_own(
    version: Mapping[str, str], name: str
) -> None:
    assert name_of("drafting", version) == name


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
    "text", ["recall", "recall=", "recall=high", "=0.7", "recall=nan", "recall=0.7@", "bleu=0.7"]
)
def test_a_bar_that_cannot_be_read_says_how_to_write_it(text: str) -> None:
    with pytest.raises(InputError, match=r"NAME=VALUE|Name one of: recall, false alarms"):
        parse_threshold(text, BETTER)


@pytest.mark.parametrize(
    ("shown", "bar", "reached"),
    [
        (figure(value=0.85, half=0.04), 0.8, "yes"),
        (figure(value=0.85, half=0.06), 0.8, "too few"),
        (figure(value=0.79, half=0.06), 0.8, "no"),
        (figure(value=0.85), 0.8, "too few"),
        (figure(value=0.79), 0.8, "no"),
        (figure(value=None), 0.0, "no"),
        (figure("false alarms", 0.05, 0.01), 0.07, "yes"),
        (figure("false alarms", 0.05, 0.03), 0.07, "too few"),
        (figure("false alarms", 0.08, 0.02), 0.07, "no"),
        # What no number of rows could prove is asked of these rows.
        (figure("false alarms", 0.0, 0.3), 0.0, "yes"),
        (figure("false alarms", 0.01), 0.0, "no"),
        (figure(value=1.0), 1.0, "yes"),
    ],
)
def test_a_bar_is_held_against_the_near_end_of_the_interval(
    shown: Measurement, bar: float, reached: str
) -> None:
    found = shortfalls(run(measured=[shown]), [Threshold(name=shown.name, value=bar)])
    assert [one.failed for one in found] == {"yes": [], "too few": [False], "no": [True]}[reached]
    assert all(shown.name in str(one) and f"the bar of {bar:g}" in str(one) for one in found)


def test_a_bar_of_an_unknown_group_names_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"'nowhere'.*It has: all"):
        shortfalls(run(), [Threshold(name="recall", value=0.1, group="nowhere")])
    with pytest.raises(InputError, match="'precision'"):
        shortfalls(run(), [Threshold(name="precision", value=0.1)])
