"""What was accepted, and that it is of the prompts, the suites and the samples of today."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from evals.framework import baselines, runner, versions
from evals.framework.results import Run
from summarizer.cli.eval import SUITES

ROOT = Path(__file__).parents[2]
BASELINES = {path.stem: runner.load(path) for path in baselines.BASELINES.glob("*.json")}


def unaccepted(current: Mapping[str, str], baselines: Mapping[str, Run]) -> dict[str, str]:
    """The prompt versions that no accepted run was made with."""
    accepted = {item for run in baselines.values() for item in run.version.items()}
    return {name: version for name, version in current.items() if (name, version) not in accepted}


def test_every_current_prompt_has_an_accepted_eval():
    missing = unaccepted(versions.of_prompts(), BASELINES)

    assert not missing, f"{missing}: run `make accept-evals`, look, and commit evals/baselines"


def test_a_changed_prompt_has_none():
    changed = versions.of_prompts() | {"prompt title": "2-0000000000"}

    assert unaccepted(changed, BASELINES) == {"prompt title": "2-0000000000"}


def test_ci_holds_every_suite_that_makes_a_baseline_against_it():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    run = re.findall(r"^SUITES := (.*)$", makefile, re.M)[0].split()

    assert sorted(run) == sorted(BASELINES)
    assert set(run) < set(SUITES)
    assert "make eval" in (ROOT / ".ci/run").read_text(encoding="utf-8")


@pytest.mark.parametrize("suite", BASELINES)
def test_a_baseline_holds_figures_and_no_outcomes(suite: str):
    baseline = BASELINES[suite]

    assert baseline.suite == suite
    assert baseline.outcomes == baseline.figures == ()
    assert any(figure.better for figure in baseline.measured)
