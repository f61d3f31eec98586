"""Tasks whose model fails are tried again at the end; a limit ends a run that can be resumed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evals.framework import runner
from evals.framework.attempts import RETRIES
from evals.framework.results import Better, Figure, InputFile, Outcome, Run, Task
from summarizer.errors import InputError, ModelAccessError, ModelError, OverloadedError

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


class Failing:
    """A suite of ten tasks, of which some fail a number of times before they give an outcome."""

    name = "failing"
    better: Mapping[str, Better] = {}
    margins: Mapping[str, float] = {}
    version: Mapping[str, str] = {}
    inputs: Sequence[InputFile] = ()

    def __init__(self, fails: Mapping[int, int], error: type[ModelError] = OverloadedError) -> None:
        self.fails = Counter(fails)
        self.error = error
        self.tried: list[int] = []

    def tasks(self) -> list[Task]:
        return [
            Task(f"t{n}", lambda n=n: self.judge(n), lambda error, n=n: self.failed(n, error))
            for n in range(10)
        ]

    def judge(self, n: int) -> list[Outcome]:
        self.tried.append(n)
        if self.fails[n]:
            self.fails[n] -= 1
            raise self.error("busy")
        return [Outcome(key=f"o{n}", cluster=f"c{n}", group="g", values={"value": n})]

    def failed(self, n: int, error: ModelError) -> list[Outcome]:
        values = {"value": None}
        return [Outcome(key=f"o{n}", cluster=f"c{n}", group="g", values=values, note=str(error))]

    def measure(self, outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        return {}

    def figures(self, outcomes: Sequence[Outcome]) -> Sequence[Figure]:
        return ()


def run(
    suite: Failing, out: Path | None = None, stop: runner.Stop | None = None, **more: bool | int
) -> Run:
    options = {"jobs": 1, "resume": False} | more
    return runner.run(suite, out=out, on_progress=lambda *_: None, now=NOW, stop=stop, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_task_whose_model_failed_is_tried_again_after_all_others(jobs: int) -> None:
    suite = Failing({2: 1, 5: RETRIES})
    made = run(suite, jobs=jobs)
    assert [o.values["value"] for o in made.outcomes] == list(range(10))
    assert sorted(suite.tried[:10]) == list(range(10))
    assert sorted(suite.tried[10:]) == [2, 5, 5]


def test_after_the_last_try_the_failure_is_the_outcome() -> None:
    suite = Failing({2: RETRIES + 1})
    made = run(suite)
    assert suite.tried.count(2) == RETRIES + 1
    assert [o.key for o in made.outcomes if o.note == "busy"] == ["o2"]
    assert made.incomplete is None


def test_a_resumed_run_tries_once_more_what_failed(tmp_path: Path) -> None:
    run(Failing({2: RETRIES + 1}), tmp_path)
    suite = Failing({})
    made = run(suite, tmp_path, resume=True)
    assert suite.tried == [2]
    assert [o.note for o in made.outcomes] == [None] * 10
    assert run(Failing({}), tmp_path, resume=True).outcomes == made.outcomes


def test_an_error_that_concerns_every_task_ends_the_run_at_once() -> None:
    suite = Failing({0: 1}, ModelAccessError)
    with pytest.raises(ModelAccessError):
        run(suite)
    assert suite.tried == [0]


def after(count: int) -> runner.Stop:
    return lambda outcomes: "Enough" if len(outcomes) >= count else None


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_run_that_reached_its_limit_says_so_and_goes_on_with_resume(
    tmp_path: Path, jobs: int
) -> None:
    made = run(Failing({}), tmp_path, after(4), jobs=jobs)
    assert 4 <= len(made.outcomes) < 4 + jobs
    assert made.incomplete == f"Enough, after {len(made.outcomes)} of 10 tasks"
    assert runner.load(tmp_path) == made

    with pytest.raises(InputError, match="cut off"):
        run(Failing({}), tmp_path)
    suite = Failing({})
    whole = run(suite, tmp_path, resume=True)
    assert len(suite.tried) == 10 - len(made.outcomes)
    assert (len(whole.outcomes), whole.incomplete) == (10, None)


def test_what_failed_before_the_limit_stays_open(tmp_path: Path) -> None:
    made = run(Failing({0: RETRIES + 1}), tmp_path, after(3))
    assert [o.key for o in made.outcomes] == ["o1", "o2", "o3"]


def test_a_limit_that_is_reached_at_the_start_leaves_a_run_without_outcomes() -> None:
    made = run(Failing({}), stop=after(0))
    assert (made.outcomes, made.incomplete) == ((), "Enough, after 0 of 10 tasks")
