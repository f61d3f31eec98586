"""What the gate says of a run beside the accepted one: kept, worse, or too few to tell."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from evals.framework import gate, runner
from evals.framework.baselines import accept
from evals.framework.confidence import column
from evals.framework.results import Better, InputFile, Measurement, Outcome, Run
from evals.suites.drafting import DraftingSuite
from summarizer.errors import InputError

BETTER: Mapping[str, Better] = {"recall": "higher", "false alarms": "lower", "tokens": "lower"}
MARGINS = {"recall": 0.02, "false alarms": 0.02}


def measure(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    return {name: mean(column(outcomes, name)) for name in BETTER}


def mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def run(**values: Iterable[float | None]) -> Run:
    """A run with one outcome a document, given as a list of values by figure."""
    rows = zip(*values.values(), strict=True)
    outcomes = tuple(
        Outcome(key=f"k{n}", cluster=f"c{n}", group="g", values=dict(zip(values, row, strict=True)))
        for n, row in enumerate(rows)
    )
    figures = measure(outcomes)
    return Run(
        suite="verifier",
        created_at=dt.datetime(2026, 11, 29, tzinfo=dt.UTC),
        version={},
        inputs=(InputFile(name="rows.jsonl", sha256="a", rows=len(outcomes)),),
        outcomes=outcomes,
        measured=tuple(
            Measurement(group="all", name=name, value=value, n=len(outcomes), better=BETTER[name])
            for name, value in figures.items()
            if np.isfinite(value)
        ),
        seconds=1,
        peak_memory_mib=1,
    )


def caught(of: int, lost: int = 0, gained: int = 0) -> Run:
    """A run over ``of`` faults: first the lost ones, last the ones that only a gain catches."""
    return run(recall=[*[0.0] * lost, *[1.0] * (of - lost - 10), *[0.0] * (10 - gained),
                       *[1.0] * gained])  # fmt: skip


def verdicts(a: Run, b: Run, margins: Mapping[str, float] = MARGINS) -> dict[str, str]:
    return {f.difference.name: f.verdict for f in gate.findings(a, b, measure, margins)}


@pytest.mark.parametrize(
    ("of", "lost", "gained", "verdict"),
    [
        (83, 0, 0, "kept"),
        (83, 0, 2, "kept"),
        (83, 1, 0, "too few to tell"),
        (83, 8, 0, "worse"),
        (83, 8, 8, "kept"),
        (83, 4, 3, "too few to tell"),
        (2_000, 1, 0, "kept"),
        (2_000, 20, 0, "kept"),
        (2_000, 60, 0, "worse"),
        (14, 3, 0, "too few to tell"),
    ],
)
def test_lost_catches_beyond_the_margin_close_the_gate(
    of: int, lost: int, gained: int, verdict: str
) -> None:
    assert verdicts(caught(of), caught(of, lost, gained)) == {"recall": verdict}


@pytest.mark.parametrize(
    ("alarms", "verdict"), [(0, "kept"), (2, "too few to tell"), (40, "worse")]
)
def test_a_figure_that_had_better_be_low_is_lost_upwards(alarms: int, verdict: str) -> None:
    before = run(**{"false alarms": [0.0] * 200})
    after = run(**{"false alarms": [*[1.0] * alarms, *[0.0] * (200 - alarms)]})
    assert verdicts(before, after) == {"false alarms": verdict}
    assert verdicts(after, before) == {"false alarms": "kept"}


def test_a_token_more_does_not_gate() -> None:
    before = run(recall=[1.0] * 40, tokens=[4_000.0] * 40)
    after = run(recall=[1.0] * 40, tokens=[*[4_000.0] * 39, 4_001.0])
    assert verdicts(before, after) == {"recall": "kept"}
    assert not {"tokens", "cost", "seconds"} & DraftingSuite.margins.keys()


def test_two_runs_of_one_prompt_are_not_worse() -> None:
    """Stories that a model drafts anew: the same chances, other draws."""
    worse = 0
    for seed in range(100):
        generator = np.random.default_rng(seed)
        hard = generator.beta(8, 2, size=20)
        a, b = (run(recall=generator.binomial(20, hard) / 20) for _ in range(2))
        worse += verdicts(a, b)["recall"] == "worse"
    assert worse <= 5


def test_few_documents_are_too_few_to_tell_and_never_worse() -> None:
    before, after = run(recall=[1.0] * 4), run(recall=[0.0, 1.0, 1.0, 1.0])
    assert verdicts(before, after) == {"recall": "too few to tell"}
    assert verdicts(before, before) == {"recall": "kept"}


def test_a_figure_that_can_be_measured_no_more_is_worse() -> None:
    (found,) = gate.findings(run(recall=[1.0] * 9), run(recall=[None] * 9), measure, MARGINS)
    assert found.verdict == "worse"
    assert str(found) == "recall was 1.000 and can be measured no more"


def test_a_figure_is_not_kept_by_outcomes_that_are_gone() -> None:
    before = caught(100)
    fewer = before.model_copy(update={"outcomes": before.outcomes[20:]})
    (found,) = gate.findings(before, fewer, measure, MARGINS)
    assert found.verdict == "too few to tell"
    assert "20 of 100 outcomes are gone" in str(found)


def test_a_finding_says_the_loss_and_the_margin() -> None:
    (found,) = gate.findings(caught(83), caught(83, 8), measure, MARGINS)
    assert found.failed and not found.unsure
    for part in ("recall went from 0.880 to 0.783", "a loss of 0.0", "the margin is 0.02"):
        assert part in str(found)


def test_runs_of_other_data_are_not_gated() -> None:
    other = caught(83).model_copy(
        update={"inputs": (InputFile(name="summedits.jsonl", sha256="b", rows=83),)}
    )
    with pytest.raises(
        InputError, match=r"only the first is of rows\.jsonl \(.*\); .*summedits\.jsonl"
    ):
        gate.findings(caught(83), other, measure, MARGINS)


def test_an_accepted_run_gates_as_the_run_itself(tmp_path: Path) -> None:
    before, after = caught(83), caught(83, 8)
    kept = runner.load(accept(before, tmp_path))
    assert gate.findings(kept, after, measure, MARGINS) == gate.findings(
        before, after, measure, MARGINS
    )


def test_a_loss_in_one_of_several_figures_needs_more_than_a_chance_of_one() -> None:
    """Eight of a hundred documents: p is .003 alone, and doubled beside a second figure."""
    before = run(**{"recall": [1.0] * 100, "false alarms": [0.0] * 100})
    worse = [*[0.0] * 8, *[1.0] * 92]
    after = run(**{"recall": worse, "false alarms": [1 - value for value in worse]})
    alone = run(recall=[1.0] * 100), run(recall=worse)
    (one,), two = (gate.findings(*pair, measure, MARGINS) for pair in (alone, (before, after)))

    assert one.p_value == pytest.approx(0.003, abs=0.001)
    assert [f.p_value for f in two] == pytest.approx([2 * (one.p_value or 0)] * 2)
    assert {f.verdict for f in (one, *two)} == {"worse"}
