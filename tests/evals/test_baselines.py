"""What was accepted, and that it can gate the suites and the prompts of today."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from evals.framework import baselines, runner, versions
from summarizer.cli import eval, saved_runs
from summarizer.drafting import prompts

ROOT = Path(__file__).parents[2]
BASELINES = {path.stem: runner.load(path) for path in baselines.BASELINES.glob("*.json")}


CURRENT = versions.of_prompts()


@pytest.mark.parametrize(
    ("made_with", "ungated"),
    [
        (CURRENT | {"model": "quill"}, ()),
        (CURRENT | {"prompt title": "2-0000000000"}, ("title",)),
        ({name: v for name, v in CURRENT.items() if name != "prompt judge"}, ("judge",)),
        (None, tuple(name.removeprefix("prompt ") for name in CURRENT)),
    ],
)
def test_a_prompt_is_gated_by_accepted_drafts_that_were_made_with_it(
    made_with: Mapping[str, str] | None, ungated: tuple[str, ...]
):
    run = None
    if made_with is not None:
        run = BASELINES["drafting"].model_copy(update={"version": made_with})
    assert baselines.ungated_prompts(CURRENT, run) == ungated


def test_a_changed_prompt_has_another_version(tmp_path: Path):
    for path in (ROOT / "prompts").glob("*.md"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"))
    title = tmp_path / "1-title.md"
    head = title.read_text(encoding="utf-8").rpartition("+++")[0]
    title.write_text(f"{head}+++\nInvent whatever you like.\n")
    before, after = (prompts.load(folder) for folder in (None, tmp_path))

    assert before.version("title") != after.version("title")
    assert before.version("sides") == after.version("sides")


def test_ci_holds_every_suite_that_makes_a_baseline_against_it():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    run = re.findall(r"^SUITES := (.*)$", makefile, re.M)[0].split()

    assert sorted(run) == sorted(BASELINES)
    assert set(run) < set(eval.SUITES)
    assert "make eval" in (ROOT / ".ci/run").read_text(encoding="utf-8")


@pytest.mark.parametrize("suite", BASELINES)
def test_a_baseline_can_gate(suite: str):
    baseline = BASELINES[suite]
    figures = {one.name for one in baseline.measured if one.better}
    gated = saved_runs._suite(suite).margins

    assert baseline.suite == suite
    assert baseline.outcomes and not baseline.figures
    assert gated.keys() & figures
    assert (baselines.BASELINES / f"{suite}.json").stat().st_size < 100_000


@pytest.mark.parametrize("suite", eval.SUITES)
def test_what_gates_has_a_better_way(suite: str):
    found = saved_runs._suite(suite)
    assert callable(found.measure)
    assert found.margins and all(margin > 0 for margin in found.margins.values())
    if suite != "injection":  # whose better ways are computed
        assert found.margins.keys() <= found.better.keys()
